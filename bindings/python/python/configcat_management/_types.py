"""Types that annotations share."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeGuard

SettingValue = bool | str | int | float
"""A value of a flag."""


class UnknownValue(str):
    """A value of an enum that this version does not know: it is what the service sent, and is sent back as it came.

    Make one to send a value that is newer than this package; any other text that is none of the enum's values is
    refused.
    """

    __slots__ = ()


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether it is a list, of anything."""
    return isinstance(value, list)


def is_sequence(value: Any) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Whether it is a list or a tuple, of anything."""
    return isinstance(value, (list, tuple))


def is_dict(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether it is a dictionary, of anything."""
    return isinstance(value, dict)
