"""Patches between inputs: they apply, and are no larger than those of another implementation."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import jsonpatch  # type: ignore[import-untyped]
import pytest

from configcat_management import diff, models

EACH = 24
"""Pairs of each sort."""

Formula = models.UpdateEvaluationFormula
Change = Callable[[random.Random, Formula], None]


def rule(rng: random.Random) -> models.UpdateTargetingRule:
    emails = [{"value": f"user{rng.randrange(900)}@example.com"} for _ in range(rng.randrange(1, 8))]
    condition = {
        "user_condition": {
            "comparison_attribute": rng.choice(["Email", "Country", "Identifier"]),
            "comparator": rng.choice(["isOneOf", "containsAnyOf"]),
            "comparison_value": {"list_value": emails},
        }
    }
    conditions: list[Any] = [condition] * rng.randrange(1, 3)
    if rng.randrange(4):
        return models.UpdateTargetingRule(conditions=conditions, percentage_options=[], value=rng.random() < 0.5)
    options = [{"percentage": 30, "value": True}, {"percentage": 70, "value": False}]
    return models.UpdateTargetingRule(conditions=conditions, percentage_options=options, value=None)  # type: ignore[arg-type]


def rules(formula: Formula) -> list[models.UpdateTargetingRule]:
    assert formula.targeting_rules is not None
    return formula.targeting_rules


def toggle(rng: random.Random, formula: Formula) -> None:
    start = rng.randrange(len(rules(formula)))
    for one in rules(formula)[start : start + 5]:
        if one.value is not None:
            one.value = one.value is False


def move(rng: random.Random, formula: Formula) -> None:
    moved = rules(formula).pop(rng.randrange(len(rules(formula))))
    rules(formula).insert(rng.randrange(len(rules(formula)) + 1), moved)


def swap(rng: random.Random, formula: Formula) -> None:
    first, second = rng.sample(range(len(rules(formula))), 2)
    rules(formula)[first], rules(formula)[second] = rules(formula)[second], rules(formula)[first]


def insert(rng: random.Random, formula: Formula) -> None:
    for _ in range(rng.randrange(1, 4)):
        rules(formula).insert(rng.randrange(len(rules(formula)) + 1), rule(rng))


def remove(rng: random.Random, formula: Formula) -> None:
    for _ in range(rng.randrange(1, 3)):
        rules(formula).pop(rng.randrange(len(rules(formula))))


def percentages(rng: random.Random, formula: Formula) -> None:
    for one in rules(formula):
        if one.percentage_options:
            part = rng.randrange(1, 100)
            one.percentage_options[0].percentage, one.percentage_options[1].percentage = part, 100 - part


def comparison_list(rng: random.Random, formula: Formula) -> None:
    conditions = rules(formula)[rng.randrange(len(rules(formula)))].conditions
    assert conditions and conditions[0].user_condition
    values = conditions[0].user_condition.comparison_value.list_value
    assert values is not None
    values.insert(rng.randrange(len(values) + 1), models.UpdateComparisonValueList(value=f"new{rng.random()}@example.com"))
    values.pop(rng.randrange(len(values)))


def default_value(_: random.Random, formula: Formula) -> None:
    formula.default_value = True


def attribute(_: random.Random, formula: Formula) -> None:
    formula.percentage_evaluation_attribute = "Country"


CHANGES: list[Change] = [
    toggle, move, swap, insert, remove, percentages, comparison_list, default_value, attribute
]  # fmt: skip


def everything(rng: random.Random, formula: Formula) -> None:
    for change in rng.sample(CHANGES, 4):
        if len(rules(formula)) > 2:
            change(rng, formula)


def size(patch: Any) -> int:
    return len(json.dumps(patch, separators=(",", ":")))


def test_patches_are_smaller_than_those_of_jsonpatch() -> None:
    rng = random.Random(97)
    totals = [0, 0]
    for change in [*CHANGES, everything]:
        sums = [0, 0]
        for _ in range(EACH):
            many = [rule(rng) for _ in range(rng.randrange(3, 25))]
            before = Formula(default_value=False, targeting_rules=many, percentage_evaluation_attribute=None)
            after = Formula.from_dict(json.loads(json.dumps(before.to_dict())))
            change(rng, after)
            ours, theirs = diff(before, after), jsonpatch.make_patch(before.to_dict(), after.to_dict()).patch
            assert jsonpatch.apply_patch(before.to_dict(), ours) == after.to_dict()
            assert size(ours) <= 1.1 * size(theirs), f"{change.__name__}: {ours} instead of {theirs}"
            sums = [sums[0] + size(ours), sums[1] + size(theirs)]
        print(f"{change.__name__}: {EACH} pairs, {sums[0]} bytes, jsonpatch {sums[1]} bytes")
        totals = [totals[0] + sums[0], totals[1] + sums[1]]
    print(f"all: {EACH * (len(CHANGES) + 1)} pairs, {totals[0]} bytes, jsonpatch {totals[1]} bytes")
    assert totals[0] < totals[1]


def test_diff_has_wire_names_and_refuses_other_types() -> None:
    before, after = Formula(default_value=False), Formula(default_value=True)
    assert diff(before, after) == [{"op": "replace", "path": "/defaultValue/boolValue", "value": True}]
    assert diff(after, after) == []
    with pytest.raises(TypeError, match="cannot compare UpdateEvaluationFormula and UpdateTargetingRule"):
        diff(before, models.UpdateTargetingRule())  # type: ignore[type-var]
