"""The asyncio client: cancellation, timeouts, task groups, event loops, threads, other frameworks."""

from __future__ import annotations

import asyncio
import gc
import inspect
import socket
import subprocess
import sys
import threading
import time
import warnings
from typing import Any

import pytest

from configcat_management import AsyncClient, CallTimeoutError, NotFoundError, RateLimitError, models
from configcat_management.testing import Simulator

MISSING = "20000000-0000-4000-8000-00000000ffff"


def test_async_client_calls_are_coroutines(demo: Simulator) -> None:
    async def main() -> None:
        async with demo.async_client() as client:
            products = await client.products.list()
            assert [p.name for p in products] == ["Web Shop", "Back Office"]
            whole = await client.with_response.products.list()
            assert whole.value == products and whole.status == 200 and whole.attempts == 1
            with pytest.raises(NotFoundError):
                await client.products.get(MISSING)
            with pytest.raises(TypeError, match="Products.get.. has no keyword tmeout; did you mean timeout?"):
                await client.products.get(MISSING, tmeout=1)  # type: ignore[call-arg]
            assert inspect.iscoroutinefunction(client.products.get)
            limited = client.with_options(timeout=0.05, max_attempts=1)
            demo.add_fault(operation="me.get", delay_ms=2_000)
            with pytest.raises(CallTimeoutError):
                await limited.me.get()
        assert client.closed
        with pytest.raises(RuntimeError, match="closed"):
            await client.me.get()

    asyncio.run(main())


def test_call_cancelled_while_waiting_for_permit_is_not_sent() -> None:
    async def main() -> None:
        async with simulator.async_client() as client:
            await client.me.get()
            await client.me.get()
            # The budget is used up: this call waits until the window ends.
            waiting = asyncio.ensure_future(client.tags.create(MISSING, name="x"))
            await asyncio.sleep(0.3)
            assert client.rate_limit.waiting == 1
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await asyncio.sleep(0.1)
            assert client.rate_limit.waiting == 0
            simulator.clock.advance(60)

    with Simulator(rate_limit="2/2") as simulator:
        asyncio.run(main())
        time.sleep(2.2)
        assert [entry["operation"] for entry in simulator.journal()] == ["me.get", "me.get"]


def test_call_cancelled_in_flight_closes_its_connection() -> None:
    async def main(port: int) -> None:
        async with AsyncClient(username="u", password="p", base_url=f"http://127.0.0.1:{port}", no_proxy=True) as client:
            call = asyncio.ensure_future(client.me.get())
            await asyncio.sleep(0.3)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert client.usage.requests == 1
            await asyncio.sleep(0.2)
            assert client.rate_limit.in_flight == 0

    with socket.create_server(("127.0.0.1", 0)) as server:
        received: list[bytes] = []

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(5)
                received.append(connection.recv(65_536))
                # The client has closed the connection: the server reads end of file.
                received.append(connection.recv(65_536))

        thread = threading.Thread(target=serve)
        thread.start()
        asyncio.run(main(server.getsockname()[1]))
        thread.join(6)
        assert not thread.is_alive() and received[0].startswith(b"GET /v1/me") and received[1] == b""


def test_asyncio_timeout_cancels_the_call(demo: Simulator) -> None:
    demo.add_fault(operation="me.get", delay_ms=5_000)

    async def main() -> None:
        async with demo.async_client() as client:
            start = time.monotonic()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.me.get(), 0.1)
            if sys.version_info >= (3, 11):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.1):
                        await client.me.get()
            assert time.monotonic() - start < 1

    asyncio.run(main())


@pytest.mark.skipif(sys.version_info < (3, 11), reason="TaskGroup is newer")
def test_task_group_error_cancels_other_calls(demo: Simulator) -> None:
    async def main() -> None:
        async with demo.async_client() as client:
            # The first response shows that there is no rate limit. Before it, only one call is in flight at a time.
            await client.me.get()
            demo.add_fault(operation="me.get", delay_ms=5_000)
            start = time.monotonic()
            with pytest.raises(ExceptionGroup) as caught:  # noqa: F821
                async with asyncio.TaskGroup() as group:
                    group.create_task(client.me.get())
                    group.create_task(client.products.get(MISSING))
            assert isinstance(caught.value.exceptions[0], NotFoundError)
            assert time.monotonic() - start < 2

    asyncio.run(main())


