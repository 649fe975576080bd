"""Iterates over the items of all pages; in ``with_response``, over the pages as whole responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ._response import Response, value_of

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


def _shown(response: Any, found: Sequence[Any] | None) -> Sequence[Any]:
    """Returns what a page is for the caller: its items, or the whole response with them as its value."""
    found = found or ()
    return [response.with_value(list(found))] if isinstance(response, Response) else found


def items(
    fetch: Callable[[int], A], split: Callable[[A], tuple[Paging | None, Sequence[T] | None]]
) -> Iterator[T]:
    """Yields every item of every page. A page is fetched when it is reached."""
    page, more = FIRST, True
    while more:
        response = fetch(page)
        paging, found = split(value_of(response))
        yield from _shown(response, found)
        page, more = page + 1, _more(paging, found)


async def async_items(
    fetch: Callable[[int], Awaitable[A]], split: Callable[[A], tuple[Paging | None, Sequence[T] | None]]
) -> AsyncIterator[T]:
    """Yields every item of every page. A page is fetched when it is reached."""
    page, more = FIRST, True
    while more:
        response = await fetch(page)
        paging, found = split(value_of(response))
        for item in _shown(response, found):
            yield item
        page, more = page + 1, _more(paging, found)
