"""Finds items by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from . import _native
from ._errors import AmbiguousNameError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

NEAR = 3
"""Maximum number of similar names in an error."""


def pick(items: Sequence[T], wanted: str, fields: tuple[str, ...], operation: str) -> T:
    """Returns the only item whose first field equals ``wanted``, or else the only one by the second field, and so on.

    Raises:
        AmbiguousNameError: Several items have the same value in a field.
        NotFoundError: No item matches; the message suggests similar names.
    """
    for field in fields:
        found = [item for item in items if getattr(item, field) == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            message = f"{operation}: {len(found)} have the {field} {wanted!r}; use an id"
            raise AmbiguousNameError(message, kind="conflict", operation=operation)
    names = {str(getattr(item, field)) for field in fields for item in items}
    lower = {name.lower(): name for name in sorted(names)}
    near = [lower[name] for name in _native.suggestions(wanted.lower(), list(lower), NEAR)]
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are {len(items)} others"
    message = f"{operation}: none has the {' or '.join(fields)} {wanted!r}; {hint}"
    raise NotFoundError(message, kind="not_found", operation=operation)
