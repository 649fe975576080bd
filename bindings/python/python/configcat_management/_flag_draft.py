"""Drafts of the values of a flag, which know their flag during an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._input import TAGS, VARIATION, Input
from ._scalars import has
from ._types import is_dict, is_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._native import EditSnapshot


def values_of_variations(state: Any) -> dict[str, dict[str, Any]]:
    """Returns the values in a state that was read, by the ids of their predefined variations."""
    if is_list(state):
        found = [values_of_variations(item) for item in state]
    elif is_dict(state):
        if state.get(VARIATION) is not None and any(state.get(tag) is not None for tag in TAGS):
            return {state[VARIATION]: state}
        found = [values_of_variations(value) for value in state.values()]
    else:
        return {}
    return {name: value for values in found for name, value in values.items()}


def with_values(draft: Any, values: dict[str, dict[str, Any]]) -> Any:
    """Returns a draft whose predefined variations have their values, so that they compare like plain values."""
    if is_list(draft):
        return [with_values(item, values) for item in draft]
    if not is_dict(draft):
        return draft
    if draft.get(VARIATION) in values:
        return values[draft[VARIATION]]
    return {name: with_values(value, values) for name, value in draft.items()}


class FlagDraft(Input):
    """The values of a flag. As the draft of an edit, it can turn the flag on and off."""

    __slots__ = ("_snapshot", "_values")
    _snapshot: EditSnapshot
    _values: dict[str, dict[str, Any]]

    def _edits(self, snapshot: EditSnapshot, values: dict[str, dict[str, Any]]) -> None:
        """Makes it the draft of an edit of a state, in which the predefined variations have these values."""
        self._snapshot, self._values = snapshot, values

    def turn_on(self) -> None:
        """Serves ``True`` to every user whom no rule with a condition matches.

        Rules with conditions stay; percentage options without a condition are removed.

        Raises:
            BadRequestError: The flag is not boolean; the message has its key and type.
            TypeError: It is not the draft of an edit.
        """
        self._change("turn_on", lambda snapshot, draft: snapshot.turned(draft, True))

    def turn_off(self) -> None:
        """Serves ``False`` to every user whom no rule with a condition matches.

        Rules with conditions stay; percentage options without a condition are removed.

        Raises:
            BadRequestError: The flag is not boolean; the message has its key and type.
            TypeError: It is not the draft of an edit.
        """
        self._change("turn_off", lambda snapshot, draft: snapshot.turned(draft, False))

    def set_percentage(self, percentage: int) -> None:
        """Serves ``True`` to a percentage of the users whom no rule with a condition matches, ``False`` to the others.

        Rules with conditions and the default value stay.

        Args:
            percentage: 0 to 100.

        Raises:
            BadRequestError: It is another percentage, or the flag is not boolean.
            TypeError: It is not a whole number, or this is not the draft of an edit.
        """
        if not has(percentage, "__index__"):
            problem = f"percentage: must be a whole number, 0 to 100, not {percentage!r} ({type(percentage).__name__})"
            raise TypeError(problem)
        self._change("set_percentage", lambda snapshot, draft: snapshot.with_percentage(draft, percentage))

    def _change(self, name: str, change: Callable[[EditSnapshot, dict[str, Any]], dict[str, Any]]) -> None:
        snapshot = getattr(self, "_snapshot", None)
        if snapshot is None:
            problem = f"{name} needs the draft of an edit, which knows the type of the flag"
            raise TypeError(problem)
        changed = type(self).from_dict(with_values(change(snapshot, self.to_dict()), self._values))
        for attribute in self.__slots__:
            setattr(self, attribute, getattr(changed, attribute))
