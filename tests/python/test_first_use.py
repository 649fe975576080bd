"""What someone tries who uses the package for the first time: values of flags, edits, lists of models."""

from __future__ import annotations

import asyncio
import copy
import gc
import json
import pickle
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from configcat_management import Client, NotFoundError, models, when
from configcat_management._read_only import ReadOnlyList
from configcat_management.testing import Simulator

PRODUCT = "20000000-0000-4000-8000-000000000001"


def flag(client: Client, key: str = "newCheckout") -> tuple[str, int]:
    """Returns the ids of the environment "Test" and of a flag of the shop."""
    config = client.configs.find(PRODUCT, "Storefront")
    environment = client.environments.find(PRODUCT, "Test")
    return environment.environment_id, client.settings.find(config.config_id, key).setting_id


def flag_with_variations(client: Client) -> tuple[str, int, list[models.PredefinedVariation]]:
    """Creates a flag that serves its first predefined variation, "small"."""
    config = client.configs.find(PRODUCT, "Storefront").config_id
    environment = client.environments.find(PRODUCT, "Test").environment_id
    setting = client.settings.create(
        config,
        key="size",
        name="Size",
        setting_type="string",
        predefined_variations=[{"value": "small"}, {"value": "large"}],
    )
    first = setting.predefined_variations[0].predefined_variation_id
    assert first is not None
    client.flag_values.replace(environment, setting.setting_id, default_value={"predefined_variation_id": first})
    return environment, setting.setting_id, list(setting.predefined_variations)


class TestFlagValue:
    @pytest.mark.parametrize("value", [True, False, "text", "", 3, 0, 1.5, 0.0])
    def test_flag_value_compares_like_the_plain_value(self, value: Any) -> None:
        read = models.FlagValue(value=value)
        assert read == value and value == read and not (read != value) and not (value != read)
        assert bool(read) is bool(value) and hash(read) == hash(value)
        assert read != "another" and read in {value: 1} and value in [read] and value in {read}
        assert read == models.FlagValue(value=value) and copy.deepcopy(read) == pickle.loads(pickle.dumps(read)) == value

    def test_variations_with_equal_values_differ_only_from_each_other(self) -> None:
        first, second = (models.FlagValue(value="a", predefined_variation_id=name) for name in ("1", "2"))
        assert first == "a" == second and first != second and hash(first) == hash(second) == hash("a")
        assert models.FlagValue(value="a") != first

    def test_flag_values_are_ordered_by_their_values(self) -> None:
        assert models.FlagValue(value=2) > 1 and models.FlagValue(value=2) <= models.FlagValue(value=2.5)
        assert sorted([models.FlagValue(value="b"), models.FlagValue(value="a")])[0] == "a"
        with pytest.raises(TypeError, match="not supported"):
            assert models.FlagValue(value=2) < "x"

    def test_flag_value_without_a_value_equals_no_plain_value(self) -> None:
        assert not models.FlagValue() and models.FlagValue() not in (None, False, 0, "")
        assert models.FlagValue() == models.FlagValue() and len({models.FlagValue(), models.FlagValue()}) == 1

    def test_value_of_a_flag_is_tested_alike_inside_an_edit(self, shop: Client) -> None:
        environment, setting = flag(shop)
        for wanted in (True, False):
            shop.flag_values.replace(environment, setting, default_value=wanted)
            read = shop.flag_values.get(environment, setting)
            with shop.flag_values.edit(environment, setting) as draft:
                for value in (read.default_value, draft.default_value):
                    assert bool(value) is wanted and value == wanted and hash(value) == hash(wanted)

    def test_predefined_variation_is_tested_alike_inside_an_edit(self, shop: Client) -> None:
        environment, setting, [_, large] = flag_with_variations(shop)
        assert shop.flag_values.get(environment, setting).default_value == "small"
        with shop.flag_values.edit(environment, setting) as draft:
            assert draft.default_value == "small" and draft.default_value != "large" and draft.default_value
            draft.default_value = models.FlagValue(predefined_variation_id=large.predefined_variation_id)
        assert shop.flag_values.get(environment, setting).default_value == "large"

    def test_untouched_variations_of_a_draft_are_not_sent(self, demo: Simulator, shop: Client) -> None:
        environment, setting, _ = flag_with_variations(shop)
        with shop.flag_values.edit(environment, setting) as draft:
            draft.percentage_evaluation_attribute = "Country"
        [sent] = demo.journal(operation="flag_values.patch")
        assert [change["path"] for change in sent["requestBody"]] == ["/percentageEvaluationAttribute"]


