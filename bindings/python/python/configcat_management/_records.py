"""Flat rows of models for data frames."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from ._native import FlagValue, fields
from ._types import is_list

Column = tuple[str, tuple[str, ...], Callable[[Any], Any]]
"""Name, the attributes on the way to its value, and the conversion of the value."""


def records(items: Iterable[Any]) -> list[dict[str, Any]]:
    """Returns a row per model. All rows have the same columns, which depend only on the class."""
    rows = list(items)
    if not rows:
        return []
    columns = {name: _values(rows, path, convert) for name, path, convert in _columns(type(rows[0]).__name__)}
    return [{name: values[index] for name, values in columns.items()} for index in range(len(rows))]


def _columns(schema: str) -> list[Column]:
    """Returns the columns of a class: one per attribute, in the place of an object those of its class."""
    found: list[Column] = []
    for field in fields(schema):
        name, shape = field["name"], field["type"]
        if shape[0] != "object":
            found.append((name, (name,), _json if _is_nested(shape) else _plain))
        elif shape[1] == FlagValue.__name__:
            found.append((name, (name,), _flag_value))
        else:
            found += [(f"{name}.{inner}", (name, *path), convert) for inner, path, convert in _columns(shape[1])]
    return found


def _is_nested(shape: list[Any]) -> bool:
    """Whether a type contains objects, or has any form."""
    return shape[0] in ("map", "any") or (shape[0] == "list" and (shape[1][0] == "object" or _is_nested(shape[1])))


def _values(rows: list[Any], path: tuple[str, ...], convert: Callable[[Any], Any]) -> list[Any]:
    """Returns the values of a column, which have one type."""
    values = list(rows)
    for name in path:
        values = [None if value is None else getattr(value, name) for value in values]
    return _uniform([None if value is None else convert(value) for value in values])


def _plain(value: Any) -> Any:
    if is_list(value):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    # A plain string also in the place of an enum value that this version does not know.
    return str(value) if isinstance(value, str) else value


def _flag_value(value: Any) -> Any:
    return value.value if isinstance(value, FlagValue) else value


def _json(value: Any) -> str:
    return json.dumps(value, default=_dictionary, ensure_ascii=False)


def _dictionary(value: Any) -> Any:
    """Returns a value that JSON does not have as one that it has."""
    return value.to_dict(names="snake") if hasattr(value, "to_dict") else str(value)


def _uniform(values: list[Any]) -> list[Any]:
    """Returns the values of a column as values of one type: those of flags have several."""
    types: set[type[object]] = {type(value) for value in values if value is not None}
    if len(types) < 2:
        return values
    if types == {int, float}:
        return [None if value is None else float(value) for value in values]
    return [None if value is None else _text(value) for value in values]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
