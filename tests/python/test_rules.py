"""Targeting rules on a line, and flags that are turned on and off."""

from __future__ import annotations

from typing import Any

import pytest

from configcat_management import BadRequestError, Client, enums, models, when
from configcat_management.testing import Simulator


@pytest.fixture
def shop(configcat_client: Client) -> tuple[Client, str, int, str]:
    """A client, an environment, a boolean flag of a V2 config, and the config."""
    client = configcat_client
    product = client.products.create(client.organizations.list()[0].organization_id, name="Shop")
    environment = client.environments.create(product.product_id, name="Production")
    config = client.configs.create(product.product_id, name="Main", evaluation_version="v2")
    flag = client.settings.create(config.config_id, key="checkout", name="Checkout", setting_type="boolean")
    return client, environment.environment_id, flag.setting_id, config.config_id


def test_conditions_of_every_kind_fit_on_a_line(shop: tuple[Client, str, int, str]) -> None:
    client, environment, setting, config = shop
    needed = client.settings.create(config, key="basket", name="Basket", setting_type="string").setting_id
    conditions = [
        when.email().ends_with_any_of(["@example.com", {"value": "@example.org", "hint": "partners"}]),
        when.country().equals("Norway"),
        when.attribute("Age").number_less(18),
        when.flag(needed).does_not_equal("new"),
    ]
    rule = models.UpdateTargetingRule(conditions=conditions, value=True)
    state = client.flag_values.replace(environment, setting, default_value=False, targeting_rules=[rule])
    email, country, age, flag = state.targeting_rules[0].conditions
    assert email.user_condition is not None and email.segment_condition is None
    assert email.user_condition.comparator is enums.UserComparator.TEXT_ENDS_WITH_ANY_OF
    items = email.user_condition.comparison_value.list_value
    assert items is not None and [(item.value, item.hint) for item in items] == [
        ("@example.com", None),
        ("@example.org", "partners"),
    ]
    assert country.user_condition is not None and country.user_condition.comparison_value.string_value == "Norway"
    assert age.user_condition is not None and age.user_condition.comparison_value.double_value == 18.0
    assert flag.prerequisite_flag_condition is not None
    assert flag.prerequisite_flag_condition.prerequisite_setting_id == needed


def test_segment_condition_fits_on_a_line() -> None:
    assert when.segment("s").is_not_in().to_dict() == {"segmentCondition": {"segmentId": "s", "comparator": "isNotIn"}}


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: when.email().is_one_of("a"), "the comparator isOneOf takes a list of strings, not str"),
        (lambda: when.email().equals(["a"]), "the comparator textEquals takes a string, not list"),  # type: ignore[arg-type]
        (lambda: when.email().number_less("1"), "the comparator numberLess takes a number, not str"),  # type: ignore[arg-type]
        (lambda: when.email().date_time_after(True), "the comparator dateTimeAfter takes a number, not bool"),
    ],
)
def test_value_of_another_type_is_refused(make: Any, problem: str) -> None:
    with pytest.raises(TypeError, match=problem):
        make()


def test_member_model_is_accepted_as_condition(shop: tuple[Client, str, int, str]) -> None:
    client, environment, setting, _ = shop
    user = models.UpdateUserCondition(
        comparison_attribute="Email", comparator="isOneOf", comparison_value={"list_value": [{"value": "a"}]}
    )
    expected = {"conditions": [{"userCondition": user.to_dict()}], "value": {"boolValue": True}}
    rule = models.UpdateTargetingRule(conditions=[user], value=True)
    assert rule.to_dict() == expected
    assert rule.conditions and isinstance(rule.conditions[0], models.UpdateCondition)
    plain: Any = {"conditions": [user], "value": True}
    state = client.flag_values.replace(environment, setting, default_value=False, targeting_rules=[plain])
    read = state.targeting_rules[0].conditions[0].user_condition
    assert read is not None
    written = models.UpdateTargetingRule(conditions=[read], value=True).conditions
    assert written and written[0].user_condition is not None
    again: Any = {"conditions": [read], "value": True}
    client.flag_values.replace(environment, setting, default_value=False, targeting_rules=[again])
    assert client.flag_values.get(environment, setting).targeting_rules == state.targeting_rules