class TestEdit:
    def test_edit_that_is_not_entered_warns_with_the_fix(self, demo: Simulator, shop: Client) -> None:
        environment, setting = flag(shop)
        fix = r"flag_values.edit\(\) was never entered, and nothing was changed; write: with client.flag_values.edit\(...\) as draft"
        with pytest.warns(RuntimeWarning, match=fix) as caught:
            shop.flag_values.edit(environment, setting)
            gc.collect()
        assert caught[0].filename == __file__
        demo.verify("flag_values.patch", times=0)

    def test_asyncio_edit_that_is_not_entered_warns_with_the_fix(self, demo: Simulator) -> None:
        async def edit() -> None:
            async with demo.async_client() as client:
                client.settings.edit(1)

        with pytest.warns(RuntimeWarning, match=r"write: async with client.settings.edit\(...\) as draft"):
            asyncio.run(edit())
            gc.collect()

    def test_edit_in_a_block_does_not_warn(self, shop: Client) -> None:
        environment, setting = flag(shop)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            edit = shop.flag_values.edit(environment, setting)
            with edit as draft:
                draft.turn_on()
            assert edit.result is None or edit.result.default_value == True  # noqa: E712
            with pytest.raises(NotFoundError), shop.settings.edit(2**31 - 1):
                pass
            del edit
            gc.collect()

    def test_percentage_of_the_wrong_type_is_named(self, shop: Client) -> None:
        with shop.flag_values.edit(*flag(shop)) as draft:
            for wrong in ("20", 20.5):
                with pytest.raises(TypeError, match=rf"percentage: must be a whole number, 0 to 100, not '?{wrong}"):
                    draft.set_percentage(wrong)  # type: ignore[arg-type]

    @pytest.mark.parametrize("name", ["default_value", "targeting_rules", "turn_on"])
    def test_change_outside_the_block_is_refused(self, shop: Client, name: str) -> None:
        edit = shop.flag_values.edit(*flag(shop))
        with pytest.warns(RuntimeWarning):
            example = rf"{name} is an attribute of the draft.* with client.flag_values.edit\(...\) as draft: draft.{name}"
            with pytest.raises(AttributeError, match=example):
                setattr(edit, name, True)
            with pytest.raises(AttributeError, match=example):
                getattr(edit, name)
            with pytest.raises(AttributeError, match="Edit has no nonsense"):
                edit.nonsense = 1  # type: ignore[attr-defined]
            del edit
            gc.collect()

    def test_edit_in_the_wrong_kind_of_block_names_the_right_one(self, demo: Simulator, shop: Client) -> None:
        async def wrong(use: Callable[[Any], Any]) -> None:
            async with demo.async_client() as client:
                await use(client)

        async def plain_block(client: Any) -> None:
            with client.settings.edit(1):
                pass

        async def wait_for(client: Any) -> None:
            await client.settings.edit(1)

        async def async_block(_: Any) -> None:
            async with shop.settings.edit(1):  # type: ignore[attr-defined]
                pass

        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for use, used in ((plain_block, "with"), (wait_for, "await")):
                with pytest.raises(TypeError, match=rf"cannot be used with `{used}`; write: async with client.settings.edit"):
                    asyncio.run(wrong(use))
            with pytest.raises(TypeError, match="with `async with`; write: with client.settings"):
                asyncio.run(wrong(async_block))


