"""Conditions of targeting rules, on one line.

    from configcat_management import models, when

    rule = models.UpdateTargetingRule(conditions=[when.email().ends_with_any_of(["@example.com"])], value=True)

Each comparator takes one type of value; a value of another type raises a ``TypeError`` that names the type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._generated.inputs import UpdateCondition, UpdatePrerequisiteFlagCondition, UpdateSegmentCondition
from ._generated.rules import Attribute
from ._hints import hinted_methods

if TYPE_CHECKING:
    from ._generated.types import FlagValueLike, PrerequisiteComparatorLike, SegmentComparatorLike

__all__ = ["Attribute", "Flag", "Segment", "attribute", "country", "email", "flag", "identifier", "segment"]


@hinted_methods
class Segment:
    """A segment."""

    __slots__ = ("segment_id",)

    def __init__(self, segment_id: str) -> None:
        self.segment_id = segment_id

    def is_in(self) -> UpdateCondition:
        """Condition that the user is in the segment."""
        return self._compare("isIn")

    def is_not_in(self) -> UpdateCondition:
        """Condition that the user is not in the segment."""
        return self._compare("isNotIn")

    def _compare(self, comparator: SegmentComparatorLike) -> UpdateCondition:
        segment = UpdateSegmentCondition(segment_id=self.segment_id, comparator=comparator)
        return UpdateCondition(segment_condition=segment)


@hinted_methods
class Flag:
    """Another flag of the config: a prerequisite."""

    __slots__ = ("setting_id",)

    def __init__(self, setting_id: int) -> None:
        self.setting_id = setting_id

    def equals(self, value: FlagValueLike) -> UpdateCondition:
        """Condition that the flag serves this value, which has the flag's type."""
        return self._compare("equals", value)

    def does_not_equal(self, value: FlagValueLike) -> UpdateCondition:
        """Condition that the flag serves another value than this one, which has the flag's type."""
        return self._compare("doesNotEqual", value)

    def _compare(self, comparator: PrerequisiteComparatorLike, value: FlagValueLike) -> UpdateCondition:
        flag = UpdatePrerequisiteFlagCondition(
            prerequisite_setting_id=self.setting_id, comparator=comparator, prerequisite_comparison_value=value
        )
        return UpdateCondition(prerequisite_flag_condition=flag)


def identifier() -> Attribute:
    """Returns the attribute ``Identifier`` of the user."""
    return Attribute("Identifier")


def email() -> Attribute:
    """Returns the attribute ``Email`` of the user."""
    return Attribute("Email")


def country() -> Attribute:
    """Returns the attribute ``Country`` of the user."""
    return Attribute("Country")


def attribute(name: str) -> Attribute:
    """Returns an attribute of the user.

    Args:
        name: Its name: 1 to 1000 characters, case-sensitive.
    """
    return Attribute(name)


def segment(segment_id: str) -> Segment:
    """Returns a segment, by its id."""
    return Segment(segment_id)


def flag(setting_id: int) -> Flag:
    """Returns another flag of the config, by its id."""
    return Flag(setting_id)
