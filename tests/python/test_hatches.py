"""Escape hatches: extra headers, requests by method and path, what errors tell of a response, client certificates."""

from __future__ import annotations

import asyncio
import os
import pickle
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from configcat_management import (
    AsyncClient,
    BadRequestError,
    CallConnectionError,
    Client,
    ConfigCatError,
    ConfigurationError,
    NotFoundError,
)
from configcat_management.testing import Simulator

TOKEN = 's3cr3t/t0ken+"quoted"'
MISSING = "20000000-0000-4000-8000-00000000ffff"
RESERVED = ("Authorization", "proxy-authorization", "HOST", "Content-Length", "Content-Type", "Accept", "User-Agent")


def received(simulator: Simulator, name: str) -> list[str]:
    """Returns the values of a header in the latest request."""
    return [value for known, value in simulator.journal()[-1]["requestHeaders"] if known == name]


class Handler(BaseHTTPRequestHandler):
    """Responds with the next of the given statuses, and echoes a header. Status 0 closes the connection."""

    statuses: ClassVar[list[int]] = []
    requests: ClassVar[list[str]] = []

    def respond(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.requests.append(self.command)
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        self.close_connection = True
        if status == 0:
            return
        body = f'{{"message": "you sent {self.headers.get("x-gateway", "")}"}}'.replace('\\', "").encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("x-request-id", "17")
        self.send_header("x-echo", self.headers.get("x-gateway", ""))
        if status == 429:
            self.send_header("retry-after", "1")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = respond  # noqa: N815

    def log_message(self, *arguments: Any) -> None:
        """Prints nothing."""


@contextmanager
def server(*statuses: int) -> Iterator[tuple[str, type[Handler]]]:
    handler = type("Once", (Handler,), {"statuses": list(statuses), "requests": []})
    with HTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{served.server_port}", handler
        finally:
            served.shutdown()
            thread.join()


def client_of(url: str, **options: Any) -> Client:
    return Client(username="user", password="hunter2", base_url=url, no_proxy=True, **options)


def test_header_of_a_call_replaces_that_of_the_client(demo: Simulator) -> None:
    with demo.client(headers={"X-Team": "client", "X-Other": "kept"}) as client:
        client.me.get()
        assert received(demo, "x-team") == ["client"]
        other = client.with_options(headers={"x-team": "view"})
        other.me.get()
        assert (received(demo, "x-team"), received(demo, "x-other")) == (["view"], ["kept"])
        other.me.get(headers={"X-TEAM": "call"})
        assert (received(demo, "x-team"), received(demo, "x-other")) == (["call"], ["kept"])
        other.with_response.me.get(headers={"X-TEAM": "response"})
        assert received(demo, "x-team") == ["response"]
        other.with_options(timeout=9).me.get()
        assert received(demo, "x-team") == ["view"]


def test_header_that_the_client_sets_is_refused_before_sending(demo: Simulator) -> None:
    with demo.client() as client:
        for name in RESERVED:
            with pytest.raises(BadRequestError, match=f'header "{name}" is set by the client') as caught:
                client.me.get(headers={name: TOKEN})
            assert caught.value.attempts == 0 and TOKEN not in f"{caught.value!r} {vars(caught.value)}"
            with pytest.raises(ConfigurationError, match=f'header "{name}" is set by the client'):
                demo.client(headers={name: TOKEN})
        with pytest.raises(BadRequestError, match='"X-Note" has a value with a line break'):
            client.request("GET", "/v1/me", headers={"X-Note": "a\r\nb: c"})
        for wrong in (["X-Team"], {"X-Team": 1}, {1: "x"}):
            with pytest.raises(TypeError, match="headers: must be a mapping of names to strings"):
                client.me.get(headers=wrong)  # type: ignore[arg-type]
    assert demo.journal() == []


def test_raw_request_reads_and_writes(demo: Simulator, shop: Client) -> None:
    organizations = shop.request("GET", "/v1/organizations")
    path = f"/v1/organizations/{organizations.value[0]['organizationId']}/products"
    created = shop.request("post", path, body={"name": "Shop", "description": None})
    assert (created.status, created.value["name"], created.attempts) == (201, "Shop", 1)
    assert b'"name":"Shop"' in created.body and created.headers["content-type"].startswith("application/json")
    product = created.value["productId"]
    query = {"pageSize": 1, "auditLogType": ["productCreated"], "configId": None}
    logs = shop.request("GET", f"/v2/products/{product}/auditlogs", query=query)
    assert len(logs.value["data"]) == 1
    assert demo.journal()[-1]["query"] == "pageSize=1&auditLogType=productCreated"
    deleted = shop.request("DELETE", f"/v1/products/{product}")
    assert (deleted.status, deleted.value, deleted.body) == (204, None, b"")
    with pytest.raises(NotFoundError) as caught:
        shop.request("GET", f"/v1/products/{product}")
    assert caught.value.operation == f"GET /v1/products/{product}"


def test_invalid_raw_request_is_not_sent(demo: Simulator, shop: Client) -> None:
    for path in ("v1/me", "https://example.com/v1/me", "/v1/../me", "/v1/me?a=b", "/v1/me\n", "//example.com"):
        with pytest.raises(BadRequestError, match="not sent: invalid path") as caught:
            shop.request("GET", path)
        assert caught.value.attempts == 0
    with pytest.raises(BadRequestError, match="unknown method"):
        shop.request("TRACE", "/v1/me")
    with pytest.raises(TypeError, match="filter: a dictionary cannot be sent"):
        shop.request("GET", "/v1/me", query={"filter": {}})
    assert demo.journal() == []


def test_raw_get_waits_for_the_rate_limit_and_is_retried() -> None:
    with server(429, 200) as (url, _), client_of(url) as client:
        response = client.request("GET", "/v1/me")
        assert response.attempts == 2 and response.waited >= 0.9


@pytest.mark.parametrize(("method", "sent"), [("GET", 2), ("PUT", 2), ("POST", 1)])
def test_only_repeatable_raw_requests_are_sent_again(method: str, sent: int) -> None:
    with server(0, 200) as (url, handler), client_of(url) as client:
        if sent == 2:
            assert client.request(method, "/v1/x").attempts == 2
        else:
            with pytest.raises(CallConnectionError) as caught:
                client.request(method, "/v1/x", body={})
            assert caught.value.maybe_applied
        assert handler.requests == [method] * sent


def test_error_has_headers_method_and_path_template() -> None:
    with server(404) as (url, _), client_of(url) as client:
        with pytest.raises(NotFoundError) as caught:
            client.configs.get(MISSING)
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.method, error.path_template) == ("GET", "/v1/configs/{configId}")
    assert error.headers["X-Request-Id"] == "17"
    assert dict(ConfigCatError("nothing was received").headers) == {}


