"""Observers, credential providers and changes of the network."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import logging
import threading
import time
import weakref
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from handlers import not_windows, run

from configcat_management import AsyncClient, AuthenticationError, BadRequestError, Client, ConfigCatError
from configcat_management.observer import (
    AttemptEvent,
    BeginEvent,
    FinishedEvent,
    Observer,
    OutcomeEvent,
    WaitEvent,
)
from configcat_management.testing import Simulator

MISSING = "20000000-0000-4000-8000-00000000ffff"
both = pytest.mark.parametrize("asynchronous", [False, True], ids=["blocking", "asyncio"])


class Recorder(Observer):
    """Keeps every event, with the thread and the context in which it arrived."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.threads: set[int] = set()
        self.tags: set[str] = set()

    def keep(self, event: Any) -> None:
        self.events.append(event)
        self.threads.add(threading.get_ident())
        self.tags.add(tag.get())

    begin = attempt = wait = outcome = finished = keep

    def names(self) -> list[str]:
        return [type(event).__name__.removesuffix("Event").lower() for event in self.events]


tag = contextvars.ContextVar("tag", default="none")


def call(simulator: Simulator, asynchronous: bool, operation: Any, **options: Any) -> Any:
    """Makes a call with a client of its own, and returns its value."""
    if not asynchronous:
        with simulator.client(**options) as client:
            return operation(client)

    async def run() -> Any:
        async with simulator.async_client(**options) as client:
            return await operation(client)

    return asyncio.run(run())


@both
def test_events_of_a_call_are_typed_and_in_order(demo: Simulator, asynchronous: bool) -> None:
    demo.add_fault(operation="configs.list", status=503, times=1)
    recorder = Recorder()
    before = time.time()
    call(demo, asynchronous, lambda client: client.products.list(), observer=recorder)
    product = recorder.events[-1]
    recorder.events.clear()
    with demo.client() as other:
        product_id = other.products.list()[0].product_id
    call(demo, asynchronous, lambda client: client.configs.list(product_id), observer=recorder)
    assert recorder.names() == [
        "begin", "attempt", "outcome", "wait", "attempt", "outcome", "finished",
    ]  # fmt: skip
    begin, first, failed, wait, _, outcome, finished = recorder.events
    assert isinstance(begin, BeginEvent) and isinstance(first, AttemptEvent) and isinstance(wait, WaitEvent)
    assert isinstance(outcome, OutcomeEvent) and isinstance(finished, FinishedEvent)
    for event in recorder.events:
        assert (event.operation, event.method) == ("configs.list", "GET")
        assert event.path_template == "/v1/products/{productId}/configs"
    assert {event.call for event in recorder.events[1:]} == {first.call} and first.call > product.call
    assert (first.attempt, first.server_address, first.server_port) == (1, "127.0.0.1", int(demo.url.rsplit(":", 1)[1]))
    assert (failed.status, failed.error, failed.will_retry) == (503, "server", True)
    assert (wait.reason, wait.attempt) == ("retry", 2) and wait.expected > 0
    assert (outcome.status, outcome.error, outcome.will_retry, outcome.request_bytes) == (200, None, False, 0)
    assert outcome.response_bytes > 100
    assert (finished.attempts, finished.status, finished.error) == (2, 200, None)
    assert finished.elapsed >= finished.backoff >= wait.expected * 0.9 and finished.waited >= 0
    times = [event.time for event in recorder.events[1:]]
    assert times == sorted(times) and before <= times[0] <= time.time()
    assert repr(first).startswith(f"AttemptEvent(call={first.call}, operation='configs.list', method='GET'")


@both
def test_observer_runs_where_the_call_waits(demo: Simulator, asynchronous: bool) -> None:
    recorder = Recorder()
    tag.set("mine")
    call(demo, asynchronous, lambda client: client.me.get(), observer=recorder)
    assert (recorder.threads, recorder.tags) == ({threading.get_ident()}, {"mine"})


