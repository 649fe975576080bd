"""The command line ``configcat-management``, also as ``python -m configcat_management``."""

from __future__ import annotations

import signal
import sys

from ._native import run_command_line

__all__ = ["main"]


def main() -> int:
    """Runs the command line with the arguments of this process. Returns the exit status."""
    # It handles Ctrl-C itself; otherwise Python would raise a KeyboardInterrupt in addition.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform != "win32":
        # Python ignores it, and commands of ``rehearse`` would inherit that.
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    return run_command_line(["configcat-management", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
