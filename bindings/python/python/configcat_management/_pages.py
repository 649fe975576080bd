"""Iterates over the items of all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

    from ._generated.models import Paging

A = TypeVar("A")
T = TypeVar("T")

FIRST = 1
"""Number of the first page."""


def _more(paging: Paging | None, items: Sequence[T] | None) -> bool:
    # Stops at an empty page: otherwise a service that always reports a next page would cause an endless loop.
    return bool(paging and paging.has_next and items)


def items(
    fetch: Callable[[int], A], split: Callable[[A], tuple[Paging | None, Sequence[T] | None]]
) -> Iterator[T]:
    """Yields every item of every page. A page is fetched when it is reached."""
    page, more = FIRST, True
    while more:
        paging, found = split(fetch(page))
        yield from found or ()
        page, more = page + 1, _more(paging, found)


async def async_items(
    fetch: Callable[[int], Awaitable[A]], split: Callable[[A], tuple[Paging | None, Sequence[T] | None]]
) -> AsyncIterator[T]:
    """Yields every item of every page. A page is fetched when it is reached."""
    page, more = FIRST, True
    while more:
        paging, found = split(await fetch(page))
        for item in found or ():
            yield item
        page, more = page + 1, _more(paging, found)
