"""The service's evaluation SDKs read values from the simulator that were set through the management API."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import configcatclient
import pytest
from configcatclient.configcatoptions import ConfigCatOptions
from configcatclient.pollingmode import PollingMode
from configcatclient.user import User
from conftest import needs, node_package

from configcat_management import Client

Question = tuple[str, Any, dict[str, Any] | None]
Evaluate = Callable[[str, str, list[Question]], list[Any]]

HERE = Path(__file__).parent
PRODUCT = "20000000-0000-4000-8000-000000000001"
TEST = "30000000-0000-4000-8000-000000000001"
STAGING = "30000000-0000-4000-8000-000000000002"
BETA = "40000000-0000-4000-8000-000000000001"
STOREFRONT = "50000000-0000-4000-8000-000000000001"
OLD_APP = "50000000-0000-4000-8000-000000000002"
CHECKOUT, DELIVERY, BANNER, DARK_MODE = 3001, 3002, 3003, 3101


def by_python(url: str, key: str, questions: list[Question]) -> list[Any]:
    options = ConfigCatOptions(base_url=url, polling_mode=PollingMode.manual_poll())
    client = configcatclient.get(key, options)
    try:
        client.force_refresh()
        values = []
        for flag, fallback, user in questions:
            who = user and User(user["identifier"], user.get("email"), user.get("country"), user.get("custom"))
            values.append(client.get_value(flag, fallback, who))
        return values
    finally:
        client.close()


def by_node(url: str, key: str, questions: list[Question]) -> list[Any]:
    node = needs("node")
    package = node_package("@configcat/sdk")
    sdk = package / json.loads((package / "package.json").read_text())["exports"]["."]["import"]
    script = [node, str(HERE / "evaluate.mjs"), str(sdk), url, key, json.dumps(questions)]
    out = subprocess.run(script, capture_output=True, text=True, check=True, timeout=60)
    values: list[Any] = json.loads(out.stdout.strip().splitlines()[-1])
    return values


@pytest.fixture(params=[by_python, by_node], ids=["pypi", "npm"])
def evaluate(request: pytest.FixtureRequest) -> Evaluate:
    function: Evaluate = request.param
    return function


def user(identifier: str = "u", **attributes: Any) -> dict[str, Any]:
    return {"identifier": identifier, **attributes}


def condition(attribute: str, comparator: str, **value: Any) -> dict[str, Any]:
    return {
        "user_condition": {
            "comparison_attribute": attribute,
            "comparator": comparator,
            "comparison_value": value,
        }
    }


def string_list(*values: str) -> dict[str, Any]:
    return {"list_value": [{"value": value} for value in values]}


#: Comparator, comparison value, a value of the attribute that matches, and one that does not.
COMPARATORS = [
    ("isOneOf", string_list("a", "b"), "b", "c"),
    ("isNotOneOf", string_list("a"), "b", "a"),
    ("containsAnyOf", string_list("at", "og"), "cat", "bird"),
    ("doesNotContainAnyOf", string_list("at"), "bird", "cat"),
    ("semVerIsOneOf", string_list("1.2.3"), "1.2.3", "1.2.4"),
    ("semVerIsNotOneOf", string_list("1.2.3"), "1.2.4", "1.2.3"),
    ("semVerLess", {"string_value": "2.0.0"}, "1.9.9", "2.0.0"),
    ("semVerLessOrEquals", {"string_value": "2.0.0"}, "2.0.0", "2.0.1"),
    ("semVerGreater", {"string_value": "2.0.0"}, "2.0.1", "2.0.0"),
    ("semVerGreaterOrEquals", {"string_value": "2.0.0"}, "2.0.0", "1.9.9"),
    ("numberEquals", {"double_value": 5}, 5, 6),
    ("numberDoesNotEqual", {"double_value": 5}, 6, 5),
    ("numberLess", {"double_value": 5}, 4.5, 5),
    ("numberLessOrEquals", {"double_value": 5}, 5, 5.5),
    ("numberGreater", {"double_value": 5}, 5.5, 5),
    ("numberGreaterOrEquals", {"double_value": 5}, 5, 4.5),
    ("sensitiveIsOneOf", string_list("a", "b"), "b", "c"),
    ("sensitiveIsNotOneOf", string_list("a"), "b", "a"),
    ("dateTimeBefore", {"double_value": 1_700_000_000}, 1_600_000_000, 1_800_000_000),
    ("dateTimeAfter", {"double_value": 1_700_000_000}, 1_800_000_000, 1_600_000_000),
    ("sensitiveTextEquals", {"string_value": "secret"}, "secret", "public"),
    ("sensitiveTextDoesNotEqual", {"string_value": "secret"}, "public", "secret"),
    ("sensitiveTextStartsWithAnyOf", string_list("se", "ü"), "ünder", "public"),
    ("sensitiveTextNotStartsWithAnyOf", string_list("se"), "public", "secret"),
    ("sensitiveTextEndsWithAnyOf", string_list("et"), "secret", "public"),
    ("sensitiveTextNotEndsWithAnyOf", string_list("et"), "public", "secret"),
    ("sensitiveArrayContainsAnyOf", string_list("x"), ["x", "y"], ["z"]),
    ("sensitiveArrayDoesNotContainAnyOf", string_list("x"), ["z"], ["x", "y"]),
    ("textEquals", {"string_value": "a"}, "a", "b"),
    ("textDoesNotEqual", {"string_value": "a"}, "b", "a"),
    ("textStartsWithAnyOf", string_list("ab"), "abc", "bc"),
    ("textNotStartsWithAnyOf", string_list("ab"), "bc", "abc"),
    ("textEndsWithAnyOf", string_list("bc"), "abc", "ab"),
    ("textNotEndsWithAnyOf", string_list("bc"), "ab", "abc"),
    ("arrayContainsAnyOf", string_list("x"), ["x", "y"], ["z"]),
    ("arrayDoesNotContainAnyOf", string_list("x"), ["z"], ["x", "y"]),
]


def test_every_v2_comparator_evaluates_in_the_sdk(simulator: str, client: Client, evaluate: Evaluate) -> None:
    questions: list[Question] = []
    for comparator, value, match, other in COMPARATORS:
        client.settings.create(STOREFRONT, key=comparator, name=comparator, setting_type="boolean")
        setting = next(s for s in client.settings.list(STOREFRONT) if s.key == comparator)
        client.flag_values.replace(
            TEST,
            setting.setting_id,
            default_value={"bool_value": False},
            targeting_rules=[
                {"conditions": [condition("X", comparator, **value)], "value": {"bool_value": True}}
            ],
        )
        questions += [(comparator, None, user(custom={"X": x})) for x in (match, other)]
    assert len(COMPARATORS) == 36
    key = client.sdk_keys.get(STOREFRONT, TEST).primary
    values = evaluate(simulator, key, questions)
    wrong = [c[0] for i, c in enumerate(COMPARATORS) if values[2 * i : 2 * i + 2] != [True, False]]
    assert not wrong


#: One comparator of each family.
FAMILIES = [
    "isOneOf",
    "containsAnyOf",
    "semVerLess",
    "numberLess",
    "dateTimeBefore",
    "sensitiveTextEquals",
    "sensitiveArrayContainsAnyOf",
    "textStartsWithAnyOf",
    "arrayDoesNotContainAnyOf",
]

#: Field of a value, the value of the rule, and the default value, by the flag's type.
TYPES: dict[str, tuple[str, Any, Any]] = {
    "boolean": ("bool_value", True, False),
    "string": ("string_value", "in", "out"),
    "int": ("int_value", 7, -7),
    "double": ("double_value", 0.25, -1.5),
}


def test_every_type_is_evaluated_by_every_family(simulator: str, client: Client, evaluate: Evaluate) -> None:
    questions: list[Question] = []
    expected: list[Any] = []
    for comparator, value, match, other in COMPARATORS:
        if comparator not in FAMILIES:
            continue
        for setting_type, (field, hit, default) in TYPES.items():
            name = f"{setting_type}-{comparator}"
            setting = client.settings.create(STOREFRONT, key=name, name=name, setting_type=setting_type)
            client.flag_values.replace(
                TEST,
                setting.setting_id,
                default_value={field: default},
                targeting_rules=[{"conditions": [condition("X", comparator, **value)], "value": {field: hit}}],
            )
            # A user without the attribute matches no rule, also not one of a negative comparator.
            users = (user(custom={"X": match}), user(custom={"X": other}), user())
            questions += [(name, None, who) for who in users]
            expected += [hit, default, default]
    assert len(questions) == len(FAMILIES) * len(TYPES) * 3 == 108
    key = client.sdk_keys.get(STOREFRONT, TEST).primary
    values = evaluate(simulator, key, questions)
    wrong = [(question, got) for question, got, want in zip(questions, values, expected) if got != want]
    assert not wrong


def test_segments_prerequisites_and_percentages_evaluate(simulator: str, client: Client, evaluate: Evaluate) -> None:
    key = client.sdk_keys.get(STOREFRONT, STAGING).primary
    alice = user("alice", email="alice@example.com", country="DE")
    questions: list[Question] = [
        ("newCheckout", None, alice),
        ("expressDelivery", None, alice),
        ("expressDelivery", None, {**alice, "country": "FR"}),
        ("maxItemsInCart", None, None),
        ("discountFactor", None, None),
        ("noSuchFlag", "fallback", None),
    ]
    assert evaluate(simulator, key, questions) == [True, True, False, 50, 0.95, "fallback"]
    crowd: list[Question] = [("newCheckout", None, user(f"user-{n}")) for n in range(400)]
    share = evaluate(simulator, key, crowd).count(True)
    assert 50 <= share <= 115, f"{share} of 400 is not about 20 %"
    # The SDK reads a change that was made through the management API.
    client.segments.update(BETA, comparison_value="carol@example.com")
    after = evaluate(simulator, key, [("newCheckout", None, user("user-1", email="carol@example.com"))])
    assert after == [True]
    client.flag_values.replace(STAGING, CHECKOUT, default_value={"bool_value": False})
    assert evaluate(simulator, key, questions[:2]) == [False, False]
    client.flag_values.replace(
        STAGING,
        BANNER,
        default_value={"string_value": "excluded"},
        percentage_evaluation_attribute="Country",
        targeting_rules=[
            {
                "percentage_options": [
                    {"percentage": 100, "value": {"string_value": "included"}},
                    {"percentage": 0, "value": {"string_value": "other"}},
                ]
            }
        ],
    )
    more: list[Question] = [("bannerText", None, user(country="DE")), ("bannerText", None, user())]
    assert evaluate(simulator, key, more) == ["included", "excluded"]


#: The same for V1 configs, with comma-separated lists.
OLD_COMPARATORS = [
    ("isOneOf", "a, b", "b", "c"),
    ("isNotOneOf", "a", "b", "a"),
    ("contains", "at", "cat", "bird"),
    ("doesNotContain", "at", "bird", "cat"),
    ("semVerIsOneOf", "1.2.3, 2.0.0", "1.2.3", "1.2.4"),
    ("semVerIsNotOneOf", "1.2.3, 2.0.0", "1.2.4", "2.0.0"),
    ("semVerLess", "2.0.0", "1.9.9", "2.0.0"),
    ("semVerLessOrEquals", "2.0.0", "2.0.0", "2.0.1"),
    ("semVerGreater", "2.0.0", "2.0.1", "2.0.0"),
    ("semVerGreaterOrEquals", "2.0.0", "2.0.0", "1.9.9"),
    ("numberEquals", "5", 5, 6),
    ("numberDoesNotEqual", "5", 6, 5),
    ("numberLess", "5,5", 5, 6),
    ("numberLessOrEquals", "5", 5, 5.5),
    ("numberGreater", "5", 5.5, 5),
    ("numberGreaterOrEquals", "5", 5, 4.5),
    ("sensitiveIsOneOf", "a, b", "b", "c"),
    ("sensitiveIsNotOneOf", "a", "b", "a"),
]


def test_v1_comparators_and_segments_evaluate_in_the_sdk(simulator: str, client: Client, evaluate: Evaluate) -> None:
    questions: list[Question] = []
    for n, (comparator, value, match, other) in enumerate(OLD_COMPARATORS):
        setting = client.settings.create(OLD_APP, key=f"old{n}", name=comparator, setting_type="boolean")
        client.values.replace(
            TEST,
            setting.setting_id,
            value=False,
            rollout_rules=[
                {
                    "comparison_attribute": "X",
                    "comparator": comparator,
                    "comparison_value": value,
                    "value": True,
                }
            ],
        )
        questions += [(f"old{n}", None, user(custom={"X": x})) for x in (match, other)]
    inside = {"segment_id": BETA, "segment_comparator": "isNotIn", "value": False}
    client.values.replace(TEST, DARK_MODE, value=True, rollout_rules=[inside])
    questions.append(("darkMode", None, user(email="alice@example.com")))
    questions.append(("darkMode", None, user(email="zoe@example.com")))
    assert len(OLD_COMPARATORS) == 18
    key = client.sdk_keys.get(OLD_APP, TEST).primary
    values = evaluate(simulator, key, questions)
    wrong = [c[0] for i, c in enumerate(OLD_COMPARATORS) if values[2 * i : 2 * i + 2] != [True, False]]
    assert not wrong
    assert values[-2:] == [True, False]


def test_config_file_is_sent_again_only_after_a_change(simulator: str, client: Client) -> None:
    key = client.sdk_keys.get(STOREFRONT, TEST).primary
    url = f"{simulator}/configuration-files/{key}/config_v6.json"
    with urllib.request.urlopen(url) as response:
        tag = response.headers["ETag"]
    again = urllib.request.Request(url, headers={"If-None-Match": tag})
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        urllib.request.urlopen(again)
    assert unchanged.value.code == 304
    client.flag_values.replace(TEST, CHECKOUT, default_value={"bool_value": False})
    with urllib.request.urlopen(again) as response:
        assert response.status == 200 and response.headers["ETag"] != tag
    old = client.sdk_keys.get(OLD_APP, TEST).primary
    with urllib.request.urlopen(f"{simulator}/configuration-files/{old}/config_v5.json") as response:
        assert json.load(response)["f"]["darkMode"]["v"] is True
    for wrong in (f"{key}/config_v5.json", "x/y/config_v6.json", f"{key}/other.json"):
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"{simulator}/configuration-files/{wrong}")
        assert missing.value.code == 404
