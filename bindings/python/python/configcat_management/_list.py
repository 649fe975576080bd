"""Lists of models: they print as tables, and convert to rows for data frames."""

from __future__ import annotations

from . import _table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, SupportsIndex, TypeVar, overload

    from ._names import Names

    _S = TypeVar("_S")
    _T = TypeVar("_T")


class ModelList(list["_T"]):
    """A ``list`` of models that prints as a table, also in a notebook.

    Its slices, copies and sums are such lists, too. Python makes a plain ``list`` of ``sorted(products)`` and of
    ``[p for p in products if ...]``: ``ModelList(...)`` around it prints as a table again, and ``products.sort(...)`` sorts in place.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: SupportsIndex, /) -> _T: ...
        @overload
        def __getitem__(self, index: slice, /) -> ModelList[_T]: ...
        def __getitem__(self, index: Any, /) -> Any: ...
        @overload
        def __add__(self, other: list[_T], /) -> ModelList[_T]: ...
        @overload
        def __add__(self, other: list[_S], /) -> ModelList[_S | _T]: ...
        def __add__(self, other: Any, /) -> Any: ...
        def __mul__(self, count: SupportsIndex, /) -> ModelList[_T]: ...
        def __rmul__(self, count: SupportsIndex, /) -> ModelList[_T]: ...
        def copy(self) -> ModelList[_T]: ...
    else:

        def __getitem__(self, index, /):
            """Returns an item, or a table of the items of a slice."""
            found = list.__getitem__(self, index)
            return ModelList(found) if isinstance(index, slice) else found

        def __add__(self, other, /):
            """Returns a table of the items of both."""
            return ModelList([*self, *other]) if isinstance(other, list) else NotImplemented

        def __mul__(self, count, /):
            """Returns a table with the items repeated."""
            return ModelList(list.__mul__(self, count))

        __rmul__ = __mul__

        def copy(self):
            """Returns a copy, which is a table, too."""
            return ModelList(self)

    def to_dicts(self, *, names: Names = "json") -> list[dict[str, Any]]:
        """Returns the items as nested dictionaries, as the service sends them.

        Args:
            names: ``"json"`` for the names in JSON, such as ``productId``, or ``"snake"`` for the names of the attributes, such as
                ``product_id``. Default: ``"json"``.
        """
        if names == "json":
            return [item.to_dict() for item in self]  # type: ignore[attr-defined]
        return [item.to_dict(names=names) for item in self]  # type: ignore[attr-defined]

    def to_records(self) -> list[dict[str, Any]]:
        """Returns flat rows with typed values, as input for ``pandas.DataFrame`` and ``polars.DataFrame``.

        Every row has the same columns, in the order of the attributes. A nested object is a column per attribute, such as
        ``organization.name``. Timestamps are ``datetime``, enums are strings, and the value of a flag is its plain value; if a
        column has values of several types, they are strings. Lists of strings and numbers stay lists; lists of objects, and objects
        with any names, are JSON text.
        """
        from ._records import records

        return records(self)

    def to_table(
        self, columns: Sequence[str] | None = None, *, rows: int | None = _table.ROWS, width: int | None = None
    ) -> str:
        """Formats the list as a table with a line per item.

        Args:
            columns: Attributes to show. Default: as many as fit, first those that identify an item: name, key, id.
            rows: Maximum number of items to show; all if ``None``. Default: 20.
            width: Characters per line. Default: the width of the terminal.
        """
        return _table.table(self, columns, rows=rows, width=width)

    def __repr__(self) -> str:
        return self.to_table()

    def __str__(self) -> str:
        return self.to_table()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.to_table())

    def _repr_html_(self) -> str:
        return _table.html(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from ._pydantic import list_schema

        return list_schema(cls, source, handler)