class TestListsOfModels:
    CHANGES: dict[str, Callable[[Any], Any]] = {
        "append": lambda items: items.append(1),
        "extend": lambda items: items.extend([1]),
        "insert": lambda items: items.insert(0, 1),
        "remove": lambda items: items.remove(items[0]),
        "pop": lambda items: items.pop(),
        "clear": lambda items: items.clear(),
        "sort": lambda items: items.sort(key=repr),
        "reverse": lambda items: items.reverse(),
        "__setitem__": lambda items: items.__setitem__(0, 1),
        "__delitem__": lambda items: items.__delitem__(0),
        "__iadd__": lambda items: items.__iadd__([1]),
        "__imul__": lambda items: items.__imul__(2),
    }

    @staticmethod
    def setting(shop: Client) -> models.Setting:
        _, setting = flag(shop)
        tag = shop.tags.create(PRODUCT, name="checkout", color="panther")
        return shop.settings.replace(setting, name="Checkout", tags=[tag.tag_id])

    @pytest.mark.parametrize("name", CHANGES)
    def test_change_of_a_list_of_a_model_is_refused(self, shop: Client, name: str) -> None:
        setting = self.setting(shop)
        before = list(setting.tags)
        for items in (setting.tags, ReadOnlyList([7])):
            with pytest.raises(TypeError, match=rf"{name}: a list of a model is a copy .*as draft.*copy it with list"):
                self.CHANGES[name](items)
        assert setting.tags == before

    def test_change_of_a_dictionary_of_a_model_is_refused(self) -> None:
        me = models.Me(email="a@example.com", full_name="A", extra={"since": 1})
        changes: list[Callable[[Any], Any]] = [
            lambda items: items.__setitem__("a", 1),
            lambda items: items.__delitem__("since"),
            lambda items: items.update(a=1),
            lambda items: items.setdefault("a", 1),
            lambda items: items.pop("since"),
            lambda items: items.popitem(),
            lambda items: items.clear(),
            lambda items: items.__ior__({"a": 1}),
        ]
        for change in changes:
            with pytest.raises(TypeError, match="a dict of a model is a copy"):
                change(me.extra)
        assert me.extra == {"since": 1} and me.extra | {"b": 2} == {"since": 1, "b": 2} and json.dumps(me.extra) == '{"since": 1}'
        assert type(copy.deepcopy(me.extra)) is type(pickle.loads(pickle.dumps(me.extra))) is dict

    def test_list_of_a_model_is_read_like_any_list(self, shop: Client) -> None:
        tags = self.setting(shop).tags
        assert isinstance(tags, list) and tags == list(tags) and tags[0].name == "checkout" and tags[0] in tags
        assert len(tags) == 1 and [*tags] == tags[:] and tags + [1] == [tags[0], 1] and sorted(tags, key=repr) == tags
        for copied in (list(tags), tags.copy(), tags[:], copy.copy(tags), copy.deepcopy(tags), pickle.loads(pickle.dumps(tags))):
            copied.append(1)
            assert len(copied) == 2 and copied[:1] == tags
        assert "checkout" in str(tags)

    def test_assignment_to_an_attribute_of_a_model_says_what_to_do(self) -> None:
        me = models.Me(email="a@example.com", full_name="A")
        with pytest.raises(AttributeError, match=r"Me.full_name is read-only.*edit.*make a copy with .replace\(full_name=...\)"):
            me.full_name = "B"  # type: ignore[misc]
        with pytest.raises(AttributeError, match="Me has no fullname; did you mean full_name?"):
            me.fullname = "B"  # type: ignore[attr-defined]
        with pytest.raises(AttributeError):
            del me.full_name  # type: ignore[misc]
        assert me.full_name == "A"

    def test_every_list_and_dictionary_of_every_model_is_read_only(self) -> None:
        protected = 0
        for name in models.__all__:
            model = getattr(models, name)
            for attribute in (*model.__match_args__, "extra") if hasattr(model, "from_json") else ():
                protected += isinstance(getattr(model, attribute), property)
            assert not hasattr(model, "from_json") or isinstance(model.extra, property), name
        lists = stub().count(" -> ReadOnly")
        assert protected == lists > 100

    def test_lists_of_a_draft_can_be_changed(self, shop: Client) -> None:
        setting = self.setting(shop)
        other = shop.tags.create(PRODUCT, name="other")
        with shop.settings.edit(setting.setting_id) as draft:
            draft.tags.append(other.tag_id)
        assert [tag.name for tag in shop.settings.get(setting.setting_id).tags] == ["checkout", "other"]
        environment, flag_id = flag(shop)
        read = shop.flag_values.get(environment, flag_id)
        with shop.flag_values.edit(environment, flag_id) as rules:
            # A list that was read becomes one that can be changed.
            rules.targeting_rules = read.targeting_rules  # type: ignore[assignment]
            rules.targeting_rules.append(models.UpdateTargetingRule(conditions=[when.country().is_one_of(["HU"])], value=True))
        assert len(shop.flag_values.get(environment, flag_id).targeting_rules) == len(read.targeting_rules) + 1

    def test_lists_of_models_can_be_sent_back(self, shop: Client) -> None:
        environment, setting = flag(shop)
        read = shop.flag_values.get(environment, setting)
        again = shop.flag_values.replace(
            environment, setting, default_value=read.default_value, targeting_rules=read.targeting_rules
        )
        assert again.targeting_rules == read.targeting_rules
        assert read.replace(targeting_rules=read.targeting_rules) == read


def stub() -> str:
    """Returns the types of the models."""
    package = Path(models.__file__).parent
    return (package / "_generated" / "models.pyi").read_text(encoding="utf-8")
