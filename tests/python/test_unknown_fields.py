"""Members that the spec does not have are kept, and sent."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

from configcat_management import Client, models
from configcat_management.testing import Simulator

PLAN = {"name": "Enterprise", "seats": [1, 2.5, None]}


def newer_tag(product: models.Product) -> dict[str, Any]:
    """Returns a tag as a newer service would send it."""
    return {"icon": "star", "tagId": 7, "product": {**product.to_dict(), "plan": PLAN}, "name": "beta", "color": None}


@pytest.fixture
def tag(demo: Simulator, shop: Client) -> models.Tag:
    product = shop.products.list()[0]
    demo.add_fault(operation="tags.list", times=1, body=[newer_tag(product)])
    return shop.tags.list(product.product_id)[0]


def test_unknown_members_are_read_and_written(tag: models.Tag) -> None:
    assert tag.extra == {"icon": "star"}
    assert tag.product.extra == {"plan": PLAN}
    assert tag.to_dict() == newer_tag(tag.product)
    assert json.loads(tag.to_json())["product"]["plan"] == PLAN
    for again in (models.Tag.from_dict(tag.to_dict()), pickle.loads(pickle.dumps(tag)), copy.deepcopy(tag)):
        assert again == tag
        assert again.product.extra == {"plan": PLAN}
    assert "extra={'icon': 'star'}" in repr(tag)


def test_unknown_members_of_a_flag_value_are_kept() -> None:
    value = models.FlagValue.from_dict({"boolValue": True, "since": "2027"})
    assert value.value is True and value.extra == {"since": "2027"}
    assert value.replace(value=False).extra == {"since": "2027"} and value.replace(extra={}).extra == {}
    assert value.to_dict()["since"] == "2027" and pickle.loads(pickle.dumps(value)) == value
    assert models.FlagValue(value=True).extra == {}


def test_extra_is_empty_without_unknown_members(shop: Client) -> None:
    product = shop.products.list()[0]
    assert product.extra == {}
    assert "extra" not in repr(product)


def test_extra_is_replaced_as_a_whole(tag: models.Tag) -> None:
    other = tag.replace(name="old", extra={"shape": "round"})
    assert (other.name, other.extra, tag.extra) == ("old", {"shape": "round"}, {"icon": "star"})
    assert other != tag
    with pytest.raises(TypeError, match="extra: name is a field of Tag"):
        tag.replace(extra={"name": "x"})
    with pytest.raises(TypeError, match="extra: expected a dict"):
        tag.replace(extra=[1])


def test_unknown_members_of_a_read_rule_are_sent(demo: Simulator, shop: Client) -> None:
    product = shop.products.list()[0]
    config = next(c for c in shop.configs.list(product.product_id) if c.evaluation_version == "v2")
    environment, flag = next(
        (environment, flag)
        for environment in shop.environments.list(product.product_id)
        for flag in shop.flag_values.get_all(config.config_id, environment.environment_id).setting_formulas
        if flag.targeting_rules
    )
    wire = shop.flag_values.get(environment.environment_id, flag.setting.setting_id).to_dict()
    wire["targetingRules"][0]["note"] = {"by": "ops"}
    demo.add_fault(operation="flag_values.get", times=1, body=wire)
    read = shop.flag_values.get(environment.environment_id, flag.setting.setting_id)
    assert read.targeting_rules[0].extra == {"note": {"by": "ops"}}
    demo.clear_journal()
    shop.flag_values.replace(
        environment.environment_id,
        flag.setting.setting_id,
        default_value=read.default_value,
        targeting_rules=read.targeting_rules,
    )
    (sent,) = demo.journal(method="PUT")
    assert sent["requestBody"]["targetingRules"][0]["note"] == {"by": "ops"}
    # Members that only responses have are still left out.
    assert "lastVersionId" not in sent["requestBody"]
