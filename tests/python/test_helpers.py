"""Client helpers: find by name, iterate over pages, edit, bulk calls."""

from __future__ import annotations

import asyncio
import functools
import io
import sys
import threading
import time
from typing import Any

import pytest

from configcat_management import (
    AmbiguousNameError,
    BadRequestError,
    Client,
    EditConflictError,
    NotFoundError,
    enums,
    models,
)
from configcat_management.testing import Simulator

PRODUCT = "20000000-0000-4000-8000-000000000001"


def flag(client: Client, key: str = "newCheckout") -> tuple[str, int]:
    """Returns the ids of the environment "Test" and of a flag of the shop."""
    config = client.configs.find(PRODUCT, "Storefront")
    environment = client.environments.find(PRODUCT, "Test")
    return environment.environment_id, client.settings.find(config.config_id, key).setting_id


class TestFind:
    def test_find_accepts_name_and_key(self, shop: Client) -> None:
        config = shop.configs.find(PRODUCT, "Storefront")
        by_key = shop.settings.find(config.config_id, "newCheckout")
        assert by_key == shop.settings.find(config.config_id, "New checkout")
        assert shop.products.find("Web Shop").product_id == PRODUCT

    def test_find_error_suggests_similar_names(self, shop: Client) -> None:
        with pytest.raises(NotFoundError, match="none has the name 'web shp'; did you mean 'Web Shop'?"):
            shop.products.find("web shp")
        with pytest.raises(NotFoundError, match="there are 2 others"):
            shop.products.find("zzz")

    def test_find_rejects_ambiguous_name(self, shop: Client) -> None:
        organization = shop.organizations.list()[0].organization_id
        shop.products.create(organization, name="Twin")
        shop.products.create(organization, name="Twin")
        with pytest.raises(AmbiguousNameError, match="2 have the name 'Twin'") as caught:
            shop.products.find("Twin")
        assert caught.value.kind == "conflict" and caught.value.operation == "products.list"
        ids = [p.product_id for p in shop.products.list() if p.name == "Twin"]
        assert len(ids) == 2 and all(i in str(caught.value) for i in ids)

    def test_find_in_an_empty_list_says_so(self, shop: Client) -> None:
        organization = shop.organizations.find("Corner Shop").organization_id
        empty = shop.products.create(organization, name="New").product_id
        with pytest.raises(NotFoundError, match="none has the name 'Main'; the list is empty"):
            shop.configs.find(empty, "Main")

    @pytest.mark.parametrize("name", ["", None, 1, b"x"])
    def test_find_refuses_invalid_names_before_sending(self, shop: Client, name: Any) -> None:
        requests = shop.usage.requests
        with pytest.raises((BadRequestError, TypeError), match="key_or_name: must "):
            shop.settings.find(PRODUCT, name)
        assert shop.usage.requests == requests

    def test_find_members_by_email_or_full_name(self, shop: Client) -> None:
        ada = shop.members.find_for_product(PRODUCT, "ada@shop.example")
        assert ada.full_name and ada == shop.members.find_for_product(PRODUCT, ada.full_name)

    def test_iterate_with_response_yields_pages(self, shop: Client) -> None:
        for number in range(5):
            shop.tags.create(PRODUCT, name=f"tag {number}")
        pages = list(shop.with_response.audit_logs.iterate(PRODUCT, page_size=2))
        found = [entry for page in pages for entry in page.value]
        assert found == list(shop.audit_logs.iterate(PRODUCT, page_size=2)) and len(found) >= 5
        assert all(page.status == 200 and page.attempts == 1 and len(page.value) <= 2 for page in pages)
        assert b'"paging"' in pages[0].body

    def test_edit_with_response_has_the_whole_response(self, shop: Client) -> None:
        environment, setting = flag(shop)
        edit = shop.with_response.flag_values.edit(environment, setting)
        with edit as draft:
            draft.default_value = not draft.default_value
        assert edit.result.status == 200 and "json" in edit.result.headers["content-type"]
        assert edit.result.value.default_value.value == shop.flag_values.get(environment, setting).default_value.value

    def test_find_with_response_has_item_and_metadata(self, shop: Client) -> None:
        response = shop.with_response.products.find("Web Shop")
        assert (response.value.product_id, response.status, response.attempts) == (PRODUCT, 200, 1)
        with pytest.raises(NotFoundError):
            shop.with_response.products.find("web shp")

    def test_find_works_with_asyncio(self, demo: Simulator) -> None:
        async def find() -> str:
            async with demo.async_client() as client:
                with pytest.raises(NotFoundError, match="did you mean 'Test'?"):
                    await client.environments.find(PRODUCT, "Tset")
                return (await client.environments.find(PRODUCT, "Test")).name

        assert asyncio.run(find()) == "Test"


