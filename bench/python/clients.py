"""Our client beside httpx and requests, each with the json module, in turn. Run by ``cargo xtask bench python``."""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import httpx
import requests

from configcat_management import Client

url, small, large = sys.argv[1:]
AUTH = ("simulator", "simulator")

ours = Client(username=AUTH[0], password=AUTH[1], base_url=url, no_proxy=True)
by_httpx = httpx.Client(auth=AUTH, base_url=url, trust_env=False)
by_requests = requests.Session()
by_requests.auth = AUTH
by_requests.trust_env = False


def timed(call: Callable[[], object], times: int = 1) -> float:
    start = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - start) / times


def at_once(call: Callable[[], object]) -> Callable[[], object]:
    def run() -> None:
        threads = [threading.Thread(target=lambda: [call() for _ in range(10)]) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return run


def row(name: str, calls: list[Callable[[], object]], rounds: int, times: int = 1) -> None:
    """Runs the contenders in turn and prints medians and the ratios to ours."""
    samples: list[list[float]] = [[] for _ in calls]
    for i in range(rounds):
        for place in [(i + k) % len(calls) for k in range(len(calls))]:
            samples[place].append(timed(calls[place], times))
    medians = [statistics.median(s) * 1e3 for s in samples]
    text = "".join(f"{m:>11.3f} ms" for m in medians)
    for other in samples[1:]:
        ratios = sorted(o / m for o, m in zip(other, samples[0]))
        low, high = ratios[len(ratios) // 4], ratios[len(ratios) * 3 // 4]
        text += f"{statistics.median(ratios):>8.2f} x ({low:.2f} to {high:.2f})"
    print(f"{name:<22}{text}", flush=True)


def get(session: httpx.Client | requests.Session, path: str) -> object:
    prefix = url if isinstance(session, requests.Session) else ""
    return session.get(prefix + path).json()


def contenders(path: str, call: Callable[[], object]) -> list[Callable[[], object]]:
    return [call, lambda: get(by_httpx, path), lambda: get(by_requests, path)]


print(f"{'Python':<22}{'this':>14}{'httpx':>14}{'requests':>14}   httpx / this             requests / this")
me = contenders("/v1/me", ours.me.get)
row("small call", me, 60, 20)
row("small call, 16 threads", [at_once(call) for call in me], 12)
row("1,000 flags", contenders(f"/v1/configs/{small}/settings", lambda: ours.settings.list(small)), 40)
row("10,000 flags", contenders(f"/v1/configs/{large}/settings", lambda: ours.settings.list(large)), 15)


def importing(module: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-c", f"import {module}" if module else ""], check=True)


row("start and import", [importing(m) for m in ("configcat_management", "httpx", "requests")], 15)
plain = statistics.median(timed(importing("")) for _ in range(15))
with_us = statistics.median(timed(importing("configcat_management")) for _ in range(15))
print(f"import above bare Python: {(with_us - plain) * 1e3:.1f} ms")
