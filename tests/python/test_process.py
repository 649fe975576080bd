"""Calls and their process: signals, forks, threads, interpreter exit."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from configcat_management import CallCancelledError, Client, _native
from configcat_management.testing import Simulator

PRELUDE = """
import sys, time
from configcat_management import Client
url = sys.argv[1]
make = lambda **options: Client(username="simulator", password="simulator", base_url=url, no_proxy=True, **options)
client = make()
"""

not_windows = pytest.mark.skipif(sys.platform == "win32", reason="signals and fork are different there")


def script(text: str) -> str:
    return PRELUDE + textwrap.dedent(text)


def run(text: str, url: str, *flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *flags, "-c", script(text), url]
    return subprocess.run(command, capture_output=True, text=True, timeout=30)


def interrupted(text: str, url: str) -> float:
    """Sends Ctrl-C to a script and checks for a ``KeyboardInterrupt``. Returns the seconds until the call ended."""
    command = [sys.executable, "-c", script(text), url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        took = float(process.stdout.readline())
        errors = process.stderr.read()
        process.wait(5)
        assert "KeyboardInterrupt" in errors, errors
        return took


# The script itself measures the time, which excludes the exit of the interpreter.
MEASURED = """
import signal
caught = []
def note(*_):
    caught.append(time.monotonic())
    raise KeyboardInterrupt
signal.signal(signal.SIGINT, note)
print("ready", flush=True)
sent = time.monotonic()
try:
    {call}
except KeyboardInterrupt:
    print(time.monotonic() - sent - 0.3, flush=True)
    raise
