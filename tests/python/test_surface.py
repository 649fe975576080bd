"""Public API: both clients have every operation, documented and with the same parameters."""

from __future__ import annotations

import inspect
import os
import pydoc
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import configcat_management
from configcat_management import AsyncClient, Client, ConfigurationError, _native
from configcat_management.testing import Simulator

OPERATIONS = _native.describe()
OPTIONS: dict[str, Any] = {"username": "u", "password": "p", "base_url": "http://127.0.0.1:1"}


def test_every_operation_of_the_spec_exists() -> None:
    spec = Path(__file__).parents[2] / "api" / "openapi.yaml"
    lines = spec.read_text(encoding="utf-8").splitlines()
    ids = [line.split()[1] for line in lines if line.startswith("      operationId: ")]
    assert len(ids) > 100 and sorted(ids) == sorted(operation["operationId"] for operation in OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o["id"])
def test_both_clients_have_the_documented_operation(operation: dict[str, Any]) -> None:
    found = []
    for client_class in (Client, AsyncClient):
        with_resources = client_class(**OPTIONS)
        method = getattr(getattr(with_resources, operation["resource"]), operation["method"])
        whole = getattr(getattr(with_resources.with_response, operation["resource"]), operation["method"])
        assert inspect.signature(method) == inspect.signature(whole)
        found.append(method)
        with_resources.close()
    sync, other = found
    assert inspect.iscoroutinefunction(other) and not inspect.iscoroutinefunction(sync)
    assert inspect.signature(sync) == inspect.signature(other) and sync.__doc__ == other.__doc__
    assert sync.__doc__ is not None and f"``{operation['http']} {operation['path']}``" in sync.__doc__
    parameters = inspect.signature(sync).parameters
    for name in parameters:
        assert f"    {name}: " in sync.__doc__
    places = [p["name"] for p in operation["parameters"] if p["required"]] + ["patch"] * operation["patch"]
    positional = [n for n, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert positional == places


def test_help_shows_signature_and_documentation() -> None:
    with Client(**OPTIONS) as client:
        text = pydoc.render_doc(client.products.create, renderer=pydoc.plaintext)
    for part in (
        "organization_id: 'str'",
        "name: 'str'",
        "description: 'str | None' = ABSENT",
        "Creates a product in an organization.",
        "``POST /v1/organizations/{organizationId}/products``",
        "name: Name. 1 to 1000 characters.",
        "Returns:",
        "Raises:",
        "BadRequestError:",
    ):
        assert part in text


def test_public_names_exist_and_are_documented() -> None:
    for name in configcat_management.__all__:
        value = getattr(configcat_management, name)
        if inspect.isclass(value) or inspect.ismodule(value):
            assert value.__doc__, name
    assert set(configcat_management.__all__) <= set(dir(configcat_management))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        configcat_management.nothing  # noqa: B018


def test_import_avoids_slow_modules() -> None:
    script = "import sys; before = set(sys.modules); import configcat_management; print(*set(sys.modules) - before)"
    # Without the site's own imports, and therefore without its packages.
    path = {**os.environ, "PYTHONPATH": str(Path(configcat_management.__file__).parents[1])}
    names = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, env=path).stdout.split()
    assert "configcat_management._client" in names
    for heavy in ("asyncio", "logging", "json", "http", "datetime", "inspect", "difflib", "threading", "typing", "ssl"):
        assert heavy not in names


def test_client_options_are_documented_and_equal() -> None:
    assert Client.__doc__ is not None
    for name in inspect.signature(Client).parameters:
        assert f"    {name}: " in Client.__doc__, name
    assert inspect.signature(Client) == inspect.signature(AsyncClient)


def test_with_options_shares_usage_and_closes_only_itself(demo: Simulator) -> None:
    with demo.client() as client:
        impatient = client.with_options(timeout=0.1, max_attempts=1)
        demo.add_fault(operation="me.get", delay_ms=500, times=1)
        with pytest.raises(TimeoutError):
            impatient.me.get()
        assert impatient.me.get(timeout=5).email == client.me.get().email
        assert impatient.usage.requests == client.usage.requests == 3
        impatient.close()
        assert client.me.get() and not client.closed


def test_with_response_returns_value_and_metadata(demo: Simulator) -> None:
    demo.add_fault(operation="products.list", status=503, times=1)
    with demo.client() as client:
        response = client.with_response.products.list()
        assert response.value == client.products.list()
        assert (response.status, response.attempts) == (200, 2) and response.elapsed > 0
        assert response.headers["Content-Type"].startswith("application/json") and "DATE" in response.headers
        assert response.rate_limit.in_flight == 0 and not response.already_deleted and response.waited >= 0
        assert repr(response).startswith("<Response 200 after")
        organization = client.organizations.list()[0].organization_id
        product = client.products.create(organization, name="Gone")
        deleted = client.with_response.products.delete(product.product_id)
        assert deleted.status == 204 and deleted.value is None


def test_missing_password_error_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFIGCAT_API_USER", "u")
    monkeypatch.delenv("CONFIGCAT_API_PASS", raising=False)
    with pytest.raises(ConfigurationError, match="CONFIGCAT_API_PASS"):
        AsyncClient()
