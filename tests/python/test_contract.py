"""The contract vectors: every call makes exactly its request, every answer is decoded to its value."""

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
    """A value without the members that are None and that the wire does not have.

    A vector that is written by hand does not know the fields that the service adds.
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
    """Answers as the current vector says and keeps what it was asked."""

    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: without this the second one waits 40 ms for the first one's acknowledgement.
    disable_nagle_algorithm = True
    answer: dict[str, Any] = {}
    asked: dict[str, Any] = {}

    def play(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        Player.asked = {
            "method": self.command,
            "target": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": json.loads(body) if body else None,
        }
        answer = Player.answer["body"]
        payload = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(Player.answer["status"])
        if payload or Player.answer["status"] != 204:
            self.send_header("content-length", str(len(payload)))
            self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = play

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def player() -> Iterator[str]:
    # A thread per connection: the client may open a second one before the first is idle again.
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
    """Calls a method by name, with one client or the other."""
    # One attempt, one call at a time: what comes in is what this call sent.
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
    """Splits arguments into those by position (path, patch) and those by keyword."""
    given = dict(vector["arguments"])
    if "integration_link_type" in given:
        # A kind that is newer than this package is sent on purpose.
        given["integration_link_type"] = UnknownValue(given["integration_link_type"])
    place = [name for name in given if name in PATH_NAMES and name not in body_names(vector)]
    positional = [given.pop(name) for name in place]
    if "patch" in given:
        positional.append(given.pop("patch"))
    return positional, {f"{k}_" if k == "from" else k: v for k, v in given.items()}


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
    """Names that are in the path of some operations and in the body or query of others."""
    target = vector["request"]["target"].split("?")[0]
    given = vector["arguments"]
    return {name for name in PATH_NAMES & set(given) if encoded(given[name]) not in target.split("/")}


def encoded(value: Any) -> str:
    from urllib.parse import quote

    return quote(str(value), safe="-._~")


def same(actual: Any, expected: Any, at: str = "value") -> None:
    """Compares a decoded value with what the vector says of it."""
    if isinstance(expected, dict) and not isinstance(actual, dict):
        for name, value in expected.items():
            same(getattr(actual, f"{name}_" if name == "from" else name), value, f"{at}.{name}")
    elif isinstance(expected, list):
        assert len(actual) == len(expected), at
        for i, (a, e) in enumerate(zip(actual, expected)):
            same(a, e, f"{at}[{i}]")
    elif isinstance(actual, datetime):
        # Python 3.10 reads no other number of digits.
        head, _, digits = expected.rstrip("Z").partition(".")
        moment = datetime.fromisoformat(f"{head}.{digits[:6]:0<6}+00:00")
        assert actual == moment and actual.tzinfo is timezone.utc, at
    elif isinstance(actual, Enum):
        assert actual.value == expected, at
    elif isinstance(actual, UnknownValue):
        assert str(actual) == expected, at
    else:
        assert (type(actual), actual) == (type(expected), expected), at


@pytest.mark.parametrize("vector", load(), ids=lambda v: v["name"])
def test_vector(call: Callable[..., Any], vector: Any) -> None:
    resource, method = vector["operation"].split(".")
    positional, keywords = spread(vector)
    Player.answer = vector["answer"]
    Player.asked = {}
    value = call(resource, method, positional, keywords)
    expected = vector["request"]
    assert (Player.asked["method"], Player.asked["target"]) == (expected["method"], expected["target"])
    assert Player.asked["body"] == expected["body"]
    sent = Player.asked["headers"]
    assert {name: sent.get(name) for name in expected["headers"]} == expected["headers"]
    assert sent["authorization"] == "Basic dXNlcjpwYXNz"
    assert sent["user-agent"].endswith("(python)")
    same(value, vector["value"])
    # What came is what `to_dict` gives back.
    items = value if isinstance(value, list) else [] if value is None else [value]
    answer = vector["answer"]["body"]
    answers = answer if isinstance(answer, list) else [answer]
    for item, wire in zip(items, answers):
        assert without_new_nulls(item.to_dict(), wire) == wire
        again = getattr(models, type(item).__name__).from_dict(wire)
        assert again == item and hash(again) == hash(item)
        assert pickle.loads(pickle.dumps(item)) == item
        assert type(item)(**{name: getattr(item, name) for name in type(item).__match_args__}) == item
        assert len(repr(item)) < 2_000
