"""Lists that print as tables."""

from __future__ import annotations

from ._types import is_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, TypeVar

    _T = TypeVar("_T")

ROWS = 20
"""Maximum number of rows shown."""
CELL = 40
"""Maximum number of characters per cell."""
WIDE = 120
"""Width of a table without a terminal, in characters."""


class ModelList(list["_T"]):
    """A ``list`` of models that prints as a table, also in a notebook."""

    __slots__ = ()

    def to_dicts(self) -> list[dict[str, Any]]:
        """Returns the items with JSON names, as input for ``pandas.DataFrame`` and ``polars.DataFrame``."""
        return [item.to_dict() for item in self]  # type: ignore[attr-defined]

    def to_table(self, columns: Sequence[str] | None = None, *, rows: int | None = ROWS, width: int | None = None) -> str:
        """Formats the list as a table with a line per item.

        Args:
            columns: Attributes to show. Default: as many as fit.
            rows: Maximum number of items to show; all if ``None``. Default: 20.
            width: Characters per line. Default: the width of the terminal.
        """
        shown = list(self if rows is None else self[:rows])
        if not shown:
            return "(empty)"
        names = _columns(shown[0]) if columns is None else list(columns)
        cells = [[_cell(getattr(item, name)) for name in names] for item in shown]
        widths = [max(len(name), *(len(row[i]) for row in cells)) for i, name in enumerate(names)]
        fit = len(names) if columns is not None else _fit(widths, width or _terminal())
        lines = [names, ["-" * size for size in widths], *cells]
        text = "\n".join("  ".join(cell.ljust(size) for cell, size in zip(line[:fit], widths)).rstrip() for line in lines)
        notes = [f"{len(self) - len(shown)} more rows"] if len(shown) < len(self) else []
        notes += [f"{len(names) - fit} more columns: {', '.join(names[fit:])}"] if fit < len(names) else []
        return f"{text}\n({'; '.join(notes)})" if notes else text

    def __repr__(self) -> str:
        return self.to_table()

    def __str__(self) -> str:
        return self.to_table()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.to_table())

    def _repr_html_(self) -> str:
        from html import escape

        def row(cells: Iterable[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        if not self:
            return "<p>(empty)</p>"
        names = _columns(self[0])
        body = [row((_cell(getattr(item, name)) for name in names), "td") for item in self[:ROWS]]
        more = f"<p>{len(self) - ROWS} more rows</p>" if len(self) > ROWS else ""
        return f"<table><thead>{row(names, 'th')}</thead><tbody>{''.join(body)}</tbody></table>{more}"


def _terminal() -> int:
    """Returns the number of characters per line."""
    import shutil

    return shutil.get_terminal_size((WIDE, 0)).columns


def _columns(item: Any) -> list[str]:
    return list(item.__match_args__)


def _fit(widths: list[int], width: int) -> int:
    """Returns how many columns fit in a line, at least one."""
    used = -2
    for i, size in enumerate(widths):
        used += 2 + size
        if used > width:
            return max(i, 1)
    return len(widths)


def _cell(value: Any) -> str:
    """Formats a value in a few characters: an object as its name, a list as its length."""
    if value is None:
        return ""
    if is_list(value):
        return f"[{len(value)}]"
    name = getattr(value, "name", None) if hasattr(value, "__match_args__") else None
    text = str(value if name is None else name).replace("\n", " ")
    return text if len(text) <= CELL else text[: CELL - 1] + "…"