def test_condition_has_exactly_one_member(shop: tuple[Client, str, int, str]) -> None:
    client, environment, setting, _ = shop
    segment = {"segment_id": "00000000-0000-4000-8000-000000000001", "comparator": "isIn"}
    user = {"comparison_attribute": "a", "comparator": "textEquals", "comparison_value": {"string_value": "a"}}
    both: Any = {"user_condition": user, "segment_condition": segment}
    cases: list[tuple[Any, str]] = [({}, "none"), (both, "user_condition, segment_condition")]
    for condition, found in cases:
        rule: Any = {"conditions": [condition], "value": True}
        with pytest.raises(BadRequestError) as caught:
            client.flag_values.replace(environment, setting, default_value=False, targeting_rules=[rule])
        [[path, [problem]]] = (caught.value.field_errors or {}).items()
        assert path == "targeting_rules[0].conditions[0]"
        assert problem.startswith("must have exactly one of user_condition, ") and problem.endswith(f", not {found}")


def test_flag_is_turned_on_and_off_and_by_percentage(
    shop: tuple[Client, str, int, str], configcat_simulator: Simulator
) -> None:
    client, environment, setting, _ = shop
    rule = models.UpdateTargetingRule(conditions=[when.email().contains_any_of(["@example.com"])], value=True)
    client.flag_values.replace(environment, setting, default_value=False, targeting_rules=[rule])
    with client.flag_values.edit(environment, setting) as draft:
        draft.turn_on()
        assert draft.default_value is True
    [sent] = configcat_simulator.journal(operation="flag_values.patch")
    assert sent["requestBody"] == [{"op": "replace", "path": "/defaultValue/boolValue", "value": True}]
    with client.flag_values.edit(environment, setting) as draft:
        draft.set_percentage(20)
    state = client.flag_values.get(environment, setting)
    assert [option.percentage for option in state.targeting_rules[1].percentage_options] == [20, 80]
    assert state.targeting_rules[1].percentage_options[0].value.value is True
    with client.flag_values.edit(environment, setting) as draft:
        draft.turn_off()
    state = client.flag_values.get(environment, setting)
    assert state.default_value.value is False and len(state.targeting_rules) == 1


def test_only_boolean_flags_are_turned_on(shop: tuple[Client, str, int, str]) -> None:
    client, environment, setting, config = shop
    colour = client.settings.create(config, key="colour", name="Colour", setting_type="string").setting_id
    with client.flag_values.edit(environment, colour) as draft:
        with pytest.raises(BadRequestError, match="cannot turn on the flag colour: its type is string, not boolean"):
            draft.turn_on()
    with client.flag_values.edit(environment, setting) as draft:
        with pytest.raises(BadRequestError, match="percentage: must be 0 to 100, not -1"):
            draft.set_percentage(-1)
    with pytest.raises(TypeError, match="turn_on needs the draft of an edit"):
        models.UpdateEvaluationFormula(default_value=True).turn_on()


def test_flag_of_a_v1_config_is_turned_on(configcat_client: Client) -> None:
    client = configcat_client
    product = client.products.create(client.organizations.list()[0].organization_id, name="Shop")
    environment = client.environments.create(product.product_id, name="Production").environment_id
    config = client.configs.create(product.product_id, name="Old")
    flag = client.settings.create(config.config_id, key="old", name="Old", setting_type="boolean").setting_id
    with client.values.edit(environment, flag) as draft:
        draft.turn_on()
    assert client.values.get(environment, flag).value is True
    with client.values.edit(environment, flag) as draft:
        draft.set_percentage(5)
    items = client.values.get(environment, flag).rollout_percentage_items
    assert [(item.percentage, item.value) for item in items] == [(5, True), (95, False)]


def test_read_models_can_be_constructed() -> None:
    user = models.UserCondition(
        comparison_attribute="Email",
        comparator=enums.UserComparator.TEXT_EQUALS,
        comparison_value=models.ComparisonValue(string_value="a"),
    )
    condition = models.Condition(user_condition=user)
    assert condition.user_condition == user and condition.segment_condition is None
    assert repr(condition).startswith("Condition(user_condition=UserCondition(")
    assert models.Condition.from_dict(condition.to_dict()) == condition
    rule = models.TargetingRule(conditions=[condition], percentage_options=[], value=models.FlagValue(value=True))
    assert rule.conditions == [condition] and rule.replace(value=None).conditions[0].user_condition == user
    newer = models.Condition.from_dict({**condition.to_dict(), "negated": True})
    assert newer.user_condition == user and newer.extra == {"negated": True}
