"""The client whose calls are awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ._async_connection import AsyncConnection
from ._base import BaseClient
from ._generated.clients import AsyncResources

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from types import TracebackType

    from typing_extensions import Self

    from ._bulk import BulkResult, Progress
    from ._generated.with_response import AsyncResourcesWithResponse

T = TypeVar("T")

class AsyncClient(BaseClient, AsyncResources):
    """A client for the ConfigCat Public Management API, for asyncio.

    The same methods as :class:`Client`, to be awaited. Cancelling one ends its request; what has not been sent is not
    sent any more. One client serves any number of event loops, one after the other or in several threads.

    Takes the options of :class:`Client`, with the same defaults and the same environment variables.

    Raises:
        ConfigurationError: A credential is missing, or an address or certificate cannot be used.
    """

    _connect = AsyncConnection

    @property
    def with_response(self) -> AsyncResourcesWithResponse:
        """The same resources and methods; what they give is a :class:`Response` with status, headers and history."""
        from ._generated.with_response import AsyncResourcesWithResponse

        return AsyncResourcesWithResponse(AsyncResources(self._connection.respond))

    async def bulk(
        self,
        calls: Iterable[Callable[[], Awaitable[T]]],
        *,
        concurrency: int = 64,
        progress: Progress | bool | None = None,
    ) -> BulkResult[T]:
        """Makes many calls at once, within the rate limit, and collects what comes of each.

        A call is anything that gives an awaitable when it is called without arguments, such as
        ``functools.partial(client.settings.delete, setting_id)``. An error ends its own call only.

        Args:
            calls: The calls; an iterator is read as calls are made.
            concurrency: How many are made at the same time, from 1. Default: 64.
            progress: Called with nothing but ``update(1)`` after each call, as a ``tqdm`` is; ``True`` shows a line on
                stderr, ``False`` nothing. Default: the line when stderr is a terminal.

        Returns:
            A :class:`BulkResult`: one outcome per call, in the order of the calls.
        """
        from ._bulk import async_run

        return await async_run(calls, concurrency, progress)

    async def aclose(self) -> None:
        """Closes the client; the same as :meth:`close`, for ``contextlib.aclosing``."""
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
