"""Calls inside handlers that run during another call: signals, logs, destructors, weak references."""

from __future__ import annotations

import pytest
from handlers import not_windows, run, slow

from configcat_management.testing import Simulator

EVERY_ACTION = ["call", "bulk", "new_client", "simulator", "event_loop", "close"]

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
