"""Interleaved measurement of contenders: medians, and ratios to the first."""

from __future__ import annotations

import statistics
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


def header(title: str, names: list[str]) -> None:
    """Print the names of the contenders, the first of which is ours."""
    print(f"\n{title:<24}" + "".join(f"{name:>13}" for name in names) + "   ratios to the first (quartiles)", flush=True)


def row(name: str, contenders: list[Contender], rounds: int) -> None:
    """Run the contenders and print a row. The order rotates, so that each contender is first equally often."""
    samples: list[list[float]] = [[] for _ in contenders]
    for i in range(rounds):
        for index in [(i + k) % len(contenders) for k in range(len(contenders))]:
            samples[index].append(contenders[index]())
    text = "".join(f"{statistics.median(s) * 1e3:>10.3f} ms" for s in samples)
    for other in samples[1:]:
        ratios = sorted(o / m for o, m in zip(other, samples[0]))
        low, high = ratios[len(ratios) // 4], ratios[len(ratios) * 3 // 4]
        text += f"{statistics.median(ratios):>8.2f} x ({low:.2f} to {high:.2f})"
    print(f"{name:<24}{text}", flush=True)
