"""Typical mistakes: each is refused before it does harm, and its error says what to do."""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

import pytest

import configcat_management
from configcat_management import AsyncClient, BadRequestError, Client, EditConflictError, _native
from configcat_management.testing import AdminError, Simulator
from configcat_management.webhook import Verifier, signed_headers

PRODUCT = "20000000-0000-4000-8000-000000000001"
TEST = "30000000-0000-4000-8000-000000000001"
FLAG = 3001


def test_model_in_place_of_its_id_names_the_attribute(shop: Client) -> None:
    product = shop.products.get(PRODUCT)
    tags = shop.tags.list(PRODUCT)
    requests = shop.usage.requests
    with pytest.raises(TypeError, match="^product_id: must be the id, not the Product; pass its product_id$"):
        shop.environments.list(product)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^tags\[0\]: must be the id, not the Tag; pass its tag_id$"):
        shop.settings.replace(FLAG, name="x", tags=tags)  # type: ignore[arg-type]
    assert shop.usage.requests == requests


def test_empty_id_is_refused_once(shop: Client) -> None:
    with pytest.raises(BadRequestError, match='^products.get: not sent: product_id: must not be ""$') as raised:
        shop.products.get("")
    assert raised.value.field_errors == {"product_id": ['must not be ""']}


def test_patch_that_is_no_list_is_named(shop: Client) -> None:
    with pytest.raises(BadRequestError, match="not sent: patch: must be a list"):
        shop.flag_values.patch(TEST, FLAG, {"op": "test"})  # type: ignore[arg-type]


@pytest.mark.parametrize("progress", [5, "bar", object(), Client])
def test_unusable_progress_is_refused_before_any_call(shop: Client, progress: Any) -> None:
    requests = shop.usage.requests
    with pytest.raises(TypeError, match="^progress: must be "):
        shop.bulk([shop.me.get] * 3, progress=progress)
    assert shop.usage.requests == requests


def test_progress_may_be_a_function(demo: Simulator, shop: Client) -> None:
    seen: list[int] = []
    shop.bulk([shop.me.get] * 5, progress=seen.append).raise_for_errors()
    assert seen == [1, 2, 3, 4, 5]

    async def run() -> None:
        async with demo.async_client() as client:
            await client.bulk([client.me.get] * 3, progress=seen.append)

    seen.clear()
    asyncio.run(run())
    assert seen == [1, 2, 3]


@pytest.mark.parametrize("calls", [None, 5, len])
def test_calls_that_are_no_list_are_refused(shop: Client, calls: Any) -> None:
    with pytest.raises(TypeError, match="^calls: must be a list or an iterator of functions without parameters, not "):
        shop.bulk(calls)


def test_edit_conflict_names_the_edit(shop: Client) -> None:
    with pytest.raises(EditConflictError, match="^flag_values.edit: others have changed it"):
        with shop.flag_values.edit(TEST, FLAG) as draft:
            shop.flag_values.replace(TEST, FLAG, default_value=False)
            draft.default_value = False


def test_client_in_the_wrong_kind_of_block_names_the_right_one(demo: Simulator) -> None:
    async def asynchronous() -> None:
        with demo.client() as client, pytest.raises(TypeError, match="for `async with`, use an AsyncClient"):
            async with client:  # type: ignore[attr-defined]
                pass

    asyncio.run(asynchronous())
    client: AsyncClient = demo.async_client()
    with pytest.raises(TypeError, match="for `with`, use a Client"):
        with client:  # type: ignore[attr-defined]
            pass
    client.close()


def test_misspelt_name_of_the_package_gets_a_suggestion() -> None:
    with pytest.raises(AttributeError, match="module 'configcat_management' has no attribute 'enum'") as raised:
        configcat_management.enum  # type: ignore[attr-defined]  # noqa: B018
    assert raised.value.name == "enum" and raised.value.obj is configcat_management
    assert traceback.format_exception_only(raised.type, raised.value)


@pytest.mark.parametrize("key", [5, b"configcat_whsk_A", ["configcat_whsk_A"], None])
def test_webhook_key_that_is_no_string_is_refused(key: Any) -> None:
    with pytest.raises(TypeError, match="^keys: must be strings, each an argument of its own, not "):
        Verifier(key)
    with pytest.raises(TypeError, match="^keys: must be strings, each an argument of its own, not "):
        signed_headers(key, body=b"")


def test_call_by_an_unknown_name_gets_a_suggestion(demo: Simulator) -> None:
    native = _native.NativeClient({"username": "simulator", "password": "simulator", "base_url": demo.url, "no_proxy": True})
    with pytest.raises(BadRequestError, match='^unknown operation "tags.lst"; did you mean tags.list'):
        native.call("tags.lst", {}, None, 1.0, 1, False)
    with pytest.raises(BadRequestError, match='^unknown edit "flag_value.edit"; did you mean flag_values.edit'):
        _native.EditSnapshot("flag_value.edit", {})


class TestSimulator:
    def test_operation_that_does_not_exist_is_refused(self, demo: Simulator) -> None:
        unknown = 'operation: unknown operation "tags.lst"; did you mean tags.list'
        with pytest.raises(AdminError, match=unknown):
            demo.add_fault(operation="tags.lst", status=503)
        with pytest.raises(AdminError, match=unknown):
            demo.verify("tags.lst", times=0)
        with pytest.raises(AdminError, match=unknown):
            demo.journal(operation="tags.lst")
        with pytest.raises(AdminError, match="tags.find sends the request of tags.list; use that name"):
            demo.verify("tags.find")
        assert demo.faults() == []

    def test_fault_that_could_not_happen_is_refused(self, demo: Simulator) -> None:
        with pytest.raises(AdminError, match="it has no effect: add one, such as a status, a delay or a reset"):
            demo.add_fault(operation="tags.list", times=1)
        with pytest.raises(AdminError, match="times: must be at least 1, not 0"):
            demo.add_fault(status=503, times=0)
        for use in (lambda: demo.add_fault(method="GTE", status=503), lambda: demo.journal(method="GTE")):
            with pytest.raises(AdminError, match='method: must be one of GET, .*, not "GTE"'):
                use()

    def test_seed_that_does_not_exist_is_named(self) -> None:
        with pytest.raises(ValueError, match=r'^seed: "dmo" is neither a seed \(empty, demo\) nor a file$'):
            Simulator(seed="dmo")
        with pytest.raises(ValueError, match="^seed: organisations: unknown field `organisations`"):
            Simulator(seed={"organisations": []})
