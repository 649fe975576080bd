"""Calls for asyncio: the native half performs them and notifies the event loop when they complete."""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakKeyDictionary, ref

from ._connection import Connection
from ._native import Inbox

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
    ) -> Any:
        loop = _running_loop()
        known = _inboxes.get(loop)
        inbox = None if known is None else known()
        if inbox is None:
            inbox = Inbox(ref(loop))
            _inboxes[loop] = ref(inbox)
        future = loop.create_future()
        task = self.open().start(
            inbox,
            future,
            operation,
            parameters,
            body,
            self.timeout if timeout is None else timeout,
            self.max_attempts if max_attempts is None else max_attempts,
            whole,
        )
        try:
            await future
        except BaseException:
            task.cancel()
            raise
        return task.result()


def _running_loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError(
            "AsyncClient is for asyncio, and no event loop of asyncio is running here; "
            "under trio, call a Client by trio.to_thread.run_sync"
        ) from None
