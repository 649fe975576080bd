"""Verification of webhook requests."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from configcat_management.testing import Simulator
from configcat_management.webhook import (
    ID_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    VerificationError,
    Verifier,
    sign,
    signed_headers,
)

KEY = "configcat_whsk_one"
BODY = b'{"flag": "on"}'
ID = "b616ca659d154a5fb907dd8475792eeb"


def call(key: str = KEY, age: float = 0, id: str = ID) -> dict[str, str]:
    timestamp = str(int(time.time() - age))
    return {ID_HEADER: id, TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: sign(key, id, timestamp, BODY)}


def test_valid_signature_passes_with_any_header_case() -> None:
    Verifier(KEY).verify(call(), BODY)
    Verifier("other", KEY).verify({name.upper(): value for name, value in call().items()}, BODY)
    Verifier(KEY, tolerance=None).verify(call(age=10_000), BODY)


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        (call("other"), BODY, "no signature matches"),
        (call(), b"changed", "no signature matches"),
        (call(age=1_000), BODY, "outside of the tolerance"),
        (call(id="1"), BODY, 'not "1"'),
        ({**call(), TIMESTAMP_HEADER: "now"}, BODY, 'must have 10 digits, not "now"'),
        ({**call(), SIGNATURE_HEADER: ""}, BODY, "signatures must be"),
        ({**call(), ID_HEADER.upper(): ID}, BODY, f"duplicate header {ID_HEADER}"),
        ({ID_HEADER: "1"}, BODY, f"missing header {TIMESTAMP_HEADER}"),
    ],
)
def test_invalid_webhook_request_is_rejected(headers: dict[str, str], body: bytes, text: str) -> None:
    with pytest.raises(VerificationError, match=text):
        Verifier(KEY).verify(headers, body)


def test_ids_of_any_form_are_accepted_on_request() -> None:
    Verifier(KEY, any_id=True).verify(call(id="1"), BODY)


@pytest.mark.parametrize(
    "headers",
    [
        list(call().items()),
        tuple(call().items()),
        [(name.lower().encode(), value.encode()) for name, value in call().items()],
    ],
)
@pytest.mark.parametrize("body", [bytearray(BODY), memoryview(BODY), array("b", BODY)])
def test_headers_may_be_pairs_and_the_body_bytes_like(headers: Any, body: Any) -> None:
    Verifier(KEY).verify(headers, body)
    with pytest.raises(VerificationError, match="no signature matches"):
        Verifier(KEY).verify(headers, memoryview(body)[1:])
    with pytest.raises(VerificationError, match=f"duplicate header {ID_HEADER}"):
        Verifier(KEY).verify([*headers, *headers], body)
    with pytest.raises(TypeError, match="bytes-like"):
        Verifier(KEY).verify(headers, BODY.decode())  # type: ignore[arg-type]


def test_headers_may_have_lists_of_values() -> None:
    lists = {name: [value] for name, value in call().items()}
    Verifier(KEY).verify(lists, BODY)
    Verifier(KEY).verify([(name, (value,)) for name, value in call().items()], BODY)
    with pytest.raises(VerificationError, match=f"duplicate header {ID_HEADER}"):
        Verifier(KEY).verify({**lists, ID_HEADER: [ID, ID]}, BODY)
    with pytest.raises(VerificationError, match=f"missing header {ID_HEADER}"):
        Verifier(KEY).verify({**lists, ID_HEADER: []}, BODY)


def test_signed_headers_are_ready_to_send() -> None:
    headers = signed_headers(KEY, "configcat_whsk_two", body=bytearray(BODY))
    assert list(headers) == [ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER]
    assert headers[ID_HEADER] != signed_headers(KEY, body=BODY)[ID_HEADER]
    for key in (KEY, "configcat_whsk_two"):
        Verifier(key).verify(headers, BODY)
    with pytest.raises(VerificationError, match="no signature matches"):
        Verifier("other").verify(headers, BODY)


def test_signed_headers_accept_id_and_timestamp() -> None:
    headers = signed_headers(KEY, body=BODY, id=ID, timestamp=1669629035.9)
    assert headers == {
        ID_HEADER: ID,
        TIMESTAMP_HEADER: "1669629035",
        SIGNATURE_HEADER: sign(KEY, ID, "1669629035", BODY),
    }
    with pytest.raises(VerificationError, match="outside of the tolerance"):
        Verifier(KEY).verify(headers, BODY)
    with pytest.raises(ValueError, match="need a signing key"):
        signed_headers("", body=BODY)


@pytest.mark.parametrize("tolerance", [-1, -0.001, float("nan"), float("-inf"), float("inf"), 1e300])
def test_unusable_tolerance_is_rejected(tolerance: float) -> None:
    with pytest.raises(ValueError, match="tolerance: must be 0 to 1e9"):
        Verifier(KEY, tolerance=tolerance)


def test_verifier_requires_a_key_and_hides_it() -> None:
    with pytest.raises(ValueError, match="needs a signing key"):
        Verifier("")
    assert KEY not in repr(Verifier(KEY))


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    received: list[tuple[dict[str, str], bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", received
    server.shutdown()
    thread.join()
    server.server_close()


def test_simulator_webhook_requests_are_valid(
    demo: Simulator, receiver: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    url, received = receiver
    product = "20000000-0000-4000-8000-000000000001"
    with demo.client() as client:
        config = client.configs.find(product, "Storefront").config_id
        environment = client.environments.find(product, "Test").environment_id
        webhook = client.webhooks.create(config, environment, url=url, http_method="post", content="changed")
        key = client.webhooks.get_signing_keys(webhook.webhook_id).key1
        flag = client.settings.find(config, "newCheckout")
        with client.flag_values.edit(environment, flag.setting_id) as draft:
            draft.default_value = not draft.default_value
    for _ in range(100):
        if received:
            break
        time.sleep(0.05)
    headers, body = received[0]
    assert key is not None
    Verifier(key).verify(headers, body)
    with pytest.raises(VerificationError):
        Verifier(key).verify(headers, body + b" ")