@both
def test_exception_of_an_observer_is_logged_and_ignored(
    demo: Simulator, asynchronous: bool, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Recorder):
        def outcome(self, event: OutcomeEvent) -> None:
            raise ValueError("a bug")

        def begin(self, event: BeginEvent) -> Any:
            return "no headers"

    recorder = Broken()
    assert call(demo, asynchronous, lambda client: client.me.get(), observer=recorder).email
    assert recorder.names() == ["attempt", "finished"]
    messages = [record.getMessage() for record in caplog.records if record.name == "configcat_management"]
    assert messages == ["the method begin of the observer failed", "the method outcome of the observer failed"]
    errors = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert [type(error) for error in errors] == [TypeError, ValueError]


@both
def test_object_with_one_method_is_an_observer(demo: Simulator, asynchronous: bool) -> None:
    class Small:
        seen: str | None = None

        def finished(self, event: FinishedEvent) -> None:
            self.seen = event.operation

    small = Small()
    call(demo, asynchronous, lambda client: client.me.get(), observer=small)
    assert small.seen == "me.get"
    with pytest.raises(TypeError, match="one of the methods begin, attempt, wait, outcome, finished, unlike object"):
        demo.client(observer=object())
    with pytest.raises(TypeError, match=r"must be an object, not the class Small; pass Small\(\)"):
        demo.client(observer=Small)  # type: ignore[arg-type]


@both
def test_observer_adds_headers_to_a_call(demo: Simulator, asynchronous: bool) -> None:
    class Headers(Observer):
        def begin(self, event: BeginEvent) -> dict[str, str]:
            return {"X-Operation": event.operation, "X-Team": "observer"}

    def get(client: Any) -> Any:
        return client.me.get(headers={"x-team": "call"})

    call(demo, asynchronous, get, observer=Headers(), headers={"X-Team": "client", "X-Other": "kept"})
    headers = dict(demo.journal()[-1]["requestHeaders"])
    assert (headers["x-operation"], headers["x-team"], headers["x-other"]) == ("me.get", "call", "kept")


class Signing(Observer):
    """Signs every attempt."""

    def __init__(self, name: str = "X-Token") -> None:
        self.name = name

    def begin(self, event: BeginEvent) -> dict[str, str]:
        return {"X-Team": "of the call"}

    def attempt(self, event: AttemptEvent) -> dict[str, str]:
        return {self.name: f"token-of-attempt-{event.attempt}", "x-team": "of the attempt"}


@both
def test_headers_of_an_attempt_are_made_for_each_one(demo: Simulator, asynchronous: bool) -> None:
    demo.add_fault(operation="me.get", status=503, times=1)
    call(demo, asynchronous, lambda client: client.me.get(), observer=Signing())
    sent = [dict(entry["requestHeaders"]) for entry in demo.journal(operation="me.get")]
    assert [headers["x-token"] for headers in sent] == ["token-of-attempt-1", "token-of-attempt-2"]
    assert [headers["x-team"] for headers in sent] == ["of the call"] * 2
    with pytest.raises(BadRequestError, match='header "Authorization" is set by the client') as caught:
        call(demo, asynchronous, lambda client: client.me.get(), observer=Signing("Authorization"))
    assert caught.value.attempts == 0 and len(demo.journal(operation="me.get")) == 2


@both
def test_headers_of_an_attempt_are_masked(demo: Simulator, asynchronous: bool) -> None:
    demo.add_fault(operation="me.get", status=400, body="token-of-attempt-1 is wrong")
    with pytest.raises(BadRequestError) as caught:
        call(demo, asynchronous, lambda client: client.me.get(), observer=Signing())
    assert "*** is wrong" in str(caught.value) and "token-of" not in f"{caught.value!r} {caught.value.body!r}"


@both
def test_jobs_have_headers_for_each_attempt(demo: Simulator, asynchronous: bool) -> None:
    call(demo, asynchronous, lambda client: client.export("Web Shop"), observer=Signing())
    entries = demo.journal()
    assert entries and all(dict(entry["requestHeaders"])["x-token"] == "token-of-attempt-1" for entry in entries)


def test_attempt_waits_for_its_headers_until_the_deadline(demo: Simulator) -> None:
    class Slow(Observer):
        def attempt(self, event: AttemptEvent) -> None:
            time.sleep(0.3)

    with pytest.raises(TimeoutError, match="waiting for the headers of the attempt"):
        call(demo, True, lambda client: client.with_options(timeout=0.1).me.get(), observer=Slow())
    assert demo.journal() == []


