"""No function of the native module panics or crashes, whatever its arguments are and wherever it is called."""

from __future__ import annotations

import textwrap

import pytest
from handlers import not_windows, run, slow

from configcat_management.testing import Simulator

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
    cycle, deep, set(), object(), object, Hostile(), {"body": Hostile()}, lambda: None, len, _native, _native.ABSENT,
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
        "headers": odd, "client_certificate": odd,
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
        attempt(f"headers {type(value)}", native.call, "me.get", {}, None, 1.0, 1, False, value)
        attempt(f"query {type(value)}", native.request, "GET", "/v1/me", value, None, 1.0, 1, {"x-odd": value})
        attempt(f"raw body {type(value)}", native.request, "POST", "/v1/x", [("a", value)], value, 1.0, 1, value)
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
    if not everything:
        # It ends the calls of the event loop without a result, as at the exit of the interpreter.
        functions.remove("shutdown")
    assert len(functions) >= 7 and len(classes) >= 50, (functions, classes)
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
