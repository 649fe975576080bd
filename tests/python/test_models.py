"""Models as Python objects: construction, comparison, copying, printing and pickling."""

from __future__ import annotations

import copy
import pickle
import sys
from datetime import datetime, timezone
from typing import Any

import pytest

from configcat_management import Client, ModelList, enums, models
from configcat_management.enums import UnknownValue

TAG = {"tagId": 7, "name": "old", "color": "red"}


def product(**changes: Any) -> models.Product:
    organization = models.Organization(organization_id="0" * 8, name="Corner Shop")
    fields: dict[str, Any] = {
        "organization": organization,
        "product_id": "p",
        "name": "Web Shop",
        "order": 0,
        "reason_required": False,
        "approve_required": False,
    }
    return models.Product(**{**fields, **changes})


def test_model_constructor_validates_fields() -> None:
    made = product(description="Sells")
    assert (made.name, made.description, made.organization.name) == ("Web Shop", "Sells", "Corner Shop")
    assert product().description is None
    with pytest.raises(TypeError, match="Product: organization, product_id, order, .* missing"):
        models.Product(name="x")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Product has no nam; did you mean name?"):
        product(nam="x")
    with pytest.raises(ValueError, match="order"):
        product(order="first")
    with pytest.raises(AttributeError):
        made.name = "other"  # type: ignore[misc]


def test_equal_models_have_equal_hashes() -> None:
    assert product() == product() and hash(product()) == hash(product())
    assert product() != product(name="Other") and product() != models.Organization(organization_id="1", name="x")
    assert len({product(), product(), product(name="Other")}) == 2
    assert models.FlagValue(value=0.0) == models.FlagValue(value=-0.0)
    assert hash(models.FlagValue(value=0.0)) == hash(models.FlagValue(value=-0.0))


def test_replace_returns_a_changed_copy() -> None:
    renamed = product().replace(name="Renamed")
    assert (renamed.name, renamed.product_id) == ("Renamed", "p")
    assert product().name == "Web Shop"
    if sys.version_info >= (3, 13):
        assert copy.replace(product(), name="Renamed") == renamed
    assert models.FlagValue(value=True).replace(value="text") == models.FlagValue(value="text")
    for again in (copy.copy(renamed), copy.deepcopy(renamed), pickle.loads(pickle.dumps(renamed))):
        assert again == renamed


def test_dict_and_json_use_the_names_of_the_service() -> None:
    tag = models.Tag.from_dict({**TAG, "product": product().to_dict(), "somethingNew": 1})
    assert tag.tag_id == 7 and tag.to_dict()["product"]["productId"] == "p"
    assert models.Tag.from_json(tag.to_json()) == tag
    assert tag.to_json(indent=2).startswith('{\n  "')
    with pytest.raises(ValueError, match="Tag: product.organization: missing field"):
        models.Tag.from_dict({**TAG, "product": {}})
    with pytest.raises(TypeError, match="expected a dict, not list"):
        models.Tag.from_dict([])  # type: ignore[arg-type]


def test_models_match_by_position_and_name() -> None:
    match models.Me(email="a@example.com", full_name="A"):
        case models.Me(email, full_name="A"):
            assert email == "a@example.com"
        case _:
            pytest.fail("it did not match")


def test_unknown_enum_value_is_preserved() -> None:
    setting = models.FlagSettingData(
        setting_id=1,
        key="k",
        name="n",
        setting_type=UnknownValue("matrix"),
        is_json=False,
        order=0,
        predefined_variations=[],
        is_watching=False,
    )
    assert setting.setting_type == "matrix" and isinstance(setting.setting_type, UnknownValue)
    assert "setting_type='matrix'" in repr(setting) and setting.to_dict()["settingType"] == "matrix"
    assert setting.replace(setting_type="boolean").setting_type is enums.SettingType.BOOLEAN


def test_unknown_enum_value_is_sent_only_as_unknown_value(shop: Client) -> None:
    config = "0" * 8 + "-0000-4000-8000-" + "0" * 12
    with pytest.raises(Exception, match="must be one of boolean, string, int, double") as caught:
        shop.settings.create(config, key="k", name="n", setting_type="tensor")
    assert caught.value.attempts == 0 and "setting_type" in caught.value.field_errors  # type: ignore[attr-defined]
    with pytest.raises(Exception) as sent:
        shop.settings.create(config, key="k", name="n", setting_type=UnknownValue("tensor"))
    assert sent.value.attempts == 1  # type: ignore[attr-defined]


