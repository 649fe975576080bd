"""Interleaved measurement of contenders, and the records through which ``cargo xtask bench`` collects the figures."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

Contender = Callable[[], float]
"""Does its work and returns the seconds that it took."""


def timed(call: Callable[[], object], times: int = 1) -> Contender:
    """Return a contender that measures a call: the mean of `times` calls."""

    def run() -> float:
        start = time.perf_counter()
        for _ in range(times):
            call()
        return (time.perf_counter() - start) / times

    return run


def row(name: str, contenders: dict[str, Contender], rounds: int, table: str = "Python") -> None:
    """Run the contenders, ours first, and print a row. The order rotates, so that each is first equally often."""
    order = list(contenders)
    samples: dict[str, list[float]] = {contender: [] for contender in order}
    for i in range(rounds):
        for k in range(len(order)):
            contender = order[(i + k) % len(order)]
            samples[contender].append(contenders[contender]() * 1e3)
    for contender, times in samples.items():
        figures(name, contender, "ms", times, table)


def figures(row: str, contender: str, unit: str, values: list[float], table: str = "Python") -> None:
    """Print a record with the figures of one contender."""
    print("sample", table, row, contender, unit, " ".join(f"{value:.6f}" for value in values), sep="\t", flush=True)


def ready() -> None:
    """Tell ``cargo xtask bench`` that this process can be inspected, and wait until it was."""
    print(f"ready\t{os.getpid()}", flush=True)
    sys.stdin.readline()
