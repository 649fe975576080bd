"""Compare our client with httpx and requests with the json module, a generated client, and Node with axios.

Run by ``cargo xtask bench python``. Arguments: URL of the recorded responses, a config of 1,000 flags, one of 10,000,
and the command that runs Node.
"""

from __future__ import annotations

import asyncio
import importlib.util
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable

import httpx
import requests
from measure import Contender, figures, ready, row, timed

from configcat_management import AsyncClient, Client

url, small, large, *node = sys.argv[1:]
AUTH = ("simulator", "simulator")
ME = "/v1/me"


def flags(config: str) -> str:
    return f"/v1/configs/{config}/settings"


ours = Client(username=AUTH[0], password=AUTH[1], base_url=url, no_proxy=True)
by_httpx = httpx.Client(auth=AUTH, base_url=url, trust_env=False)
by_requests = requests.Session()
by_requests.auth = AUTH
by_requests.trust_env = False


def calls(path: str) -> dict[str, Callable[[], object]]:
    """Return the call of each synchronous client, ours first."""
    return {
        "this": call(path),
        "httpx": lambda: by_httpx.get(path).json(),
        "requests": lambda: by_requests.get(url + path).json(),
    }


def extra(path: str, times: int) -> dict[str, Contender]:
    """Return the generated client and Node, if they are available."""
    found: dict[str, Contender] = {}
    if generated is not None:
        found["generated"] = timed(lambda: generated(path), times)
    if axios is not None:
        found["Node, axios"] = lambda: statistics.fmean(axios(path) for _ in range(times))
    return found


generated: Callable[[str], object] | None = None
if importlib.util.find_spec("generated_client"):
    import generated_client

    connection = generated_client.ApiClient(
        generated_client.Configuration(host=url, username=AUTH[0], password=AUTH[1], ignore_operation_servers=True)
    )

    def operation(name: str) -> Callable[..., object]:
        """Return a method by its name: which class has it depends on the tags of the spec."""
        classes = [value for key, value in vars(generated_client).items() if key.endswith("Api")]
        return getattr(next(kind for kind in classes if hasattr(kind, name))(connection), name)

    get_me, get_settings = operation("get_me"), operation("get_settings")

    def generated(path: str) -> object:
        return get_me() if path == ME else get_settings(path.split("/")[3])


axios: Callable[[str], float] | None = None
if node:
    process = subprocess.Popen([*node, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def axios(path: str) -> float:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(f"{path}\n")
        process.stdin.flush()
        return float(process.stdout.readline()) / 1e3


def call(path: str) -> Callable[[], object]:
    return ours.me.get if path == ME else lambda: ours.settings.list(path.split("/")[3])


def contenders(path: str, times: int = 1) -> dict[str, Contender]:
    return {name: timed(c, times) for name, c in calls(path).items()} | extra(path, times)


# The first call of each client opens its connection.
for first in contenders(ME).values():
    first()
ready()
row("small call", contenders(ME, 20), 40)
row("1,000 flags", contenders(flags(small)), 30)
row("10,000 flags", contenders(flags(large)), 15)


def threads(call: Callable[[], object], count: int, each: int) -> Callable[[], object]:
    def run() -> None:
        workers = [threading.Thread(target=lambda: [call() for _ in range(each)]) for _ in range(count)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    return run


row("16 threads, 160 small calls", {name: timed(threads(c, 16, 10)) for name, c in calls(ME).items()}, 12)

loop = asyncio.new_event_loop()
ours_async = AsyncClient(username=AUTH[0], password=AUTH[1], base_url=url, no_proxy=True)
limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
httpx_async = httpx.AsyncClient(auth=AUTH, base_url=url, trust_env=False, limits=limits, timeout=60)


async def many(call: Callable[[], object]) -> None:
    await asyncio.gather(*(call() for _ in range(200)))  # type: ignore[call-overload]


async def by_httpx_async() -> object:
    return (await httpx_async.get(ME)).json()


row(
    "200 small calls at once",
    {
        "this": timed(lambda: loop.run_until_complete(many(ours_async.me.get))),
        "httpx.AsyncClient": timed(lambda: loop.run_until_complete(many(by_httpx_async))),
    },
    15,
    "Python, asyncio",
)


def importing(module: str) -> Contender:
    return timed(lambda: subprocess.run([sys.executable, "-c", f"import {module}" if module else ""], check=True))


modules = {"this": "configcat_management", "httpx": "httpx", "requests": "requests"}
if generated is not None:
    modules["generated"] = "generated_client"
row("start and import", {name: importing(module) for name, module in modules.items()}, 15)
# Current resident pages, not the peak, which would be inherited from this process.
MEMORY = "print(int(open('/proc/self/statm').read().split()[1]) * 4096 / 1e6)"


def megabytes(module: str) -> float:
    script = f"import {module}; {MEMORY}" if module else MEMORY
    return float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)


row("start", {"this": importing("configcat_management"), "bare Python": importing("")}, 15, "Python, process")
added = megabytes("configcat_management") - megabytes("")
figures("memory added by importing", "this", "MB", [added], "Python, process")
ours.close()
ours_async.close()
by_httpx.close()
loop.run_until_complete(httpx_async.aclose())
loop.close()
if node:
    process.terminate()
