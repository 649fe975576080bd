"""Calls inside handlers that run during another call: signals, logs, destructors, weak references."""

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

EVERY_ACTION = ["call", "bulk", "new_client", "simulator", "event_loop", "close"]


def run(text: str, url: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    flags = ["-W", "ignore::ResourceWarning", "-W", "ignore::DeprecationWarning"]
    command = [sys.executable, *flags, "-c", PRELUDE + textwrap.dedent(text), url]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout)


def slow(demo: Simulator, times: int = 1) -> None:
    """Delays the next calls, so that a handler runs during them."""
    demo.add_fault(operation="me.get", delay_ms=300, times=times)


# Each context makes a call during which `act` runs.
CONTEXTS = {
    "signal_handler": """
        signal.signal(signal.SIGALRM, lambda *_: act())
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        slow_call()
        """,
    "signal_handler_during_bulk": """
        signal.signal(signal.SIGALRM, lambda *_: act())
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        client.bulk([client.me.get], progress=False).raise_for_errors()
        """,
    "signal_handler_in_event_loop": """
        signal.signal(signal.SIGALRM, lambda *_: act())
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        asyncio.run(slow_calls())
        """,
    "log_handler": """
        handle_logs(act)
        slow_call()
        """,
    "log_handler_on_a_thread": """
        handle_logs(act)
        thread = threading.Thread(target=slow_call)
        thread.start()
        thread.join()
        """,
    "log_handler_in_event_loop": """
        handle_logs(act)
        asyncio.run(slow_calls())
        until = time.monotonic() + 20
        while "close" not in done and time.monotonic() < until: time.sleep(0.01)
        """,
    "signal_handler_in_log_handler": """
        signal.signal(signal.SIGALRM, lambda *_: act())
        def busy():
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            until = time.monotonic() + 0.2
            while time.monotonic() < until: pass
        handle_logs(busy)
        slow_call()
        """,
    "destructor": """
        handle_logs(Finalized)
        slow_call()
        """,
    "destructor_of_a_cycle": """
        def run():
            cycle = Finalized()
            cycle.self = cycle
            del cycle
            gc.collect()
        handle_logs(run)
        slow_call()
        """,
    "weak_reference": """
        class Target: pass
        def run():
            target = Target()
            weakref.finalize(target, act)
            del target
        handle_logs(run)
        slow_call()
        """,
}


@not_windows
@pytest.mark.parametrize("context", CONTEXTS)
def test_handlers_may_make_calls_during_a_call(demo: Simulator, context: str) -> None:
    slow(demo)
    ended = run(CONTEXTS[context] + "\n        print(done)", demo.url)
    assert ended.stdout == f"{EVERY_ACTION}\n", (ended.stdout, ended.stderr)
    assert "panicked" not in ended.stderr


@not_windows
def test_endlessly_nested_calls_raise_an_error(demo: Simulator) -> None:
    slow(demo, 100)
    ended = run(
        """
        nested = []
        def again(*_):
            signal.setitimer(signal.ITIMER_REAL, 0.02)
            try:
                client.me.get()
            except ConfigCatError as error:
                signal.setitimer(signal.ITIMER_REAL, 0)
                nested.append(error)
        signal.signal(signal.SIGALRM, again)
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        client.me.get()
        print(len(nested), nested[0].kind, nested[0])
        """,
        demo.url,
    )
    assert ended.stdout.startswith("1 configuration more than 8 calls are nested"), (ended.stdout, ended.stderr)


def test_log_handler_that_makes_calls_ends(demo: Simulator) -> None:
    ended = run(
        """
        class Shipper(logging.Handler):
            def emit(self, record):
                records.append(record)
                client.me.get()
        records = []
        log.setLevel(logging.DEBUG)
        log.addHandler(Shipper())
        client.me.get()
        async def main():
            async with AsyncClient(**options) as other:
                await asyncio.gather(*(other.me.get() for _ in range(20)))
        asyncio.run(main())
        until = time.monotonic() + 20
        while len(records) < 42 and time.monotonic() < until: time.sleep(0.01)
        time.sleep(0.2)
        print(len(records))
        """,
        demo.url,
    )
    # An attempt and its outcome for each of the 21 calls, and nothing for the calls of the handler.
    assert ended.stdout == "42\n", (ended.stdout, ended.stderr)


def test_log_lines_of_an_event_loop_are_delivered_at_exit(demo: Simulator) -> None:
    ended = run(
        """
        class Slow(logging.Handler):
            def emit(self, record):
                time.sleep(0.02)
                print(record.getMessage(), flush=True)
        log.setLevel(logging.DEBUG)
        log.addHandler(Slow())
        async def main():
            async with AsyncClient(**options) as other:
                await asyncio.gather(*(other.me.get() for _ in range(10)))
        asyncio.run(main())
        """,
        demo.url,
    )
    lines = ended.stdout.splitlines()
    assert (len(lines), lines[0]) == (20, "me.get: attempt 1"), (ended.stdout, ended.stderr)


