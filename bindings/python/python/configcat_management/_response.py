"""A response with its metadata."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from copy import copy
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, cast

from ._hints import hinted_methods

if TYPE_CHECKING:
    from ._native import RateLimit

P = ParamSpec("P")
T = TypeVar("T")


@hinted_methods
class Headers(Mapping[str, str]):
    """Headers of a response. Names are case-insensitive; values of repeated headers are joined by commas."""

    __slots__ = ("_values",)

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values: dict[str, str] = {}
        for name, value in pairs:
            name = name.lower()
            self._values[name] = f"{self._values[name]}, {value}" if name in self._values else value

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({self._values!r})"


@hinted_methods
class Response(Generic[T]):
    """Result of calls through ``client.with_response``: the value and details of the call.

    Attributes:
        value: The decoded body.
        status: HTTP status.
        headers: Headers of the response.
        rate_limit: State of the rate limit after the response was received.
        attempts: Number of times the request was sent.
        elapsed: Seconds that the whole call took, including waits and retries.
        waited: Seconds of ``elapsed`` spent waiting for the rate limit.
        already_deleted: Whether a deletion found nothing because an earlier attempt of the same call had deleted it.
        body: Body as it was received.
    """

    __slots__ = ("value", "status", "headers", "rate_limit", "attempts", "elapsed", "waited", "already_deleted", "body")

    def __init__(
        self,
        value: T,
        status: int,
        headers: list[tuple[str, str]],
        rate_limit: RateLimit,
        attempts: int,
        elapsed: float,
        waited: float,
        already_deleted: bool,
        body: bytes = b"",
    ) -> None:
        self.value = value
        self.status = status
        self.headers = Headers(headers)
        self.rate_limit = rate_limit
        self.attempts = attempts
        self.elapsed = elapsed
        self.waited = waited
        self.already_deleted = already_deleted
        self.body = body

    def with_value(self, value: Any) -> Response[Any]:
        """Returns a copy with another value."""
        other: Response[Any] = copy(self)
        other.value = value
        return other

    def __repr__(self) -> str:
        return f"<Response {self.status} after {self.elapsed:.3f} s, attempts={self.attempts}>"


def respond(method: Callable[P, T]) -> Callable[P, Response[T]]:
    """Types a method of a resource whose calls return responses."""
    return cast("Callable[P, Response[T]]", method)


def async_respond(method: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, Response[T]]]:
    """Types a method of a resource whose calls return responses."""
    return cast("Callable[P, Coroutine[Any, Any, Response[T]]]", method)


def respond_pages(method: Callable[P, Iterator[T]]) -> Callable[P, Iterator[Response[list[T]]]]:
    """Types a method that iterates over pages, each of which is a response whose value is the list of its items."""
    return cast("Callable[P, Iterator[Response[list[T]]]]", method)


def async_respond_pages(method: Callable[P, AsyncIterator[T]]) -> Callable[P, AsyncIterator[Response[list[T]]]]:
    """Types a method that iterates over pages, each of which is a response whose value is the list of its items."""
    return cast("Callable[P, AsyncIterator[Response[list[T]]]]", method)


_VALUE = attrgetter("value")
"""Of a response whose type of value is not known."""


def value_of(result: Any) -> Any:
    """Returns the value of a response; any other argument is a value."""
    return _VALUE(result) if isinstance(result, Response) else result