def test_200_concurrent_calls_succeed(demo: Simulator) -> None:
    async def main() -> None:
        async with demo.async_client() as client:
            people = await asyncio.gather(*(client.me.get() for _ in range(200)))
            assert people == [people[0]] * 200

    asyncio.run(main())


def test_one_client_serves_sequential_and_parallel_loops(demo: Simulator) -> None:
    client = demo.async_client()
    emails: list[str] = []

    def run() -> None:
        emails.append(asyncio.run(client.me.get()).email)

    for _ in range(3):
        run()
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    client.close()
    assert emails == ["simulator@example.com"] * 7


def test_loop_closed_during_a_call_leaves_client_usable(demo: Simulator) -> None:
    demo.add_fault(operation="me.get", delay_ms=200)
    client = demo.async_client()

    async def leave() -> None:
        asyncio.ensure_future(client.me.get())
        await asyncio.sleep(0.05)

    asyncio.run(leave())
    time.sleep(0.4)
    assert asyncio.run(client.products.list())
    client.close()


def test_fail_fast_raises_rate_limit_error() -> None:
    async def main() -> None:
        async with simulator.async_client(rate_limit="fail_fast") as client:
            with pytest.raises(RateLimitError):
                for _ in range(3):
                    await client.me.get()

    with Simulator(rate_limit="2/60") as simulator:
        asyncio.run(main())


def test_anyio_task_group_and_timeout_work_on_asyncio(demo: Simulator) -> None:
    anyio = pytest.importorskip("anyio")
    found: list[Any] = []

    async def main() -> None:
        async with demo.async_client() as client:

            async def read() -> None:
                found.append(await client.me.get())

            async with anyio.create_task_group() as group:
                for _ in range(5):
                    group.start_soon(read)
            demo.add_fault(operation="me.get", delay_ms=5_000)
            with anyio.move_on_after(0.1) as scope:
                await client.me.get()
            assert scope.cancelled_caught

    anyio.run(main)
    assert len(found) == 5 and isinstance(found[0], models.Me)


def test_trio_error_suggests_to_thread_run_sync(demo: Simulator) -> None:
    trio = pytest.importorskip("trio")

    async def main() -> None:
        client = demo.async_client()
        try:
            with pytest.raises(RuntimeError, match="trio.to_thread.run_sync"):
                await client.me.get()
        finally:
            client.close()
        with demo.client() as blocking:
            assert (await trio.to_thread.run_sync(blocking.me.get)).email == "simulator@example.com"

    trio.run(main)


def test_unclosed_client_emits_resource_warning(demo: Simulator) -> None:
    for make in (demo.client, demo.async_client):
        with pytest.warns(ResourceWarning, match="unclosed <.*Client"):
            make()
            gc.collect()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client = demo.async_client()
        other = client.with_options(timeout=1)
        del other
        asyncio.run(client.aclose())
        del client
        gc.collect()


def test_interpreter_exits_cleanly_after_cancelled_calls(demo: Simulator) -> None:
    demo.add_fault(operation="me.get", delay_ms=3_000)
    script = (
        "import asyncio\n"
        "from configcat_management import AsyncClient\n"
        f"client = AsyncClient(username='simulator', password='simulator', base_url={demo.url!r}, no_proxy=True)\n"
        "loop = asyncio.new_event_loop()\n"
        "tasks = [loop.create_task(client.me.get()) for _ in range(5)]\n"
        "loop.run_until_complete(asyncio.sleep(0.2))\n"
        "client.close()\n"
        "for task in tasks: task.cancel()\n"
        "loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))\n"
        "loop.close()\n"
        "print('end', flush=True)\n"
    )
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stdout, done.stderr) == (0, "end\n", "")
    assert time.monotonic() - start < 3
