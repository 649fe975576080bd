"""Looking things up by the name that people know them by."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from . import _native
from ._errors import AmbiguousNameError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

NEAR = 3
"""How many names that come near an error mentions."""


def pick(items: Sequence[T], wanted: str, fields: tuple[str, ...], operation: str) -> T:
    """The one item whose first field is the wanted text, or else its second, and so on."""
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