@both
def test_calls_of_an_observer_are_not_observed(demo: Simulator, asynchronous: bool) -> None:
    class Caller(Recorder):
        def finished(self, event: FinishedEvent) -> None:
            super().keep(event)
            with demo.client(observer=self) as client:
                client.products.list()

    recorder = Caller()
    call(demo, asynchronous, lambda client: client.me.get(), observer=recorder)
    assert {event.operation for event in recorder.events} == {"me.get"}
    assert demo.journal()[-1]["operation"] == "products.list"


@both
def test_refused_call_has_a_beginning_and_an_end(demo: Simulator, asynchronous: bool) -> None:
    recorder = Recorder()
    with pytest.raises(BadRequestError):
        call(demo, asynchronous, lambda client: client.products.create(MISSING, name=""), observer=recorder)
    assert recorder.names() == ["begin", "finished"]
    assert (recorder.events[1].error, recorder.events[1].attempts) == ("bad_request", 0)


def test_cancelled_task_ends_as_cancelled(demo: Simulator) -> None:
    demo.add_fault(operation="me.get", delay_ms=20_000)
    recorder = Recorder()

    async def main() -> None:
        async with demo.async_client(observer=recorder) as client:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.me.get(), 0.3)
            until = time.monotonic() + 5
            while recorder.names()[-1] != "finished" and time.monotonic() < until:
                await asyncio.sleep(0.01)

    asyncio.run(main())
    assert recorder.names() == ["begin", "attempt", "finished"]
    assert recorder.events[-1].error == "cancelled"


@not_windows
def test_interrupted_call_ends_as_cancelled(demo: Simulator) -> None:
    demo.add_fault(operation="me.get", delay_ms=20_000)
    script = """
        class Observer:
            def finished(self, event):
                print(event.operation, event.error)
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        try:
            Client(**options, observer=Observer()).me.get()
        except KeyboardInterrupt:
            print("interrupted")
        """
    assert run(script, demo.url).stdout.split("\n")[:2] == ["me.get cancelled", "interrupted"]


def test_events_of_concurrent_calls_have_their_own_ids(demo: Simulator) -> None:
    recorder = Recorder()
    with demo.client(observer=recorder) as client:
        together = threading.Barrier(2)

        def get() -> object:
            # Otherwise one thread may make all calls, if they are fast.
            together.wait(10)
            return client.me.get()

        client.bulk([get, get] + [client.me.get] * 18, concurrency=8, progress=False).raise_for_errors()
    calls = [event.call for event in recorder.events if isinstance(event, FinishedEvent)]
    assert len(set(calls)) == 20 and len(recorder.threads) > 1


def test_client_that_observes_itself_is_collected(demo: Simulator) -> None:
    class Owner(Observer):
        def __init__(self) -> None:
            self.client = demo.client(observer=self, headers={"X-A": "b"})

    owner = Owner()
    owner.client.me.get()
    owner.client.close()
    gone = weakref.ref(owner)
    del owner
    gc.collect()
    assert gone() is None


# Credential providers


@both
def test_provider_is_called_once_per_call(demo: Simulator, asynchronous: bool) -> None:
    threads: list[int] = []
    demo.add_fault(operation="me.get", status=503, times=1, retry_after=0)

    def credentials() -> tuple[str, str]:
        threads.append(threading.get_ident())
        return ("simulator", "simulator")

    async def twice(client: AsyncClient) -> None:
        await client.me.get()
        await client.me.get()

    def get(client: Any) -> Any:
        return twice(client) if asynchronous else [client.me.get(), client.me.get()]

    call(demo, asynchronous, get, username=None, password=None, credentials=credentials)
    assert threads == [threading.get_ident()] * 2


def test_coroutine_function_provides_credentials(demo: Simulator) -> None:
    async def credentials() -> tuple[str, str]:
        await asyncio.sleep(0.01)
        return ("simulator", "simulator")

    options: dict[str, Any] = {"username": None, "password": None, "credentials": credentials}
    assert call(demo, True, lambda client: client.me.get(), **options).email
    with pytest.raises(AuthenticationError, match="is a coroutine function: use AsyncClient"):
        call(demo, False, lambda client: client.me.get(), **options)


