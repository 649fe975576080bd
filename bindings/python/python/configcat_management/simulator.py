"""Runs the simulator from a shell: ``python -m configcat_management.simulator --port 8080 --seed demo``.

The options are those of the program ``configcat-simulator``; ``--help`` shows them. Tests in Python start one in their
own process, with :class:`configcat_management.testing.Simulator`.
"""

from __future__ import annotations

import signal
import sys

from ._native import run_simulator

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Runs the simulator until a signal ends it.

    Args:
        arguments: Options; those of the command line when left out.

    Returns:
        The exit status.
    """
    given = sys.argv[1:] if arguments is None else arguments
    # The simulator catches signals by itself; Python would raise a KeyboardInterrupt on top.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_simulator(["configcat-simulator", *given])


if __name__ == "__main__":
    sys.exit(main())
