"""Exceptions: details, causes and pickling; logging."""

from __future__ import annotations

import asyncio
import logging
import pickle
import re
import socket
import time
from typing import Any

import pytest

import configcat_management
from configcat_management import Client, ConfigCatError, EditConflictError
from configcat_management.testing import Simulator

MISSING = "20000000-0000-4000-8000-00000000ffff"
CLASSES = [
    getattr(configcat_management, name) for name in configcat_management.__all__ if name.endswith("Error")
]


@pytest.mark.parametrize("error_class", CLASSES, ids=lambda c: c.__name__)
def test_every_exception_is_a_configcat_error_and_pickles(error_class: type[ConfigCatError]) -> None:
    error = error_class(
        "message", status=418, field_errors={"a": ["b"]}, request=("GET", "/x"), body=b"y", retry_after=1.5
    )
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is error_class and isinstance(error, ConfigCatError)
    assert (str(again), again.__dict__) == (str(error), error.__dict__) and again.request.path == "/x"


@pytest.mark.parametrize(
    ("status", "class_name"),
    [
        (400, "BadRequestError"),
        (401, "AuthenticationError"),
        (403, "PermissionDeniedError"),
        (404, "NotFoundError"),
        (408, "CallTimeoutError"),
        (409, "ConflictError"),
        (412, "ConflictError"),
        (422, "BadRequestError"),
        (429, "RateLimitError"),
        (500, "ServerError"),
        (501, "ServerError"),
        (503, "ServerError"),
    ],
)
def test_http_status_maps_to_exception_class(demo: Simulator, status: int, class_name: str) -> None:
    demo.add_fault(operation="products.get", status=status, body={"name": ["Not good."]})
    with demo.client(max_attempts=1, max_rate_limit_wait=0.1) as client:
        with pytest.raises(getattr(configcat_management, class_name)) as caught:
            client.products.get(MISSING)
    error = caught.value
    assert (error.status, error.attempts, error.operation) == (status, 1, "products.get")
    assert error.is_retryable == (status in (408, 429, 500, 503))
    assert error.request == ("GET", f"/v1/products/{MISSING}") and error.field_errors == {"name": ["Not good."]}
    assert b"Not good." in error.body and str(status) in str(error)


def test_connection_error_has_the_os_error_as_cause(demo: Simulator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with Client(username="u", password="p", base_url=f"http://127.0.0.1:{port}", no_proxy=True, max_attempts=1) as client:
        with pytest.raises(configcat_management.CallConnectionError) as refused:
            client.me.get()
    assert isinstance(refused.value.__cause__, ConnectionRefusedError) and isinstance(refused.value, ConnectionError)
    demo.add_fault(operation="me.get", bad_json=True)
    with demo.client() as client, pytest.raises(configcat_management.DecodeError):
        client.me.get()


def test_decode_error_names_the_json_path(demo: Simulator) -> None:
    demo.add_fault(operation="products.list", status=200, body=[{"productId": "p", "organization": {"name": 1}}])
    with demo.client() as client, pytest.raises(configcat_management.DecodeError) as caught:
        client.products.list()
    assert caught.value.path is not None and caught.value.path.startswith("[0].organization")


def test_authentication_error_message_includes_hint(demo: Simulator) -> None:
    with demo.client(username="nobody", password="x") as client:
        with pytest.raises(configcat_management.AuthenticationError, match="Check the user name and password"):
            client.me.get()


def test_hint_follows_one_full_stop() -> None:
    error = configcat_management.ConflictError("409 Conflict: key: Taken.")
    assert str(error) == "409 Conflict: key: Taken. Read the newer state and decide again"


def test_error_about_the_evaluation_version_names_the_other_resource(shop: Client) -> None:
    product = shop.products.list()[0]
    environment = shop.environments.list(product.product_id)[0]
    config = shop.configs.create(product.product_id, name="Old", evaluation_version="v1")
    with pytest.raises(configcat_management.BadRequestError, match="use client.values$"):
        shop.flag_values.get_all(config.config_id, environment.environment_id)
    with pytest.raises(configcat_management.BadRequestError) as other:
        shop.tags.create(MISSING, name="x" * 300)
    assert "use client" not in str(other.value)


def test_errors_name_server_limit_and_missing_entity(demo: Simulator) -> None:
    with demo.client() as client, pytest.raises(configcat_management.NotFoundError, match="/v1/settings/987654 does not"):
        client.settings.get(987654)
    with Client(username="u", password="p", base_url="http://127.0.0.1:9", max_attempts=1) as client:
        with pytest.raises(configcat_management.CallConnectionError, match="cannot connect to 127.0.0.1:9: "):
            client.me.get()
    demo.add_fault(operation="me.get", delay_ms=2_000)
    with demo.client(attempt_timeout=0.25, max_attempts=1) as client:
        with pytest.raises(configcat_management.CallTimeoutError, match="after 0.25 s .attempt_timeout. while waiting"):
            client.me.get()
    with pytest.raises(configcat_management.ConfigurationError, match="base_url ends in /v1, .* use https://x.example"):
        Client(username="u", password="p", base_url="https://x.example/v1").me.get()


def test_edit_conflict_error_is_a_conflict_error() -> None:
    assert issubclass(EditConflictError, configcat_management.ConflictError)


def test_debug_log_shows_attempts_without_credentials(demo: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    demo.add_fault(operation="me.get", status=503, times=1, retry_after=0)
    with caplog.at_level(logging.DEBUG, "configcat_management"), demo.client() as client:
        client.me.get()
    messages = [record.getMessage() for record in caplog.records if record.name == "configcat_management"]
    assert messages[0] == "me.get: attempt 1" and "me.get: attempt 1: 503 after" in messages[1]
    assert messages[2] == "me.get: attempt 2"
    assert "200 after" in messages[-1]
    assert not any("simulator:simulator" in message or "Basic" in message for message in messages)


def test_log_is_empty_at_info_level(demo: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "configcat_management"), demo.client() as client:
        client.me.get()
    assert caplog.records == []


@pytest.mark.parametrize("asynchronous", [False, True])
def test_long_wait_for_the_rate_limit_is_logged(asynchronous: bool, caplog: pytest.LogCaptureFixture) -> None:
    async def twice(simulator: Simulator) -> None:
        async with simulator.async_client() as client:
            await client.me.get()
            await client.me.get()

    with Simulator(rate_limit="1/3") as simulator, caplog.at_level(logging.INFO, "configcat_management"):
        if asynchronous:
            asyncio.run(twice(simulator))
        else:
            with simulator.client() as client:
                client.me.get()
                client.me.get()
        deadline = time.monotonic() + 5
        while not caplog.records and time.monotonic() < deadline:
            time.sleep(0.01)
    [record] = caplog.records
    assert record.levelno == logging.INFO
    assert re.fullmatch(r"me\.get: waits [234]\.\d\d s for the rate limit", record.getMessage())


def test_invalid_argument_error_names_field_and_operation(shop: Client) -> None:
    def refused(**changes: Any) -> configcat_management.BadRequestError:
        with pytest.raises(configcat_management.BadRequestError) as caught:
            shop.tags.create(MISSING, **{"name": "x", **changes})
        return caught.value

    error = refused(name="x" * 300)
    assert (error.attempts, error.operation) == (0, "tags.create") and "at most 255" in error.field_errors["name"][0]
    assert error.request == ("POST", "/v1/products/{productId}/tags")
