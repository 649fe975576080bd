"""Numbers and other scalars of libraries such as numpy and pandas, as plain values."""

from __future__ import annotations

import operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KINDS = {"b": bool, "i": int, "u": int, "f": float, "U": str}
"""Plain types by the kinds of numpy's types."""


def has(value: object, method: str) -> bool:
    """Returns whether the class of an object has a method."""
    return hasattr(type(value), method)


def plain(value: Any) -> Any:
    """Returns the boolean, number or string that an object stands for, or the object itself if there is none."""
    if isinstance(value, (bool, int, float, str)):
        return value
    dtype = getattr(value, "dtype", None)
    if dtype is not None:
        # Not by `__float__`, which numpy's booleans and dates have, too.
        kind = _KINDS.get(getattr(dtype, "kind", ""))
        return value if kind is None or getattr(value, "ndim", None) != 0 else kind(value.item())
    try:
        if has(value, "__index__"):
            return operator.index(value)
        if has(value, "__float__"):
            return float(value)
    except (TypeError, ValueError, OverflowError):
        pass
    return value
