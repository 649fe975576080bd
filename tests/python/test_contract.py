"""Contract vectors: each call sends exactly its request, and each response is decoded to its value."""

from __future__ import annotations

import asyncio
import json
import pickle
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from configcat_management import AsyncClient, Client, models
from configcat_management.enums import UnknownValue

VECTORS = Path(__file__).parents[1] / "contract"


def without_new_nulls(written: Any, wire: Any) -> Any:
    """Returns a value without the members that are None and absent from the wire.

    Handwritten vectors lack fields that the service has added since.
    """
    if isinstance(written, dict) and isinstance(wire, dict):
        kept = {name: value for name, value in written.items() if value is not None or name in wire}
        return {name: without_new_nulls(value, wire.get(name)) for name, value in kept.items()}
    if isinstance(written, list) and isinstance(wire, list) and len(written) == len(wire):
        return [without_new_nulls(item, other) for item, other in zip(written, wire)]
    return written


def load() -> list[Any]:
    files = [VECTORS / "tricky.json", *sorted((VECTORS / "generated").glob("*.json"))]
    return [vector for file in files for vector in json.loads(file.read_text(encoding="utf-8"))]


class Player(BaseHTTPRequestHandler):
    """Sends the response of the current vector and records the request."""

    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: with Nagle's algorithm, the second waits 40 ms for an acknowledgement.
    disable_nagle_algorithm = True
    response: dict[str, Any] = {}
    received: dict[str, Any] = {}

    def play(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        Player.received = {
            "method": self.command,
            "target": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": json.loads(body) if body else None,
        }
        content = Player.response["body"]
        payload = b"" if content is None else json.dumps(content).encode()
        self.send_response(Player.response["status"])
        if payload or Player.response["status"] != 204:
            self.send_header("content-length", str(len(payload)))
            self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = play

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def player() -> Iterator[str]:
    # One thread per connection: the client may open a second connection before the first is idle again.
    server = ThreadingHTTPServer(("127.0.0.1", 0), Player)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module", params=["sync", "async"])
def call(request: pytest.FixtureRequest, player: str) -> Iterator[Callable[..., Any]]:
    """Returns a function that calls a method by name, with the blocking or the asyncio client."""
    # One attempt and one call at a time, so that the received request belongs to the current call.
    options: dict[str, Any] = {"username": "user", "password": "pass", "base_url": player, "no_proxy": True}
    if request.param == "sync":
        with Client(max_attempts=1, **options) as client:
            yield lambda resource, method, args, kwargs: getattr(getattr(client, resource), method)(*args, **kwargs)
        return
    loop = asyncio.new_event_loop()
    other = AsyncClient(max_attempts=1, **options)
    yield lambda resource, method, args, kwargs: loop.run_until_complete(
        getattr(getattr(other, resource), method)(*args, **kwargs)
    )
    other.close()
    loop.close()


def spread(vector: Any) -> tuple[list[Any], dict[str, Any]]:
    """Splits arguments into positional ones (path, patch) and keywords."""
    arguments = dict(vector["arguments"])
    if "integration_link_type" in arguments:
        # Deliberately sends a type that is newer than this package.
        arguments["integration_link_type"] = UnknownValue(arguments["integration_link_type"])
    path_names = [name for name in arguments if name in PATH_NAMES and name not in body_names(vector)]
    positional = [arguments.pop(name) for name in path_names]
    if "patch" in arguments:
        positional.append(arguments.pop("patch"))
    return positional, {f"{k}_" if k == "from" else k: v for k, v in arguments.items()}


PATH_NAMES = {
    "change_request_id",
    "comment_id",
    "config_id",
    "environment_id",
    "integration_id",
    "integration_link_type",
    "invitation_id",
    "key",
    "organization_id",
    "permission_group_id",
    "product_id",
    "proxy_profile_id",
    "segment_id",
    "setting_id",
    "setting_key_or_id",
    "tag_id",
    "user_id",
    "webhook_id",
}


def body_names(vector: Any) -> set[str]:
    """Returns the names from ``PATH_NAMES`` that this operation has in the body or query instead of the path."""
    target = vector["request"]["target"].split("?")[0]
    arguments = vector["arguments"]
    return {name for name in PATH_NAMES & set(arguments) if encoded(arguments[name]) not in target.split("/")}


def encoded(value: Any) -> str:
    from urllib.parse import quote

    return quote(str(value), safe="-._~")


def same(actual: Any, expected: Any, at: str = "value") -> None:
    """Asserts that a decoded value equals the value in the vector."""
    if isinstance(expected, dict) and not isinstance(actual, dict):
        for name, value in expected.items():
            same(getattr(actual, f"{name}_" if name == "from" else name), value, f"{at}.{name}")
    elif isinstance(expected, list):
        assert len(actual) == len(expected), at
        for i, (a, e) in enumerate(zip(actual, expected)):
            same(a, e, f"{at}[{i}]")
    elif isinstance(actual, datetime):
        # Python 3.10 parses no other number of fractional digits.
        head, _, digits = expected.rstrip("Z").partition(".")
        timestamp = datetime.fromisoformat(f"{head}.{digits[:6]:0<6}+00:00")
        assert actual == timestamp and actual.tzinfo is timezone.utc, at
    elif isinstance(actual, Enum):
        assert actual.value == expected, at
    elif isinstance(actual, UnknownValue):
        assert str(actual) == expected, at
    elif isinstance(actual, dict):
        assert dict(actual) == expected, at
    else:
        assert (type(actual), actual) == (type(expected), expected), at


@pytest.mark.filterwarnings("ignore:the service keeps:DeprecationWarning")
@pytest.mark.parametrize("vector", load(), ids=lambda v: v["name"])
def test_call_matches_contract_vector(call: Callable[..., Any], vector: Any) -> None:
    resource, method = vector["operation"].split(".")
    positional, keywords = spread(vector)
    Player.response = vector["response"]
    Player.received = {}
    value = call(resource, method, positional, keywords)
    expected = vector["request"]
    assert (Player.received["method"], Player.received["target"]) == (expected["method"], expected["target"])
    assert Player.received["body"] == expected["body"]
    sent = Player.received["headers"]
    assert {name: sent.get(name) for name in expected["headers"]} == expected["headers"]
    assert sent["authorization"] == "Basic dXNlcjpwYXNz"
    assert sent["user-agent"].endswith("(python)")
    same(value, vector["value"])
    # `to_dict` returns the value as it was received.
    items = value if isinstance(value, list) else [] if value is None else [value]
    content = vector["response"]["body"]
    wire_items = content if isinstance(content, list) else [content]
    for item, wire in zip(items, wire_items):
        assert without_new_nulls(item.to_dict(), wire) == wire
        again = getattr(models, type(item).__name__).from_dict(wire)
        assert again == item and hash(again) == hash(item)
        assert pickle.loads(pickle.dumps(item)) == item
        assert type(item)(**{name: getattr(item, name) for name in type(item).__match_args__}) == item
        assert len(repr(item)) < 2_000
