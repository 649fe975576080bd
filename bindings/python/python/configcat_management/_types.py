"""Types shared by annotations."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeGuard

SettingValue = bool | str | int | float
"""A value of a flag."""


class UnknownValue(str):
    """An enum value that this version does not know: the string that the service sent, which is sent back unchanged.

    Create one to send a value that is newer than this package. Any other string that is not one of the enum's values is
    rejected.
    """

    __slots__ = ()


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Returns whether the value is a list with items of any type."""
    return isinstance(value, list)


def is_sequence(value: Any) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Returns whether the value is a list or a tuple with items of any type."""
    return isinstance(value, (list, tuple))


def is_dict(value: Any) -> TypeGuard[dict[str, Any]]:
    """Returns whether the value is a dictionary with values of any type."""
    return isinstance(value, dict)
