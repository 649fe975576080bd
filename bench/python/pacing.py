"""Run one process of the pacing benchmark: calls, some concurrently, all with one client.

Run by ``cargo xtask bench pacing``. Arguments: URL of the service, number of calls, number of threads.
"""

from __future__ import annotations

import sys
import threading
import time

from configcat_management import Client

url, calls, at_once = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
left = iter(range(calls))
taking = threading.Lock()
ends: list[int] = []
start = time.monotonic()

with Client(username="simulator", password="simulator", base_url=url, no_proxy=True, max_attempts=20) as client:

    def worker() -> None:
        while True:
            with taking:
                if next(left, None) is None:
                    return
            client.me.get()
            ends.append(time.time_ns() // 1_000_000)

    workers = [threading.Thread(target=worker) for _ in range(at_once)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    usage = client.usage

if len(ends) != calls:
    sys.exit("a call failed")
print(usage.requests, usage.rate_limited, f"{time.monotonic() - start:.3f}")
print(*ends)