@not_windows
def test_ctrl_c_in_a_log_handler_interrupts_the_call(demo: Simulator) -> None:
    demo.add_fault(operation="me.get", delay_ms=5_000)
    ended = run(
        """
        signal.signal(signal.SIGINT, signal.default_int_handler)
        def press():
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1000): pass
        class Pressing(logging.Handler):
            def emit(self, record): press()
        log.setLevel(logging.DEBUG)
        log.addHandler(Pressing())
        before = time.monotonic()
        try:
            client.me.get()
        except KeyboardInterrupt:
            print(time.monotonic() - before < 2)
        """,
        demo.url,
    )
    assert ended.stdout == "True\n", (ended.stdout, ended.stderr)


@not_windows
def test_fork_in_a_signal_handler_ends_the_call_in_the_child(demo: Simulator) -> None:
    slow(demo)
    ended = run(
        """
        children = []
        signal.signal(signal.SIGALRM, lambda *_: children.append(os.fork()))
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        try:
            call()
        except ConfigCatError as error:
            call()
            os._exit(7 if error.kind == "cancelled" and children == [0] else 8)
        print(os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1]))
        """,
        demo.url,
    )
    assert ended.stdout == "7\n", (ended.stdout, ended.stderr)


def test_calls_survive_concurrent_shutdowns(demo: Simulator) -> None:
    ended = run(
        """
        stop = threading.Event()
        failed = []
        def work():
            while not stop.is_set():
                try:
                    call()
                except BaseException as error:
                    failed.append(error)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads: thread.start()
        until = time.monotonic() + 1.5
        while time.monotonic() < until: _native.shutdown()
        stop.set()
        for thread in threads: thread.join()
        print(failed)
        """,
        demo.url,
    )
    assert ended.stdout == "[]\n" and "panicked" not in ended.stderr, (ended.stdout, ended.stderr[:2000])


