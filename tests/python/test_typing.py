"""Type hints at run time, types of enum arguments, and deprecated methods."""

from __future__ import annotations

import asyncio
import inspect
import os
import subprocess
import sys
import typing
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import configcat_management
from configcat_management import AsyncClient, Client, changes, enums, models, observer, testing, types, when

OPTIONS: dict[str, Any] = {"username": "u", "password": "p", "base_url": "http://127.0.0.1:1"}
DEPRECATED = {
    "audit_logs.list_v1": "audit_logs.list",
    "audit_logs.list_for_organization_v1": "audit_logs.list_for_organization",
    "members.list_for_organization_v1": "members.list_for_organization",
}


def methods_of(owner: type) -> Iterator[tuple[str, Any]]:
    """Returns the methods of a class, with those of its base classes in this package."""
    for base in owner.__mro__:
        if base.__module__.startswith("configcat_management"):
            for name, member in vars(base).items():
                function = getattr(member, "fget", None) or getattr(member, "__func__", member)
                if inspect.isfunction(function) and (not name.startswith("_") or name in ("__init__", "__enter__", "__aenter__")):
                    yield f"{owner.__name__}.{name}", function


def resource_classes() -> list[type]:
    found = []
    for client_class in (Client, AsyncClient):
        client = client_class(**OPTIONS)
        names = {operation["resource"] for operation in configcat_management._native.describe()}
        found += [type(getattr(client, name)) for name in sorted(names)]
        client.close()
    return found


def public_classes() -> list[type]:
    from configcat_management._edit import AsyncEdit, Edit

    inputs = [getattr(models, name) for name in models.__all__ if not hasattr(getattr(models, name), "from_json")]
    exported = [getattr(configcat_management, name) for name in configcat_management.__all__]
    classes = [cls for cls in exported if inspect.isclass(cls) and cls.__module__.startswith("configcat_management._")]
    rest = [*classes, observer.Observer, Client, AsyncClient, Edit, AsyncEdit, testing.Simulator, testing.Clock, testing.Mirror, testing.AsyncMirror, changes.Document, changes.Plan, changes.Report, changes.Price, when.Attribute, when.Flag, when.Segment]
    return [*resource_classes(), *inputs, *rest]


def test_type_hints_of_every_method_can_be_evaluated() -> None:
    count = 0
    for owner in public_classes():
        for name, function in methods_of(owner):
            hints = typing.get_type_hints(function)
            names = set(inspect.signature(function).parameters) - {"self", "cls"}
            assert names <= set(hints), name
            assert not any(isinstance(hint, str) for hint in hints.values()), name
            count += 1
    assert count > 600
    for module in (when, configcat_management):
        for name in module.__all__:
            if inspect.isfunction(getattr(module, name)):
                assert "return" in typing.get_type_hints(getattr(module, name)), name


def test_type_hints_are_the_classes_of_the_package() -> None:
    hints = typing.get_type_hints(Client(**OPTIONS).products.create)
    assert hints["return"] is models.Product and hints["organization_id"] is str and hints["description"] == typing.Optional[str]
    listed = typing.get_type_hints(Client(**OPTIONS).tags.list)["return"]
    assert typing.get_origin(listed) is configcat_management.ModelList and typing.get_args(listed) == (models.Tag,)
    assert typing.get_type_hints(Client.__init__)["root_certificate"] is not None


def test_type_hints_import_nothing_until_they_are_asked_for() -> None:
    script = (
        "import sys; from configcat_management import Client; c = Client(username='u', password='p'); c.products; c.close();"
        "print(*sys.modules)"
    )
    path = str(Path(configcat_management.__file__).parents[1])
    run = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path})
    names = run.stdout.split()
    assert "configcat_management._generated.resources.products" in names
    for heavy in ("typing", "configcat_management._generated.types", "configcat_management._generated.inputs"):
        assert heavy not in names


def test_enum_arguments_are_typed_with_their_values() -> None:
    hints = typing.get_type_hints(Client(**OPTIONS).settings.create)
    kinds = typing.get_args(hints["setting_type"])
    assert enums.SettingType in kinds and enums.UnknownValue in kinds and str not in kinds
    literal = next(kind for kind in kinds if typing.get_origin(kind) is typing.Literal)
    assert set(typing.get_args(literal)) == {member.value for member in enums.SettingType}
    for name in enums.__all__:
        if name != "UnknownValue":
            values = {member.value for member in getattr(enums, name)}
            alias = typing.get_args(getattr(types, f"{name}Like"))
            assert {value for kind in alias for value in typing.get_args(kind)} == values, name


def test_deprecated_operations_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for owner in resource_classes():
        for name, function in methods_of(owner):
            if hasattr(function, "__deprecated__"):
                found[name] = function.__deprecated__
    assert len(found) == 2 * len(DEPRECATED)
    for name, instead in DEPRECATED.items():
        messages = [message for message in found.values() if f" {name} " in message]
        assert len(messages) == 2 and all(message.endswith(f"use {instead}") for message in messages)


def test_deprecated_operation_warns_its_caller(demo: testing.Simulator) -> None:
    async def awaited(organization: str) -> None:
        async with demo.async_client() as client:
            await client.members.list_for_organization_v1(organization)

    with demo.client() as client:
        organization = client.organizations.list()[0].organization_id
        message = "the service keeps members.list_for_organization_v1 for old clients; use members.list_for_organization"
        for call in (
            lambda: client.members.list_for_organization_v1(organization),
            lambda: client.with_response.members.list_for_organization_v1(organization),
            lambda: asyncio.run(awaited(organization)),
        ):
            with pytest.warns(DeprecationWarning, match=f"^{message}$") as caught:
                call()
            assert [warning.filename for warning in caught] == [__file__]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert client.members.list_for_organization(organization)