"""


@not_windows
@pytest.mark.parametrize(
    "call",
    [
        "client.me.get()",
        "client.bulk([client.me.get] * 20, progress=False)",
        "client.with_response.me.get()",
        "list(client.rate_limit_changes())",
    ],
)
def test_ctrl_c_interrupts_a_call(call: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert interrupted(MEASURED.format(call=call), url) < 0.2


@not_windows
def test_ctrl_c_interrupts_a_rate_limit_wait() -> None:
    with Simulator(rate_limit="1/50") as simulator:
        call = "[client.me.get() for _ in range(5)]"
        assert interrupted(MEASURED.format(call=call), simulator.url) < 0.2


@not_windows
def test_ctrl_c_interrupts_a_retry_wait(demo: Simulator) -> None:
    demo.add_fault(operation="me.get", status=503, retry_after=30)
    assert interrupted(MEASURED.format(call="client.me.get()"), demo.url) < 0.2


@not_windows
def test_ctrl_c_interrupts_an_asyncio_call(demo: Simulator) -> None:
    demo.add_fault(operation="me.get", delay_ms=20_000)
    text = """
    import asyncio, signal
    from configcat_management import AsyncClient
    # A shell starts what runs in the background with the signal ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    other = AsyncClient(username="simulator", password="simulator", base_url=url, no_proxy=True)
    async def main():
        print("ready", flush=True)
        sent = time.monotonic()
        try:
            await other.me.get()
        finally:
            print(time.monotonic() - sent - 0.3, flush=True)
    asyncio.run(main())
    """
    assert interrupted(text, demo.url) < 0.2


def test_interrupt_cancels_a_call_in_another_thread(demo: Simulator) -> None:
    demo.add_fault(operation="me.get", delay_ms=10_000)
    interrupt = _native.Interrupt()
    caught: list[BaseException] = []

    def work() -> None:
        interrupt.watch()
        try:
            client.me.get()
        except CallCancelledError as error:
            caught.append(error)

    with demo.client() as client:
        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.2)
        interrupt.set()
        thread.join(1)
        assert not thread.is_alive() and "cancelled" in str(caught[0])


@not_windows
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_forked_child_can_use_new_and_inherited_clients(demo: Simulator) -> None:
    done = run(
        """
        import os
        client.me.get()
        child = os.fork()
        if child == 0:
            for one in (client, make(), client.with_options(timeout=5)):
                assert one.me.get(timeout=5).email == "simulator@example.com"
            os._exit(7)
        client.me.get()
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        client.me.get(timeout=5)
        client.close()
        """,
        demo.url,
        "-W",
        "ignore::DeprecationWarning",
    )
    assert (done.stdout, done.stderr) == ("7\n", "")


@not_windows
def test_fork_during_requests_does_not_hang(demo: Simulator) -> None:
    # As in servers that fork workers while other threads have requests in flight.
    done = run(
        """
        import os, threading
        client.products.list()
        client.me.get()
        stop = threading.Event()
        def work():
            while not stop.is_set():
                client.me.get()
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads: thread.start()
        codes = []
        for _ in range(10):
            child = os.fork()
            if child == 0:
                client.products.list(timeout=10)
                os._exit(3)
            codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        stop.set()
        for thread in threads: thread.join()
        client.close()
        print(codes)
        """,
        demo.url,
        "-W",
        "ignore::DeprecationWarning",
    )
    assert (done.stdout, done.stderr) == (f"{[3] * 10}\n", "")


def _email(url: str) -> str:
    with Client(username="simulator", password="simulator", base_url=url, no_proxy=True) as client:
        return client.me.get(timeout=10).email


@pytest.mark.parametrize("method", [m for m in ("fork", "forkserver", "spawn") if m in multiprocessing.get_all_start_methods()])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_multiprocessing_workers_can_make_calls(demo: Simulator, method: str) -> None:
    _email(demo.url)
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map_async(_email, [demo.url] * 4).get(30) == ["simulator@example.com"] * 4


@not_windows
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_simulator_survives_close_in_a_forked_child(demo: Simulator) -> None:
    child = os.fork()
    if child == 0:
        demo.close()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with demo.client() as client:
        assert client.me.get().email == "simulator@example.com"


def test_interpreter_exits_cleanly_during_calls(demo: Simulator) -> None:
    demo.add_fault(operation="me.get", delay_ms=1_000)
    done = run(
        """
        import threading
        for _ in range(5):
            threading.Thread(target=client.me.get, daemon=True).start()
        time.sleep(0.3)
        client.close()
        print("end", flush=True)
        """,
        demo.url,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "end\n", "")


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="threads are counted by /proc, which is Linux")
def test_only_asyncio_calls_start_threads_and_shutdown_stops_them(demo: Simulator) -> None:
    done = run(
        """
        import asyncio, os
        from configcat_management import AsyncClient, _native
        threads = lambda: len(os.listdir("/proc/self/task"))
        async def main():
            async with AsyncClient(username="simulator", password="simulator", base_url=url, no_proxy=True) as other:
                await other.me.get()
        client.me.get()
        client.close()
        blocking = threads()
        asyncio.run(main())
        before = threads()
        _native.shutdown()
        # The system takes some time to forget a thread that has ended.
        for _ in range(50):
            if threads() == 1: break
            time.sleep(0.02)
        print(blocking, before >= 4, threads())
        make().me.get()
        """,
        demo.url,
        "-W",
        "ignore::ResourceWarning",
    )
    assert done.stdout == "1 True 1\n" and done.returncode == 0, done.stderr


def test_32_threads_share_a_client(demo: Simulator) -> None:
    with demo.client() as client, ThreadPoolExecutor(32) as threads:
        people = list(threads.map(lambda _: client.me.get().email, range(500)))
    assert people == ["simulator@example.com"] * 500


def test_subinterpreter_import_is_rejected() -> None:
    names = ("_interpreters", "_xxsubinterpreters")
    text = (
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    try: interpreters = importlib.import_module(name); break\n"
        "    except ImportError: pass\n"
        "path = sys.path\n"
        "import configcat_management\n"
        "one = interpreters.create()\n"
        "code = f'import sys; sys.path = {path!r}\\ntry:\\n    import configcat_management\\n"
        "except ImportError as error:\\n    print(error, flush=True)'\n"
        "problem = interpreters.run_string(one, code)\n"
        "assert problem is None, problem\n"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=30)
    assert "interpreter" in done.stdout, (done.stdout, done.stderr)