@both
@pytest.mark.parametrize(
    ("result", "message"),
    [
        (ValueError("the vault is sealed"), "ValueError: the vault is sealed"),
        ("simulator:simulator", r"must return \(username, password\), not str"),
        (("simulator", None), r"must return \(username, password\), not tuple"),
        (("a:b", "c"), "the user name must not be empty nor hold a colon"),
    ],
)
def test_failure_of_a_provider_is_an_authentication_error(
    demo: Simulator, asynchronous: bool, result: Any, message: str
) -> None:
    def credentials() -> Any:
        if isinstance(result, Exception):
            raise result
        return result

    with pytest.raises(AuthenticationError, match=message) as raised:
        call(
            demo,
            asynchronous,
            lambda client: client.me.get(),
            username=None,
            password=None,
            credentials=credentials,
        )
    assert raised.value.attempts == 0 and demo.journal() == []


def test_provided_credentials_are_masked(demo: Simulator) -> None:
    demo.add_fault(operation="me.get", status=400, body='{"message": "wrong: pa55word-of-vault"}')
    with demo.client(
        username=None, password=None, credentials=lambda: ("simulator", "pa55word-of-vault")
    ) as client:
        with pytest.raises(ConfigCatError) as raised:
            client.me.get()
        assert "wrong: ***" in str(raised.value) and b"pa55word" not in raised.value.body
        assert "pa55word" not in repr(client)


def test_provider_excludes_fixed_credentials(demo: Simulator) -> None:
    with pytest.raises(ValueError, match="credentials and username exclude each other"):
        Client(username="a", password="b", credentials=lambda: ("a", "b"))
    with pytest.raises(TypeError, match="credentials: must be a function"):
        Client(credentials=("a", "b"))  # type: ignore[arg-type]


@not_windows
def test_provider_can_be_interrupted(demo: Simulator) -> None:
    script = """
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        def credentials():
            time.sleep(10)
            return ("simulator", "simulator")
        options = dict(base_url=url, credentials=credentials, no_proxy=True)
        try:
            Client(**options).me.get()
        except KeyboardInterrupt:
            print("interrupted")
        """
    assert run(script, demo.url, timeout=4).stdout == "interrupted\n"


def test_provider_may_make_calls(demo: Simulator) -> None:
    with demo.client() as vault:

        def credentials() -> tuple[str, str]:
            return ("simulator", vault.me.get().email.split("@")[0])

        assert call(
            demo, False, lambda client: client.me.get(), username=None, password=None, credentials=credentials
        ).email


# Changes of the network


class Silent(BaseHTTPRequestHandler):
    """Sends nothing on the first connection, and a response on later ones."""

    def do_GET(self) -> None:
        self.server.requests += 1  # type: ignore[attr-defined]
        if self.server.requests == 1:  # type: ignore[attr-defined]
            self.rfile.read(1)
            return
        body = b'{"email":"a@example.com","fullName":"A"}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@both
def test_network_change_retries_a_stalled_attempt(asynchronous: bool) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    server.requests = 0  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options: dict[str, Any] = {
        "username": "a",
        "password": "b",
        "base_url": f"http://127.0.0.1:{server.server_port}",
        "no_proxy": True,
    }

    def change(client: Client | AsyncClient) -> None:
        until = time.monotonic() + 5
        while server.requests == 0 and time.monotonic() < until:  # type: ignore[attr-defined]
            time.sleep(0.01)
        client.network_changed()

    async def main() -> str:
        async with AsyncClient(**options) as client:
            call = asyncio.ensure_future(client.me.get())
            await asyncio.to_thread(change, client)
            return (await call).email

    begun = time.monotonic()
    if asynchronous:
        assert asyncio.run(main()) == "a@example.com"
    else:
        with Client(**options) as client:
            threading.Thread(target=change, args=(client,)).start()
            assert client.me.get().email == "a@example.com"
    assert time.monotonic() - begun < 10
    assert server.requests == 2  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def test_observer_and_debug_log_work_together(demo: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "configcat_management")
    recorder = Recorder()
    call(demo, False, lambda client: client.me.get(), observer=recorder)
    assert recorder.names()[-1] == "finished"
    assert any(record.getMessage() == "me.get: attempt 1" for record in caplog.records)
