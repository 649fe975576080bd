"""The asyncio client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ._async_change_methods import AsyncChangeMethods
from ._async_connection import AsyncConnection, rate_limits
from ._base import BaseClient
from ._generated.clients import AsyncResources
from ._native import ABSENT
from ._suggest import suggesting_methods

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable, Mapping
    from types import TracebackType

    from typing_extensions import Self

    from ._bulk import BulkResult, Progress
    from ._generated.with_response import AsyncResourcesWithResponse
    from ._native import RateLimit
    from ._response import Response

T = TypeVar("T")


class _Closed:
    """Awaitable of a client that is closed already, so that closing works with and without ``await``."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, None, None]:
        yield from ()


@suggesting_methods
class AsyncClient(BaseClient, AsyncChangeMethods, AsyncResources):
    """An asyncio client for the ConfigCat Public Management API.

    Has the methods of :class:`Client` as coroutines. Cancelling a call cancels its request; a request that has not been
    sent yet is not sent. One client serves any number of event loops, one after the other or in several threads.

    Takes the options of :class:`Client`, with the same defaults and the same environment variables. ``credentials`` may be a
    coroutine function; it is called in the event loop.

    Raises:
        ConfigurationError: A credential is missing, or a URL or certificate cannot be used.
        TypeError: An option has the wrong type, or there is none of this name.
        ValueError: An option is out of its range.
    """

    _connect = AsyncConnection

    @property
    def with_response(self) -> AsyncResourcesWithResponse:
        """The same resources and methods, which return a :class:`Response` with status, headers and history."""
        from ._generated.with_response import AsyncResourcesWithResponse

        # Kept, so that a test can replace a method of it.
        cached: AsyncResourcesWithResponse | None = self.__dict__.get("_responding")
        if cached is None:
            cached = self._responding = AsyncResourcesWithResponse(AsyncResources(self._connection.respond))
        return cached

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
        body: Any = ABSENT,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        max_attempts: int | None = None,
    ) -> Response[Any]:
        """Makes a request by method and path, for endpoints that this version does not have.

        It is paced, retried, redacted and limited in time like any other call: GET, PUT and DELETE are repeated after a
        lost response, POST and PATCH are not.

        Args:
            method: HTTP method: GET, POST, PUT, PATCH or DELETE.
            path: Path relative to the base URL, such as ``/v1/products``. Characters that a path cannot have must be
                percent-encoded.
            query: Parameters of the query, which are encoded. A value may be a list; ``None`` leaves out a parameter.
            body: Body, sent as JSON without a check. Default: no body.
            headers: Extra headers of this call, in the place of those of the client with the same names.
            timeout: Time limit of the whole call in seconds. Default: the client's.
            max_attempts: Maximum number of attempts. Default: the client's.

        Returns:
            The response. Its ``value`` is the decoded JSON: ``None`` if the body is empty or is not JSON. Its ``body`` has
            the bytes in any case.

        Raises:
            BadRequestError: Method, path or a header is invalid; with ``attempts == 0`` nothing was sent.
            ConfigCatError: The call failed for another reason.
        """
        response: Response[Any] = await self._connection.request(
            method, path, query, body, timeout, max_attempts, headers
        )
        return response

    def rate_limit_changes(self) -> AsyncIterator[RateLimit]:
        """Iterates over the states of the rate limit: the current one, and again whenever a response has changed it.

        It ends when the client is closed, and those that ``with_options`` has made of it are too. Of changes that come faster than
        they are taken, the latest is never missed.

            async for state in client.rate_limit_changes():
                print(state.remaining, "requests left")

        Raises:
            RuntimeError: The client is closed.
        """
        return rate_limits(self._connection.open().rate_limits())

    async def bulk(
        self,
        calls: Iterable[Callable[[], Awaitable[T]]],
        *,
        concurrency: int = 64,
        progress: Progress | Callable[[int], object] | bool | None = None,
    ) -> BulkResult[T]:
        """Makes many calls concurrently, within the rate limit, and collects the outcome of each.

        A call is a function without parameters that returns an awaitable, such as
        ``functools.partial(client.settings.delete, setting_id)``. An error ends only its own call.

        Args:
            calls: The calls. An iterator is consumed as calls are made.
            concurrency: Maximum number of concurrent calls, at least 1. Default: 64.
            progress: Progress bar such as a ``tqdm``, whose ``update(1)`` is called after each call, or a function, which is
                called with the number of completed calls. ``True`` shows a line on stderr, ``False`` shows nothing.
                Default: the line if stderr is a terminal.

        Returns:
            A :class:`BulkResult`: one outcome per call, in the order of the calls.

        Raises:
            ValueError: The concurrency is less than 1.
            TypeError: An argument has the wrong type, or a call is not a function, such as a coroutine. In a list, this is found before any call is made; in an
                iterator, when the call is reached.
        """
        from ._bulk import async_run

        return await async_run(calls, concurrency, progress)

    def close(self) -> Awaitable[None]:
        """Closes the client. Calls in flight complete normally.

        The client is closed when this returns, with ``await client.close()`` as well as with ``client.close()``.
        """
        self._connection.close()
        return _Closed()

    async def aclose(self) -> None:
        """Closes the client, as :meth:`close` does. For ``contextlib.aclosing``."""
        self._connection.close()

    if not TYPE_CHECKING:

        def __enter__(self):
            raise TypeError("an AsyncClient is used with `async with`; for `with`, use a Client")

        def __exit__(self, *error):
            """Exists so that ``__enter__`` is called."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()
