"""Hostile servers and proxy settings: nothing blocks the event loop, and nothing goes around a proxy."""

from __future__ import annotations

import asyncio
import gzip
import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from configcat_management import AsyncClient, BadRequestError, Client, DecodeError
from configcat_management.testing import Simulator

PRODUCT = (
    '{"organization":{"organizationId":"","name":""},"productId":"","name":"","description":null,"order":0,'
    '"reasonRequired":false,"approveRequired":false}'
)
MESSAGES = '{"errors":{"a":[' + "0," * (16 << 20) + "0]}}"


@contextmanager
def server(status: int, body: str) -> Iterator[str]:
    compressed = gzip.compress(body.encode(), 6)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-encoding", "gzip")
            self.send_header("content-length", str(len(compressed)))
            self.end_headers()
            self.wfile.write(compressed)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}"
        finally:
            http.shutdown()
            thread.join()


async def lag(work: asyncio.Task[object]) -> float:
    """Returns the longest time for which the event loop did nothing else during a task."""
    longest = 0.0
    while not work.done():
        before = time.monotonic()
        await asyncio.sleep(0.005)
        longest = max(longest, time.monotonic() - before)
    return longest


def measured(url: str, **options: object) -> tuple[float, BaseException | None, object]:
    async def run() -> tuple[float, BaseException | None, object]:
        async with AsyncClient(username="user", password="hunter2", base_url=url, **options) as client:  # type: ignore[arg-type]
            work: asyncio.Task[object] = asyncio.create_task(client.products.list())  # type: ignore[arg-type]
            longest = await lag(work)
            return longest, work.exception(), None if work.exception() else work.result()

    return asyncio.run(run())


def test_huge_error_does_not_block_the_event_loop() -> None:
    with server(400, MESSAGES) as url:
        longest, error, _ = measured(url)
    assert isinstance(error, BadRequestError)
    assert len(str(error)) < 4_000 and len(error.body) <= 16 << 10
    assert longest < 0.5


def test_undecodable_response_does_not_block_the_event_loop() -> None:
    with server(200, "[" + "[]," * (2 << 20) + "[]]") as url:
        longest, error, _ = measured(url)
    assert isinstance(error, DecodeError) and error.path == "[0]"
    assert longest < 0.5


def test_large_list_does_not_block_the_event_loop() -> None:
    with server(200, "[" + ",".join([PRODUCT] * 20_000) + "]") as url:
        longest, error, products = measured(url)
    assert error is None and isinstance(products, list) and len(products) == 20_000
    assert longest < 0.5


def test_response_is_decoded_within_the_timeout() -> None:
    with server(200, "[" + ",".join([PRODUCT] * 200_000) + "]") as url:
        options = {"username": "user", "password": "hunter2", "base_url": url}
        with Client(**options, timeout=0.5, max_attempts=1) as client:  # type: ignore[arg-type]
            begun = time.monotonic()
            try:
                client.products.list()
            except Exception as error:
                assert type(error).__name__ == "CallTimeoutError"
                # The rest is the time for leaving a busy interpreter.
                assert time.monotonic() - begun < 1.5


def test_small_text_cannot_become_large_values() -> None:
    # 30,000 objects, each of which is far larger in memory.
    with server(200, "[" + ",".join([PRODUCT] * 30_000) + "]") as url:
        options = {"username": "user", "password": "hunter2", "base_url": url}
        size = len(PRODUCT) * 30_000 + 60_000
        with Client(**options, max_response_size=size) as client:
            assert len(client.products.list()) == 30_000
    with server(200, "[" + "{}," * 500_000 + "{}]") as url, Client(**{**options, "base_url": url}) as client:
        with pytest.raises(DecodeError):
            client.products.list()


def run(text: str, url: str, **environment: str) -> subprocess.CompletedProcess[str]:
    prelude = "import sys\nfrom configcat_management import Client, ConfigurationError\nurl = sys.argv[1]\n"
    command = [sys.executable, "-c", prelude + textwrap.dedent(text), url]
    variables = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    variables.update(environment)
    return subprocess.run(command, capture_output=True, text=True, timeout=30, env=variables)


def test_proxy_variables_do_not_apply_to_this_machine(demo: Simulator) -> None:
    text = """
    with Client(username="simulator", password="simulator", base_url=url) as client:
        print(client.me.get().email)
    """
    # Nothing listens there: a request through it would fail.
    proxy = "http://127.0.0.1:9"
    names = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
    done = run(text, demo.url, **dict.fromkeys(names, proxy))
    assert done.stdout == "simulator@example.com\n", done.stderr


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_unusable_proxy_variable_is_a_configuration_error(name: str) -> None:
    text = """
    try:
        Client(username="user", password="hunter2", base_url=url)
    except ConfigurationError as error:
        print(error)
    """
    done = run(text, "https://api.example.com", **{name: "sock5://someone:word@127.0.0.1:9"})
    assert f'invalid {name} "sock5://***@127.0.0.1:9"' in done.stdout, done.stderr


def test_proxy_excludes_no_proxy() -> None:
    with pytest.raises(Exception, match="proxy and no_proxy exclude each other"):
        Client(username="user", password="hunter2", proxy="http://127.0.0.1:9", no_proxy=True)