def test_timestamps_are_utc_datetimes() -> None:
    at = datetime(2026, 5, 4, 3, 2, 1, 123456, timezone.utc)
    reference = models.Setting.from_dict(
        {
            "settingId": 1,
            "key": "k",
            "name": "n",
            "hint": None,
            "order": 0,
            "settingType": "boolean",
            "isJson": False,
            "configId": "c",
            "configName": "C",
            "createdAt": "2026-05-04T05:02:01.123456+02:00",
            "tags": [],
            "predefinedVariations": [],
        }
    )
    assert reference.created_at == at and reference.replace(created_at=at).created_at == at


def test_model_list_prints_as_a_table(shop: Client) -> None:
    products = shop.products.list()
    assert isinstance(products, ModelList) and isinstance(products, list)
    table = products.to_table(width=100)
    lines = table.splitlines()
    assert lines[0].split()[:3] == ["name", "product_id", "organization"]
    assert "Corner Shop" in lines[2] and all(len(line) <= 100 for line in lines[:4])
    assert "more columns: reason_required, approve_required" in lines[-1]
    assert products.to_table(["name"]).split() == ["name", "-----------", "Web", "Shop", "Back", "Office"]
    many = ModelList(products * 20)
    assert "(20 more rows" in str(many) and "20 more rows" in many._repr_html_()
    assert many.to_table(rows=None).count("Web Shop") == 20
    assert str(ModelList[models.Product]()) == "(empty)"


def test_notebook_table_escapes_html(shop: Client) -> None:
    products = ModelList([product(name="<script>alert(1)</script>")])
    html = products._repr_html_()
    assert "<th>name</th>" in html and "&lt;script&gt;" in html and "<script>" not in html


def test_model_list_converts_to_rows_for_data_frames(shop: Client) -> None:
    rows = shop.products.list().to_dicts()
    assert [row["name"] for row in rows] == ["Web Shop", "Back Office"]
    assert rows[0]["organization"]["name"] == "Corner Shop"


def test_every_model_and_attribute_is_documented() -> None:
    for name in models.__all__:
        model = getattr(models, name)
        assert model.__doc__, name
        if hasattr(model, "from_json"):
            for attribute in model.__match_args__:
                assert getattr(model, attribute).__doc__, f"{name}.{attribute}"
        else:
            assert all(f"    {attribute}:" in model.__doc__ for attribute in model.__slots__), name


class TestInput:
    def test_input_accepts_objects_and_dictionaries(self) -> None:
        condition = {"user_condition": {"comparison_attribute": "Email", "comparator": "isOneOf"}}
        condition["user_condition"]["comparison_value"] = {"list_value": [{"value": "a"}]}  # type: ignore[assignment]
        rule = models.UpdateTargetingRule(conditions=[condition], value=True)  # type: ignore[list-item]
        inner = rule.conditions[0].user_condition
        assert inner is not None and inner.comparator == "isOneOf"
        assert rule.to_dict() == {
            "conditions": [
                {
                    "userCondition": {
                        "comparisonAttribute": "Email",
                        "comparator": "isOneOf",
                        "comparisonValue": {"listValue": [{"value": "a"}]},
                    }
                }
            ],
            "value": {"boolValue": True},
        }
        assert models.UpdateTargetingRule.from_dict(rule.to_dict()) == rule
        assert pickle.loads(pickle.dumps(rule)) == rule and copy.deepcopy(rule) == rule
        assert rule.replace(value=False).value is False and rule.value is True

    def test_absent_is_omitted_and_none_is_null(self) -> None:
        absent = models.UpdateTargetingRule()
        assert absent.to_dict() == {} and repr(absent) == "UpdateTargetingRule()"
        assert models.UpdateEvaluationFormula(default_value=1, percentage_evaluation_attribute=None).to_dict() == {
            "defaultValue": {"intValue": 1},
            "percentageEvaluationAttribute": None,
        }

    def test_misspelt_input_name_has_a_suggestion(self) -> None:
        with pytest.raises(TypeError, match="UpdateTargetingRule.* has no keyword valeu; did you mean value?"):
            models.UpdateTargetingRule(valeu=True)  # type: ignore[call-arg]
        with pytest.raises(AttributeError, match="has no condition; did you mean conditions?"):
            models.UpdateTargetingRule().condition = []  # type: ignore[attr-defined]
        with pytest.raises(Exception, match=r"conditions\[0\].segment_condition.comparator: must be one of") as caught:
            wrong = {"segment_condition": {"segment_id": "0" * 8, "comparator": "isin"}}
            models.UpdateTargetingRule(conditions=[wrong]).to_dict()  # type: ignore[list-item]
        assert "did you mean isIn?" in str(caught.value)
