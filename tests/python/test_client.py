"""The client against the simulator."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import Any

import pytest

import configcat_management
from configcat_management import ABSENT, Client, RateLimit, ServerError, enums
from configcat_management.testing import Simulator


def flag(client: Client, product: Any, setting_type: str = "boolean") -> tuple[Any, Any]:
    """Creates a flag and an environment for its values."""
    config = client.configs.create(product.product_id, name="Main", evaluation_version="v2")
    environment = client.environments.create(product.product_id, name="Production")
    return client.settings.create(config.config_id, name="Flag", key="flag", setting_type=setting_type), environment


def test_flag_is_created_replaced_and_patched(client: Client, product: Any) -> None:
    setting, environment = flag(client, product)
    assert setting.setting_type is enums.SettingType.BOOLEAN
    assert isinstance(setting.created_at, datetime) and setting.created_at.tzinfo is timezone.utc
    rule = {
        "conditions": [
            {
                "user_condition": {
                    "comparison_attribute": "Email",
                    "comparator": enums.UserComparator.CONTAINS_ANY_OF,
                    "comparison_value": {"list_value": [{"value": "@example.com"}]},
                }
            }
        ],
        "value": True,
    }
    first = client.flag_values.replace(
        environment.environment_id, setting.setting_id, default_value=False, targeting_rules=[rule]
    )
    assert first.default_value.value is False and first.targeting_rules[0].value.value is True
    # Values that were read can be sent back.
    second = client.flag_values.replace(
        environment.environment_id,
        setting.setting_id,
        default_value=first.default_value,
        targeting_rules=first.targeting_rules,
        latest_version_id=first.last_version_id,
    )
    assert second.targeting_rules == first.targeting_rules
    patch = [{"op": "replace", "path": "/defaultValue/boolValue", "value": True}]
    assert client.flag_values.patch(environment.environment_id, setting.setting_id, patch).default_value.value is True
    assert client.flag_values.patch(environment.environment_id, setting.setting_id, patch) is None
    with pytest.raises(configcat_management.ConflictError):
        client.flag_values.replace(
            environment.environment_id, setting.setting_id, default_value=True, latest_version_id=first.last_version_id
        )


def test_absent_and_none_differ(client: Client, product: Any) -> None:
    setting, _ = flag(client, product)
    client.settings.replace(setting.setting_id, name="A", hint="why")
    assert client.settings.replace(setting.setting_id, name="B", hint=None).hint is None
    changed = client.products.update(product.product_id, description="Sells", name=ABSENT)
    assert (changed.name, changed.description) == ("Shop", "Sells")


def test_models_compare_print_convert_and_are_read_only(client: Client, product: Any) -> None:
    again = client.products.get(product.product_id)
    assert again == product and again is not product
    assert repr(product).startswith("Product(organization=Organization(") and "name='Shop'" in repr(product)
    assert product.to_dict()["organization"]["name"] == "Simulated Organization"
    with pytest.raises(AttributeError):
        product.name = "other"


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda c, p: c.configs.create(p, name="x" * 256), "BadRequestError", "name: must have at most 255"),
        (lambda c, p: c.products.get("nope"), "BadRequestError", "product_id: must be a UUID"),
        (lambda c, p: c.configs.get(p), "NotFoundError", "404"),
        (lambda c, p: c.configs.create(p, nam="x"), "TypeError", "Configs.create() has no keyword nam; did you mean name?"),
        (lambda c, p: c.settings.create(p, name="x", key="x", setting_type="bolean"), "BadRequestError", "did you mean boolean"),
        (lambda c, p: c.configs.create(p, name=object()), "TypeError", "name: cannot send a object"),
        (lambda c, p: c.audit_logs.list(p, from_utc_date_time=datetime(2026, 1, 1)), "ValueError", "time zone"),
    ],
)
def test_invalid_calls_raise_descriptive_errors(client: Client, product: Any, call: Any, error: str, text: str) -> None:
    with pytest.raises(Exception) as caught:
        call(client, product.product_id)
    assert type(caught.value).__name__ == error
    assert text in str(caught.value)


def test_status_501_raises_server_error(client: Client, simulator: Simulator, product: Any) -> None:
    simulator.add_fault(operation="segments.list", times=1, status=501)
    with pytest.raises(ServerError, match="501"):
        client.segments.list(product.product_id)
    assert client.segments.list(product.product_id) == []


def test_misspelt_name_in_nested_input_has_a_suggestion(client: Client, product: Any) -> None:
    setting, environment = flag(client, product)
    with pytest.raises(TypeError, match="did you mean conditions?"):
        client.flag_values.replace(
            environment.environment_id, setting.setting_id, default_value=True, targeting_rules=[{"condition": []}]
        )


def test_bad_request_error_carries_details(client: Client, product: Any) -> None:
    flag(client, product)
    config = client.configs.list(product.product_id)[0]
    with pytest.raises(configcat_management.BadRequestError) as caught:
        client.settings.create(config.config_id, name="Again", key="flag", setting_type="boolean")
    error = caught.value
    assert (error.status, error.kind, error.attempts, error.operation) == (400, "bad_request", 1, "settings.create")
    assert "already in use" in error.field_errors["key"][0]
    assert b"already in use" in error.body


def test_missing_user_name_error_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONFIGCAT_API_USER", raising=False)
    with pytest.raises(configcat_management.ConfigurationError, match="CONFIGCAT_API_USER"):
        Client()


def test_client_reads_options_from_environment(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in simulator.environment.items():
        monkeypatch.setenv(name, value)
    with Client() as client:
        assert client.me.get().email == "simulator@example.com"
    with pytest.raises(RuntimeError, match="closed"):
        client.me.get()


def test_password_is_absent_from_repr_and_errors(simulator: Simulator) -> None:
    with simulator.client(username="somebody", password="hunter2hunter2") as client:
        with pytest.raises(configcat_management.AuthenticationError) as caught:
            client.me.get()
    assert "hunter2" not in repr(client) + repr(caught.value) + str(caught.value)


def test_pacing_waits_and_fail_fast_raises() -> None:
    with Simulator(rate_limit="5/1") as simulator:
        with simulator.client(max_attempts=1) as client:
            start = time.monotonic()
            for _ in range(12):
                client.me.get()
            # Two windows of one second. `Date` has a resolution of a second: each end is seen up to a second late.
            assert 1.9 < time.monotonic() - start < 5
            assert client.rate_limit.remaining is not None
        with simulator.client(rate_limit="fail_fast") as client:
            with pytest.raises(configcat_management.RateLimitError) as caught:
                for _ in range(12):
                    client.me.get()
            assert caught.value.retry_after is not None


def test_rate_limit_changes_yield_after_a_call() -> None:
    with Simulator(rate_limit="50/60") as simulator, simulator.client() as client:
        states = client.rate_limit_changes()
        assert iter(states) is states and next(states).remaining is None
        client.me.get()
        assert next(states).remaining == 49
        client.me.get()
        client.me.get()
        # States in between are left out.
        assert next(states).remaining == 47
        with ThreadPoolExecutor(1) as pool:
            change = pool.submit(next, states)
            client.me.get()
            assert change.result(60).remaining is not None
            end = pool.submit(list, states)
            client.close()
            assert end.result(60) == [] or end.result()[-1].remaining == 46
        assert list(states) == []
        with pytest.raises(RuntimeError, match="the client is closed"):
            client.rate_limit_changes()


def test_rate_limit_changes_are_an_asynchronous_iterator() -> None:
    async def main(simulator: Simulator) -> None:
        async with simulator.async_client() as client:
            states = client.rate_limit_changes()
            assert (await anext(states)).remaining is None
            await client.me.get()
            assert (await anext(states)).remaining == 49
            # A change that is waited for and not wanted any more does not end the iteration.
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.shield(waiting := asyncio.ensure_future(anext(states))), 0.01)
            await client.me.get()
            assert (await asyncio.wait_for(waiting, 60)).remaining is not None
            rest = asyncio.ensure_future(last(states))
        state = await asyncio.wait_for(rest, 60)
        assert state is None or state.remaining == 48

    async def last(states: AsyncIterator[RateLimit]) -> RateLimit | None:
        state = None
        async for state in states:
            pass
        return state

    with Simulator(rate_limit="50/60") as simulator:
        asyncio.run(main(simulator))


def test_16_threads_share_a_client(client: Client) -> None:
    results: list[str] = []
    threads = [threading.Thread(target=lambda: results.append(client.me.get().email)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert results == ["simulator@example.com"] * 16


def test_other_threads_run_while_a_call_waits() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = Client(username="u", password="p", base_url=url, no_proxy=True)
        caught: list[BaseException] = []

        def call() -> None:
            try:
                client.me.get(timeout=1)
            except configcat_management.CallTimeoutError as error:
                caught.append(error)

        thread = threading.Thread(target=call)
        thread.start()
        ticks = 0
        while thread.is_alive():
            time.sleep(0.01)
            ticks += 1
        client.close()
        assert ticks > 30 and isinstance(caught[0], TimeoutError)
