"""Types shared by annotations."""

from __future__ import annotations

from os import PathLike

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeGuard

SettingValue = bool | str | int | float
"""A value of a flag."""
Certificate = bytes | str | PathLike[str]
"""PEM text, or the path of a PEM file."""


class UnknownValue(str):
    """An enum value that this version does not know: the string that the service sent, which is sent back unchanged.

    Create one to send a value that is newer than this package. Any other string that is not one of the enum's values is
    rejected.
    """

    __slots__ = ()


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Returns whether the value is a list with items of any type."""
    return isinstance(value, list)


def is_iterable(value: Any) -> TypeGuard[Iterable[Any]]:
    """Returns whether the value can stand for a list: a tuple, a set, a generator; not a string, bytes or a dictionary."""
    return hasattr(value, "__iter__") and not (isinstance(value, (str, bytes, bytearray)) or hasattr(value, "keys"))


def is_dict(value: Any) -> TypeGuard[dict[str, Any]]:
    """Returns whether the value is a dictionary with values of any type."""
    return isinstance(value, dict)
