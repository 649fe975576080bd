"""Tables in plain text and HTML: which columns come first, and how a value is shown."""

from __future__ import annotations

from ._types import is_dict, is_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

ROWS = 20
"""Maximum number of rows shown."""
CELL = 40
"""Maximum number of characters per cell."""
WIDE = 120
"""Width of a table without a terminal, in characters."""

NAMES = ("name", "key", "title", "full_name", "email", "setting_name", "setting_key", "setting")
"""Attributes that tell people which object it is, in the order of the columns."""


def columns(item: Any) -> list[str]:
    """Returns the attributes of a model: first those that identify it, then the others in their order."""
    names = list(item.__match_args__)
    first = [name for name in NAMES if name in names]
    first += [name for name in (_own_id(type(item).__name__, names),) if name]
    return first + [name for name in names if name not in first]


def _own_id(model: str, names: list[str]) -> str | None:
    """Returns the attribute with the id of the object itself, in contrast to those of objects that it belongs to."""
    own = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in model).lstrip("_") + "_id"
    ids = [name for name in names if name.endswith("_id") and not name.endswith("version_id")]
    return own if own in names else ids[0] if ids else None


def label(item: Any) -> str | None:
    """Returns the name by which people know an object, if it has one."""
    for name in (*NAMES, "value", "url"):
        value = getattr(item, name, None)
        is_object = hasattr(value, "__match_args__")
        if value is not None and not (is_object and name == "value"):
            return label(value) if is_object else str(value)
    own = _own_id(type(item).__name__, list(item.__match_args__))
    return None if own is None else str(getattr(item, own))


def cell(value: Any) -> str:
    """Formats a value on one line: an object as its name, a list as its items."""
    text = _shown(value).replace("\r", " ").replace("\n", " ")
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if is_list(value):
        if any(hasattr(item, "__match_args__") and label(item) is None for item in value):
            return f"{len(value)} items" if len(value) > 1 else "1 item"
        return ", ".join(_shown(item) for item in value)
    if is_dict(value):
        return ", ".join(f"{name}={_shown(item)}" for name, item in value.items())
    if hasattr(value, "__match_args__"):
        plain = getattr(value, "value", None)
        if isinstance(plain, bool):
            return _shown(plain)
        return label(value) or _fields(value)
    return str(value)


def _fields(item: Any) -> str:
    """Formats an object without a name by its attributes that have a value."""
    shown = ((name, _shown(getattr(item, name))) for name in item.__match_args__)
    return " ".join(f"{name}={text}" for name, text in shown if text)


def table(
    items: list[Any],
    names: Sequence[str] | None = None,
    *,
    rows: int | None = ROWS,
    width: int | None = None,
) -> str:
    """Formats models as a table with a line per item."""
    shown: list[Any] = items if rows is None else items[:rows]
    if not shown:
        return "(empty)"
    selected = columns(shown[0]) if names is None else list(names)
    cells = [[cell(getattr(item, name)) for name in selected] for item in shown]
    widths = [max(len(name), *(len(row[i]) for row in cells)) for i, name in enumerate(selected)]
    fit = len(selected) if names is not None else _fit(widths, width or _terminal())
    lines = [selected, ["-" * size for size in widths], *cells]
    text = "\n".join("  ".join(text.ljust(size) for text, size in zip(line[:fit], widths)).rstrip() for line in lines)
    notes = [f"{len(items) - len(shown)} more rows"] if len(shown) < len(items) else []
    notes += [f"{len(selected) - fit} more columns: {', '.join(selected[fit:])}"] if fit < len(selected) else []
    return f"{text}\n({'; '.join(notes)})" if notes else text


def html(items: list[Any]) -> str:
    """Formats models as an HTML table with a row per item."""
    from html import escape

    def row(cells: Iterable[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(text)}</{tag}>" for text in cells) + "</tr>"

    if not items:
        return "<p>(empty)</p>"
    names = columns(items[0])
    body = [row((cell(getattr(item, name)) for name in names), "td") for item in items[:ROWS]]
    more = f"<p>{len(items) - ROWS} more rows</p>" if len(items) > ROWS else ""
    return f"<table><thead>{row(names, 'th')}</thead><tbody>{''.join(body)}</tbody></table>{more}"


def _terminal() -> int:
    """Returns the number of characters per line."""
    import shutil

    return shutil.get_terminal_size((WIDE, 0)).columns


def _fit(widths: list[int], width: int) -> int:
    """Returns how many columns fit in a line, at least one."""
    used = -2
    for i, size in enumerate(widths):
        used += 2 + size
        if used > width:
            return max(i, 1)
    return len(widths)
