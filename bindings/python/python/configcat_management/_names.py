"""Selects the members of a dictionary that ``to_dict`` returns, and their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from ._native import attributes, fields
from ._suggest import hint

Names = Literal["json", "snake"]
"""Names of members: those of the JSON, or those of the attributes."""
Only = Iterable[str] | Callable[..., object] | None
"""Members to select: names of attributes, or a method with their names as keywords."""

OPTIONS = ("timeout", "max_attempts", "headers")
"""Keywords of every method that are not fields of its body."""


def select(data: dict[str, Any], schema: str, *, names: Names = "json", only: Only = None) -> dict[str, Any]:
    """Returns an object in its wire form with other names, or with some of its members.

    Raises:
        ValueError: ``names`` is neither "json" nor "snake", or ``only`` has a name that the object does not have.
        TypeError: ``only`` is neither an iterable of names nor a method.
    """
    if names not in ("json", "snake"):
        raise ValueError(f"names: must be 'json' or 'snake', not {names!r}")
    selected = attributes(schema, data, _operation(only)) if names == "snake" else data
    if only is None:
        return selected
    wanted = _wanted(only, schema)
    if names == "json":
        wanted = {field["wire"] for field in fields(schema) if field["name"] in wanted}
    return {name: value for name, value in selected.items() if name in wanted}


def _operation(only: Only) -> str | None:
    """Returns the name of the operation of a method, such as ``settings.create``; ``None`` if it is not a method."""
    kind, dot, method = getattr(only, "__qualname__", "").rpartition(".")
    letters = kind.removeprefix("Async")
    resource = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in letters).lstrip("_")
    return f"{resource}.{method}" if dot else None


def _wanted(only: Iterable[str] | Callable[..., object], schema: str) -> set[str]:
    """Returns the attributes that ``only`` names, or those that a method takes as fields of its body."""
    if callable(only):
        import inspect

        parameters = inspect.signature(only).parameters.values()
        return {p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in OPTIONS}
    if isinstance(only, str):
        raise TypeError(f"only: must be an iterable of names or a method of a resource, not the string {only!r}")
    known = [field["name"] for field in fields(schema)]
    wanted = set(only)
    for name in wanted:
        if name not in known:
            raise ValueError(f"only: {schema} has no {name}; {hint(name, known)}")
    return wanted