def test_echoed_value_of_a_header_is_masked() -> None:
    value = f"Bearer {TOKEN}"
    with server(400) as (url, _), client_of(url) as plain, client_of(url, headers={"X-Gateway": value}) as always:
        view = plain.with_options(headers={"X-Gateway": value})
        calls = (
            always.me.get,
            view.me.get,
            lambda: plain.me.get(headers={"X-Gateway": value}),
            lambda: plain.request("GET", "/v1/me", headers={"X-Gateway": value}),
        )
        for call in calls:
            with pytest.raises(BadRequestError) as caught:
                call()
            error = caught.value
            assert error.headers["x-echo"] == "***"
            assert "s3cr3t" not in f"{error} {error!r} {vars(error)}"
            assert b"s3cr3t" not in pickle.dumps(error)


def test_async_client_has_the_same_hatches(demo: Simulator) -> None:
    async def run() -> None:
        async with demo.async_client(headers={"X-Team": "client"}) as client:
            await client.me.get(headers={"x-team": "call"})
            assert received(demo, "x-team") == ["call"]
            response = await client.request("GET", "/v1/me", headers={"x-team": "raw"})
            assert (response.status, response.value["email"]) == (200, "simulator@example.com")
            assert received(demo, "x-team") == ["raw"]
            assert (await client.with_response.me.get()).body.startswith(b"{")
            with pytest.raises(NotFoundError) as caught:
                await client.request("GET", "/v1/nothing")
            assert (caught.value.operation, caught.value.method) == ("GET /v1/nothing", "GET")

    asyncio.run(run())


def test_unusable_client_certificate_is_refused() -> None:
    certificate = b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"
    for pem, reason in ((b"", "no certificate"), (certificate, "no private key")):
        with pytest.raises(ConfigurationError, match=f"invalid client_certificate: it holds {reason}"):
            client_of("https://localhost:9", client_certificate=pem)


@pytest.mark.skipif("MUTUAL_URL" not in os.environ, reason="run the tests by `cargo xtask test python`")
def test_client_certificate_is_sent_to_a_server_that_requires_one() -> None:
    url, trusted = os.environ["MUTUAL_URL"], os.environ["MUTUAL_AUTHORITY"].encode()
    with client_of(url, root_certificate=trusted, max_attempts=1) as client, pytest.raises(CallConnectionError):
        client.me.get()
    certificate = os.environ["MUTUAL_CERTIFICATE"].encode()
    with client_of(url, root_certificate=trusted, client_certificate=certificate) as client:
        with pytest.raises(BadRequestError) as caught:
            client.me.get()
        assert caught.value.status == 400

    async def run() -> None:
        options: dict[str, Any] = {"root_certificate": trusted, "client_certificate": certificate}
        async with AsyncClient(username="user", password="hunter2", base_url=url, no_proxy=True, **options) as other:
            with pytest.raises(BadRequestError):
                await other.me.get()

    asyncio.run(run())


def test_requests_are_sent_through_the_proxy() -> None:
    with Simulator() as simulator:
        # The simulator is the proxy of a host that does not exist.
        options: dict[str, Any] = {"username": "simulator", "password": "simulator", "base_url": "http://configcat.invalid"}
        with Client(**options, allow_http=True, proxy=simulator.url) as client:
            assert client.me.get().email == "simulator@example.com"
    with pytest.raises(ConfigurationError, match="root_certificate"):
        Client(**options, allow_http=True, root_certificate=b"no certificate")
