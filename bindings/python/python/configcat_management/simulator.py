"""Runs the simulator from a shell: ``python -m configcat_management.simulator --port 8080 --seed demo``.

The options are those of the program ``configcat-simulator``; ``--help`` lists them. Python tests start a simulator in
their own process, with :class:`configcat_management.testing.Simulator`.
"""

from __future__ import annotations

import signal
import sys

from ._native import run_simulator

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Runs the simulator until a signal ends it.

    Args:
        arguments: Options. Default: those of the command line.

    Returns:
        The exit status.
    """
    options = sys.argv[1:] if arguments is None else arguments
    # The simulator handles signals itself; otherwise Python would raise a KeyboardInterrupt in addition.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_simulator(["configcat-simulator", *options])


if __name__ == "__main__":
    sys.exit(main())
