"""Calls for asyncio: the native half performs them and notifies the event loop when they complete."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from ._connection import Connection, pairs
from ._native import Inbox
from ._options import limits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from ._native import Job, RateLimit, RateLimits, Task

_inboxes: WeakKeyDictionary[asyncio.AbstractEventLoop, ref[Inbox]] = WeakKeyDictionary()
"""Inbox of each event loop, which receives completed calls.

An inbox lives only while there are calls, because its futures keep their event loop alive.
"""


class AsyncConnection(Connection):
    """A connection whose calls return awaitables."""

    __slots__ = ()

    async def _run(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        whole: bool,
        headers: Mapping[str, str] | None,
    ) -> Any:
        timeout, max_attempts = limits(timeout, max_attempts)
        inbox, future = begin()
        task = self.open().start(
            inbox,
            future,
            operation,
            parameters,
            body,
            self.timeout if timeout is None else timeout,
            self.max_attempts if max_attempts is None else max_attempts,
            whole,
            self.extra(headers),
        )
        return await result(task, future)

    async def run_job(self, job: Job, on_progress: Callable[[int, int], None] | None = None) -> Any:
        """Does a job, and returns its result."""
        inbox, future = begin()
        report = None if on_progress is None else _reporter(on_progress, future)
        task = self.open().start_job(inbox, future, job, self.timeout, self.max_attempts, self.headers, report)
        return await result(task, future)

    async def request(
        self,
        method: str,
        path: str,
        query: Any,
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        headers: Mapping[str, str] | None,
    ) -> Any:
        """Makes a request by method and path, and returns the whole response."""
        timeout, max_attempts = limits(timeout, max_attempts)
        inbox, future = begin()
        task = self.open().start_request(
            inbox,
            future,
            method,
            path,
            pairs(query),
            body,
            self.timeout if timeout is None else timeout,
            self.max_attempts if max_attempts is None else max_attempts,
            self.extra(headers),
        )
        return await result(task, future)


def begin() -> tuple[Inbox, asyncio.Future[None]]:
    """Returns the inbox of the running event loop, and a future for a call."""
    loop = _running_loop()
    known = _inboxes.get(loop)
    inbox = None if known is None else known()
    if inbox is None:
        inbox = Inbox(ref(loop))
        _inboxes[loop] = ref(inbox)
    return inbox, loop.create_future()


async def result(task: Task, future: asyncio.Future[None]) -> Any:
    """Waits for a call, which is cancelled if this is."""
    try:
        await future
    except BaseException:
        task.cancel()
        raise
    return task.result()


async def rate_limits(states: RateLimits) -> AsyncIterator[RateLimit]:
    """Iterates over the states of a rate limit."""
    while True:
        inbox, future = begin()
        state: RateLimit | None = await result(states.start(inbox, future), future)
        if state is None:
            return
        yield state


def _reporter(
    on_progress: Callable[[int, int], None], future: asyncio.Future[None]
) -> Callable[[int, int], bool]:
    """Returns a function whose exceptions end the job, and which runs in the context of the job. It returns whether the job goes on."""
    context = copy_context()

    def report(completed: int, total: int) -> bool:
        if future.done():
            return False
        try:
            context.run(on_progress, completed, total)
            return True
        except Exception as error:
            # A future does not accept this one.
            failure = RuntimeError("on_progress raised StopIteration") if isinstance(error, StopIteration) else error
            future.set_exception(failure)
            return False

    return report


def _running_loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError(
            "AsyncClient is for asyncio, and no event loop of asyncio is running here; "
            "under trio, call a Client by trio.to_thread.run_sync"
        ) from None
