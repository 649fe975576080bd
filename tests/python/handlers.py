"""Scripts that make calls inside handlers: signals, logs, destructors. Each runs in its own process, which may crash."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from configcat_management.testing import Simulator

not_windows = pytest.mark.skipif(sys.platform == "win32", reason="signals are different there")

PRELUDE = """
import asyncio, gc, logging, os, signal, sys, threading, time, weakref
from configcat_management import AsyncClient, Client, ConfigCatError, _native
from configcat_management.testing import Simulator

url = sys.argv[1]
options = dict(username="simulator", password="simulator", base_url=url, no_proxy=True, timeout=10)
client = Client(**options)
email = "simulator@example.com"
log = logging.getLogger("configcat_management")
# Resources are imported on first use. A handler that runs during an import must not need the same module.
client.me, AsyncClient(**options).me

def call():
    assert client.me.get().email == email

def bulk():
    assert [me.email for me in client.bulk([client.me.get] * 3, progress=False).raise_for_errors()] == [email] * 3

def new_client():
    with Client(**options) as other:
        assert other.me.get().email == email
    del other
    gc.collect()

def simulator():
    with Simulator() as other, other.client() as its:
        assert its.me.get().email == email

def event_loop():
    async def main():
        async with AsyncClient(**options) as other:
            assert (await other.me.get()).email == email
    def run():
        asyncio.run(main())
    # A thread that runs an event loop cannot run another one.
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()

def close():
    other = Client(**options)
    other.me.get()
    other.close()

actions = [call, bulk, new_client, simulator, event_loop, close]
done = []

def act():
    for action in actions:
        action()
        done.append(action.__name__)

class Finalized:
    def __del__(self):
        act()

class Handler(logging.Handler):
    def __init__(self, run):
        super().__init__()
        self.run = run

    def emit(self, record):
        run, self.run = self.run, None
        if run is not None:
            try:
                run()
            except BaseException as error:
                done.append(repr(error))

def handle_logs(run):
    log.setLevel(logging.DEBUG)
    log.addHandler(Handler(run))

def slow_call():
    assert client.me.get().email == email

async def slow_calls():
    async with AsyncClient(**options) as other:
        found = await asyncio.gather(other.me.get(), other.me.get())
        assert [me.email for me in found] == [email] * 2
"""


def run(text: str, url: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    flags = ["-W", "ignore::ResourceWarning", "-W", "ignore::DeprecationWarning"]
    command = [sys.executable, *flags, "-c", PRELUDE + textwrap.dedent(text), url]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout)


def slow(demo: Simulator, times: int = 1) -> None:
    """Delays the next calls, so that a handler runs during them."""
    demo.add_fault(operation="me.get", delay_ms=300, times=times)
