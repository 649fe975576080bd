"""Conditions from a comparator and its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._generated.inputs import UpdateComparisonValue, UpdateCondition, UpdateUserCondition
from ._hints import hinted_methods
from ._scalars import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._generated.types import UpdateComparisonValueListLike, UserComparatorLike


class Comparisons:
    """A user attribute that values are compared with."""

    __slots__ = ("name",)

    def __init_subclass__(cls) -> None:
        hinted_methods(cls)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def _list(self, comparator: UserComparatorLike, values: Iterable[UpdateComparisonValueListLike | str]) -> UpdateCondition:
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            raise _wrong(comparator, "a list of strings", values)
        items = [{"value": value} if isinstance(value, str) else value for value in values]
        return self._compare(comparator, UpdateComparisonValue(list_value=items))  # type: ignore[arg-type]

    def _string(self, comparator: UserComparatorLike, value: object) -> UpdateCondition:
        if not isinstance(value, str):
            raise _wrong(comparator, "a string", value)
        return self._compare(comparator, UpdateComparisonValue(string_value=value))

    def _number(self, comparator: UserComparatorLike, value: object) -> UpdateCondition:
        value = plain(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _wrong(comparator, "a number", value)
        return self._compare(comparator, UpdateComparisonValue(double_value=value))

    def _compare(self, comparator: UserComparatorLike, value: UpdateComparisonValue) -> UpdateCondition:
        user = UpdateUserCondition(
            comparison_attribute=self.name, comparator=comparator, comparison_value=value
        )
        return UpdateCondition(user_condition=user)


def _wrong(comparator: str, expected: str, value: Any) -> TypeError:
    problem = f"the comparator {comparator} takes {expected}, not {type(value).__name__}"
    return TypeError(problem)