# Calls every function, constructor, method and attribute of `_native` with odd arguments.
SCAN = """
import inspect

class Hostile:
    def __getattr__(self, name): raise RuntimeError(name)
    def __index__(self): raise RuntimeError("index")
    def __float__(self): raise RuntimeError("float")
    def __str__(self): raise RuntimeError("str")
    def __iter__(self): raise RuntimeError("iter")
    def __hash__(self): raise RuntimeError("hash")
    def __eq__(self, other): raise RuntimeError("eq")
    def __bool__(self): raise RuntimeError("bool")
    def __len__(self): raise RuntimeError("len")

deep = []
for _ in range(100_000): deep = [deep]
cycle = {}
cycle["self"] = cycle
nan, inf = float("nan"), float("inf")
odd = [
    None, True, 0, -1, 1 << 31, 1 << 63, -(1 << 64), 10 ** 400, 0.0, -0.5, nan, inf, -inf, 1e19, 1.7e19, 1e300, 5e-324,
    "", "x", "\\0", "\\ud800", "\\U0010ffff" * 3, "a" * 100_000, "2026-13-45T99:99:99Z", b"", b"\\xff" * 9, [], [None], ["\\ud800"],
    {}, {"x": nan}, {1: 2}, {"\\ud800": 1}, {"timeout": 1e19}, {"timeout": nan}, {"max_attempts": 1 << 40}, {"port": 70_000},
    cycle, deep, set(), object(), object, Hostile(), {"body": Hostile()}, lambda: None, print, _native, _native.ABSENT,
]
bad = []
count = 0

def attempt(what, function, *arguments, **named):
    global count
    count += 1
    try:
        return function(*arguments, **named)
    except BaseException as error:
        if not isinstance(error, Exception):
            bad.append(f"{what}: {type(error).__name__}: {error}")

# These wait for a signal when their arguments are valid.
WAIT = {"run_simulator"}

def parameters(function):
    try:
        return len(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return None

def scan_function(what, function):
    number = parameters(function)
    for arguments in range(3) if number is None else [number]:
        for i, value in enumerate(odd):
            if what in WAIT and isinstance(value, (bytes, list, set, dict)):
                continue
            attempt(what, function, *[value] * arguments)
            attempt(what, function, *[odd[(i + 7 * k) % len(odd)] for k in range(arguments)] if what not in WAIT else [value])
    attempt(what, function, *[None] * 40)
    attempt(what, function, nonsense=1)

def scan_object(what, it):
    for name in dir(it):
        if name in ("__class__", "__subclasshook__", "__init_subclass__", "__reduce__", "__reduce_ex__"):
            continue
        member = attempt(f"{what}.{name}", getattr, it, name)
        if name.startswith("__") and not callable(member):
            continue
        if callable(member) and not isinstance(member, type):
            for value in odd:
                attempt(f"{what}.{name}", member, value)
            if not name.startswith("__"):
                scan_function(f"{what}.{name}", member)
    for operator in (repr, str, hash, len, iter, bool, dir):
        attempt(f"{operator.__name__}({what})", operator, it)

def scan_client():
    for name, values in {
        "timeout": odd, "attempt_timeout": odd, "connect_timeout": odd, "max_rate_limit_wait": odd,
        "max_attempts": odd, "max_response_size": odd, "base_url": odd, "proxy": odd, "user_agent": odd, "username": odd,
    }.items():
        for value in values:
            made = attempt(f"NativeClient({name})", _native.NativeClient, {"no_proxy": True, **good, name: value})
            if made is not None and isinstance(value, (int, float)):
                attempt(f"call after {name}={value}", made.call, "me.get", {}, None, None, None, True)
    native = _native.NativeClient(good)
    for value in odd:
        attempt(f"timeout {type(value)}", native.call, "me.get", {}, None, value, None, False)
        attempt(f"max_attempts {type(value)}", native.call, "me.get", {}, None, None, value, False)
        attempt(f"parameters {type(value)}", native.call, "tags.get", value, None, 1.0, 1, False)
        attempt(f"parameter {type(value)}", native.call, "tags.get", {"tag_id": value}, None, 1.0, 1, True)
        attempt(f"body {type(value)}", native.call, "tags.create", {"product_id": "x"}, value, 1.0, 1, False)
        attempt(f"name {type(value)}", native.call, "products.create", {"organization_id": "x"}, {"name": value}, 1.0, 1, False)
        inbox = attempt("Inbox", _native.Inbox, value)
        if inbox is not None:
            task = attempt("start", native.start, inbox, value, "me.get", {}, None, 1.0, 1, False)
            if task is not None:
                attempt("result", task.result)
                attempt("cancel", task.cancel)
            attempt("deliver", inbox.deliver)
    scan_object("NativeClient", native)

good = {"username": "simulator", "password": "simulator", "base_url": url, "no_proxy": True}

def scan_simulator():
    for name in ("port", "rate_limit", "rate_limit_reset", "seed", "seed_json", "journal", "username", "nonsense"):
        for value in odd:
            made = attempt(f"NativeSimulator({name})", _native.NativeSimulator, {name: value})
            if made is not None:
                attempt("stop", made.stop)
                attempt("stop", made.stop)

def scan_run_simulator():
    for arguments in (["--nonsense"], ["--port", "x"], ["--port", "70000"], ["\\ud800"], ["--seed", "\\0"]):
        attempt("run_simulator", _native.run_simulator, ["simulator", *arguments])

def scan_class(name, made):
    for value in odd:
        attempt(name, made)
        attempt(name, made, value)
        attempt(name, made, value, value)
        attempt(name, made, x=value)
    empty = attempt(name, made)
    if empty is not None and name not in ("NativeClient", "NativeSimulator"):
        scan_object(name, empty)

def scan(everything):
    names = [name for name in dir(_native) if not name.startswith("__")]
    classes = [name for name in names if isinstance(getattr(_native, name), type)]
    functions = [name for name in names if not isinstance(getattr(_native, name), type) and callable(getattr(_native, name))]
    assert len(functions) >= 8 and len(classes) >= 50, (functions, classes)
    for name in functions:
        scan_function(name, getattr(_native, name))
    for name in classes if everything else [name for name in classes if name.startswith("Native") or name in ("Inbox", "Interrupt", "Task")]:
        scan_class(name, getattr(_native, name))
    scan_client()
    scan_run_simulator()
    if everything:
        scan_simulator()

def finish():
    print(count > 1000, bad[:20], [text for text in done if "(" in text], flush=True)
    # The destructor of a nested list of this depth is not what is tested.
    os._exit(0)
"""

SCANS = {
    "plainly": "scan(True)",
    "on_a_thread": """
        thread = threading.Thread(target=scan, args=(False,))
        thread.start()
        thread.join()
        """,
    "in_a_signal_handler": """
        signal.signal(signal.SIGALRM, lambda *_: scan(False))
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        slow_call()
        """,
    "in_a_log_handler": """
        handle_logs(lambda: scan(False))
        slow_call()
        """,
    "in_a_log_handler_of_the_event_loop": """
        ended = threading.Event()
        handle_logs(lambda: (scan(False), ended.set()))
        asyncio.run(slow_calls())
        ended.wait(20)
        """,
}


@not_windows
@pytest.mark.parametrize("where", SCANS)
def test_no_entry_point_panics(demo: Simulator, where: str) -> None:
    slow(demo)
    ended = run(SCAN + textwrap.dedent(SCANS[where]) + "\nfinish()\n", demo.url, 120)
    assert (ended.returncode, ended.stdout) == (0, "True [] []\n"), (ended.returncode, ended.stdout, ended.stderr[-3000:])
    assert "panicked" not in ended.stderr, ended.stderr[-3000:]