class TestPages:
    def test_iterate_yields_every_item_once(self, demo: Simulator, shop: Client) -> None:
        for n in range(7):
            shop.tags.create(PRODUCT, name=f"tag {n}")
        whole = shop.audit_logs.list(PRODUCT, page_size=100).data
        demo.clear_journal()
        entries = list(shop.audit_logs.iterate(PRODUCT, page_size=5))
        assert entries == whole and len(entries) >= 7
        assert demo.verify("audit_logs.list") == -(-len(entries) // 5)

    def test_iterate_fetches_pages_lazily(self, demo: Simulator, shop: Client) -> None:
        entries = shop.audit_logs.iterate(PRODUCT, page_size=1)
        demo.verify("audit_logs.list", times=0)
        next(entries), next(entries)
        demo.verify("audit_logs.list", times=2)

    def test_iterate_works_with_asyncio(self, demo: Simulator) -> None:
        async def read() -> list[int]:
            async with demo.async_client() as client:
                return [entry.audit_log_id async for entry in client.audit_logs.iterate(PRODUCT, page_size=7)]

        ids = asyncio.run(read())
        assert len(ids) == len(set(ids)) > 7


class TestEdit:
    def test_edit_sends_only_changes(self, demo: Simulator, shop: Client) -> None:
        environment, setting = flag(shop)
        before = shop.flag_values.get(environment, setting)
        with shop.flag_values.edit(environment, setting, reason="Launch") as draft:
            assert isinstance(draft.default_value, bool)
            draft.default_value = not draft.default_value
            draft.targeting_rules = [
                models.UpdateTargetingRule(
                    conditions=[
                        models.UpdateCondition(
                            user_condition=models.UpdateUserCondition(
                                comparison_attribute="Email",
                                comparator=enums.UserComparator.IS_ONE_OF,
                                comparison_value={"list_value": [{"value": "a@example.com"}]},
                            )
                        )
                    ],
                    value=True,
                )
            ]
        [sent] = demo.journal(operation="flag_values.patch")
        assert [change["path"] for change in sent["requestBody"]] == ["/defaultValue/boolValue", "/targetingRules"] or [
            change["path"] for change in sent["requestBody"]
        ] == ["/defaultValue/boolValue", "/targetingRules/0"]
        after = shop.flag_values.get(environment, setting)
        assert after.default_value.value is not before.default_value.value and len(after.targeting_rules) == 1

    def test_edit_sends_nothing_if_unchanged_or_block_raised(self, demo: Simulator, shop: Client) -> None:
        environment, setting = flag(shop)
        with shop.flag_values.edit(environment, setting):
            pass
        with pytest.raises(ZeroDivisionError), shop.flag_values.edit(environment, setting) as draft:
            draft.default_value = not draft.default_value
            raise ZeroDivisionError
        demo.verify("flag_values.patch", times=0)

    def test_edit_conflict_error_carries_all_states(self, shop: Client) -> None:
        environment, setting = flag(shop, "bannerText")
        with pytest.raises(EditConflictError) as caught, shop.flag_values.edit(environment, setting, rebase=5) as draft:
            draft.default_value = "mine"
            shop.flag_values.replace(environment, setting, default_value="theirs")
        error = caught.value
        assert error.theirs.default_value.value == "theirs" and error.mine.default_value == "mine"
        assert error.base.default_value.value not in ("mine", "theirs") and error.status == 409
        assert error.patch[0]["value"] == "mine" and error.__cause__ is not None
        assert "json" in error.headers["content-type"] and error.method == "PATCH"
        assert error.path_template == "/v2/environments/{environmentId}/settings/{settingId}/value"
        assert shop.flag_values.get(environment, setting).default_value.value == "theirs"

    def test_edit_rebase_keeps_changes_of_other_members(self, shop: Client) -> None:
        environment, setting = flag(shop, "bannerText")
        first = shop.flag_values.replace(environment, setting, default_value="first")

        def edit(rebase: int) -> None:
            with shop.flag_values.edit(environment, setting, rebase=rebase) as draft:
                draft.default_value = f"mine {rebase}"
                shop.flag_values.replace(
                    environment,
                    setting,
                    default_value=first.default_value,
                    percentage_evaluation_attribute=f"Theirs{rebase}",
                )

        with pytest.raises(EditConflictError):
            edit(0)
        edit(1)
        after = shop.flag_values.get(environment, setting)
        assert (after.default_value.value, after.percentage_evaluation_attribute) == ("mine 1", "Theirs1")

    def test_edit_of_double_flag_accepts_whole_number(self, shop: Client) -> None:
        environment, setting = flag(shop, "discountFactor")
        with shop.flag_values.edit(environment, setting) as draft:
            draft.default_value = 3
        assert shop.flag_values.get(environment, setting).default_value.value == 3.0

    def test_edit_rejects_misspelt_attribute(self, shop: Client) -> None:
        environment, setting = flag(shop)
        with pytest.raises(AttributeError, match="did you mean default_value?"):
            with shop.flag_values.edit(environment, setting) as draft:
                draft.defualt_value = True  # type: ignore[attr-defined]

    def test_edit_works_with_asyncio(self, demo: Simulator, shop: Client) -> None:
        environment, setting = flag(shop)

        async def edit() -> None:
            async with demo.async_client() as client:
                async with client.flag_values.edit(environment, setting) as draft:
                    draft.default_value = not draft.default_value
                with pytest.raises(EditConflictError):
                    async with client.flag_values.edit(environment, setting) as draft:
                        draft.default_value = not draft.default_value
                        await client.flag_values.replace(environment, setting, default_value=draft.default_value)

        asyncio.run(edit())
        demo.verify("flag_values.patch", times=2)

    def test_edit_keeps_prerequisites_of_decimal_flags(self, demo: Simulator, shop: Client) -> None:
        environment, setting = flag(shop, "discountFactor")
        config = shop.configs.find(PRODUCT, "Storefront").config_id
        limit = shop.settings.create(config, key="limit", name="Limit", setting_type=enums.SettingType.INT)
        with shop.flag_values.edit(environment, setting) as draft:
            draft.targeting_rules = [
                {
                    "conditions": [
                        {
                            "prerequisite_flag_condition": {
                                "prerequisite_setting_id": limit.setting_id,
                                "comparator": "equals",
                                "prerequisite_comparison_value": 3,
                            }
                        }
                    ],
                    "value": 2,
                }
            ]
        [rule] = shop.flag_values.get(environment, setting).targeting_rules
        condition = rule.conditions[0].prerequisite_flag_condition
        assert condition is not None and condition.prerequisite_comparison_value.value == 3
        assert rule.value is not None and rule.value.value == 2.0

    def test_edit_changes_a_setting(self, demo: Simulator, shop: Client) -> None:
        _, setting = flag(shop)
        before = shop.settings.get(setting)
        with shop.settings.edit(setting) as draft:
            draft.hint = "Edited"
        [sent] = demo.journal(operation="settings.patch")
        assert [change["path"] for change in sent["requestBody"]] == ["/hint"]
        after = shop.settings.get(setting)
        assert (after.hint, after.tags, after.name) == ("Edited", before.tags, before.name)
        with shop.settings.edit(setting) as draft:
            draft.hint = "Edited"
        demo.verify("settings.patch", times=1)

    def test_edit_changes_a_value_of_a_v1_config(self, demo: Simulator, shop: Client) -> None:
        config = shop.configs.create(PRODUCT, name="Old", evaluation_version="v1")
        created = shop.settings.create(config.config_id, key="factor", name="Factor", setting_type="double")
        environment = shop.environments.list(PRODUCT)[0].environment_id
        with shop.values.edit(environment, created.setting_id) as draft:
            draft.value = 2
            draft.rollout_percentage_items = [{"percentage": 40, "value": 1}, {"percentage": 60, "value": 3}]
        after = shop.values.get(environment, created.setting_id)
        assert after.value == 2.0 and [item.percentage for item in after.rollout_percentage_items] == [40, 60]
        with shop.values.edit(environment, created.setting_id) as draft:
            draft.value = 2
        demo.verify("values.patch", times=1)

    def test_edit_by_sdk_key_changes_the_flag(self, shop: Client) -> None:
        config = shop.configs.find(PRODUCT, "Storefront")
        environment, setting = flag(shop)
        keys = shop.sdk_keys.get(config.config_id, environment)
        with shop.flag_values_by_sdk_key.edit("newCheckout", sdk_key=keys.primary) as draft:
            wanted = draft.default_value = not draft.default_value
        assert shop.flag_values.get(environment, setting).default_value.value is wanted


class Count:
    """Counter with the interface of ``tqdm``."""

    n = 0

    def update(self, n: int, /) -> None:
        self.n += n


class TestBulk:
    def test_bulk_outcomes_are_ordered_and_errors_isolated(self, shop: Client) -> None:
        count = Count()
        missing = "20000000-0000-4000-8000-00000000ffff"
        calls = [functools.partial(shop.products.get, p) for p in (PRODUCT, missing, PRODUCT)]
        result = shop.bulk(calls, concurrency=2, progress=count)
        assert [outcome.ok for outcome in result] == [True, False, True] and count.n == 3
        assert [p.name for p in result.values] == ["Web Shop"] * 2
        assert isinstance(result.failed[0].error, NotFoundError) and result.failed[0].index == 1
        with pytest.raises(NotFoundError):
            result.raise_for_errors()

    def test_bulk_calls_share_the_rate_limit(self) -> None:
        with Simulator(rate_limit="20/1") as simulator, simulator.client() as client:
            start = time.monotonic()
            result = client.bulk([client.me.get] * 50, concurrency=8, progress=False)
            assert len(result.values) == 50 and client.usage.rate_limited == 0
            assert 1.9 < time.monotonic() - start < 6

    def test_bulk_respects_and_validates_concurrency(self, demo: Simulator, shop: Client) -> None:
        demo.add_fault(operation="me.get", delay_ms=100)
        start = time.monotonic()
        shop.bulk([shop.me.get] * 20, concurrency=20, progress=False)
        assert time.monotonic() - start < 1
        with pytest.raises(ValueError, match="concurrency: must be at least 1"):
            shop.bulk([], concurrency=0)
        with pytest.raises(TypeError, match="concurrency: must be a whole number, at least 1, not '3'"):
            shop.bulk([], concurrency="3")  # type: ignore[arg-type]

    def test_bulk_progress_line_is_written_to_stderr(self, shop: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        for progress, wanted in ((True, "3 calls"), (False, ""), (None, "")):
            err = io.StringIO()
            monkeypatch.setattr(sys, "stderr", err)
            shop.bulk([shop.me.get] * 3, progress=progress)
            assert (wanted in err.getvalue()) and (bool(err.getvalue()) is bool(wanted))

    def test_bulk_stops_when_the_iterator_fails(self, shop: Client) -> None:
        def calls() -> Any:
            yield shop.me.get
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            shop.bulk(calls(), progress=False)
        assert not [t for t in threading.enumerate() if t.name.startswith("bulk-")]

    def test_bulk_works_with_asyncio(self, demo: Simulator) -> None:
        demo.add_fault(operation="me.get", delay_ms=100)

        async def many() -> None:
            async with demo.async_client() as client:
                count = Count()
                missing = functools.partial(client.products.get, "20000000-0000-4000-8000-00000000ffff")
                start = time.monotonic()
                result = await client.bulk([client.me.get] * 30 + [missing], progress=count)  # type: ignore[list-item]
                assert time.monotonic() - start < 1
                assert len(result.values) == 30 and count.n == 31 and result.failed[0].index == 30

        asyncio.run(many())

    def test_bulk_cancellation_leaves_no_call_running(self, demo: Simulator) -> None:
        demo.add_fault(operation="me.get", delay_ms=20_000, skip=5)

        async def many() -> None:
            async with demo.async_client() as client:
                count = Count()
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(client.bulk([client.me.get] * 50, concurrency=4, progress=count), 1)
                deadline = time.monotonic() + 5
                while client.rate_limit.in_flight and time.monotonic() < deadline:
                    await asyncio.sleep(0.01)
                assert (count.n, client.usage.requests, client.rate_limit.in_flight) == (5, 9, 0)

        asyncio.run(many())

    def test_bulk_concurrency_bounds_the_calls(self, shop: Client) -> None:
        lock = threading.Lock()
        now = most = 0

        def call() -> None:
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            shop.me.get()
            time.sleep(0.01)
            with lock:
                now -= 1

        shop.bulk([call] * 20, concurrency=3, progress=False).raise_for_errors()
        assert most == 3

    @pytest.mark.filterwarnings("error")
    def test_bulk_refuses_coroutines_before_any_call(self, demo: Simulator, shop: Client) -> None:
        async def many(lazy: bool) -> None:
            async with demo.async_client() as client:
                calls: list[Any] = [client.me.get, client.me.get(), client.me.get()]
                with pytest.raises(TypeError, match="call 1: must be a function .* coroutine.*functools.partial"):
                    await client.bulk(iter(calls) if lazy else calls, concurrency=1)
                assert client.usage.requests == lazy
                calls[-1].close()
                task: Any = asyncio.ensure_future(client.me.get())
                with pytest.raises(TypeError, match="call 0: .* Task, which is a call in progress"):
                    await client.bulk([task])
                assert (await task).email

        asyncio.run(many(False))
        asyncio.run(many(True))
        called = []
        bad: list[Any] = [lambda: called.append(1), shop.me.get()]
        with pytest.raises(TypeError, match="call 1: must be a function without parameters, not Me$"):
            shop.bulk(bad, progress=False)
        assert not called
        with pytest.raises(TypeError, match="call 1"):
            shop.bulk(iter(bad), concurrency=1, progress=False)
        assert called == [1]

    def test_bulk_repr_fits_on_a_screen(self, shop: Client) -> None:
        missing = functools.partial(shop.products.get, "20000000-0000-4000-8000-00000000ffff")
        config = functools.partial(shop.settings.list, shop.configs.find(PRODUCT, "Storefront").config_id)
        result = shop.bulk([config] * 20 + [missing] * 9, progress=False)
        text = repr(result)
        assert text.startswith("<BulkResult: 20 succeeded, 9 failed; call 20: NotFoundError(")
        assert text.endswith("…>") and "call 22" in text and "call 23" not in text and len(text) < 500
        assert repr(result[0]).startswith("Outcome(0, ") and len(repr(result[0])) < 120
        assert repr(result[20]).startswith("Outcome(20, error=NotFoundError(") and "\n" not in repr(result[20])
        assert repr(shop.bulk([], progress=False)) == "<BulkResult: 0 succeeded, 0 failed>"
