"""State shared by clients and their resources: the native client and the limits of calls.

A resource refers to the connection and not to its client: there is no reference cycle, and a client is freed with its
last reference.
"""

from __future__ import annotations

import atexit
import os

from . import _native
from ._options import limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

# Stop the thread that serves the connections before the interpreter exits.
atexit.register(_native.shutdown)

_forks = 0
"""Number of forks that led to this process. Connections and threads of the parent do not exist after a fork."""


def _forked() -> None:
    global _forks
    _forks += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def pairs(query: Any) -> Any:
    """Returns names and values of a query, which is a mapping or consists of pairs."""
    return () if query is None else query.items() if hasattr(query, "items") else query


class Connection:
    """A native client and the limits of its calls.

    Attributes:
        native: The native client; ``None`` if it is closed.
        timeout: Seconds for a whole call. If ``None``, the native client's timeout applies.
        max_attempts: Maximum number of attempts. If ``None``, the native client's maximum applies.
        headers: Extra headers, in addition to those of the native client.
    """

    __slots__ = ("__weakref__", "_forks", "_last", "headers", "max_attempts", "native", "timeout")

    def __init__(
        self,
        native: _native.NativeClient,
        timeout: float | None = None,
        max_attempts: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.native: _native.NativeClient | None = native
        self.timeout = timeout
        self.max_attempts = max_attempts
        self.headers = headers
        self._forks = _forks
        self._last: tuple[_native.RateLimit, _native.Usage] | None = None

    def open(self) -> _native.NativeClient:
        """Returns the native client. In a child process after a fork, creates a new one first."""
        if self.native is None:
            raise RuntimeError("the client is closed")
        if self._forks != _forks:
            self.native = self.native.again()
            self._forks = _forks
        return self.native

    def state(self) -> tuple[_native.RateLimit, _native.Usage]:
        """Returns the rate limit and the usage, of a closed client those that it had when it was closed."""
        if self._last is not None:
            return self._last
        native = self.open()
        return native.rate_limit(), native.usage()

    def close(self) -> None:
        """Closes the connection, after which calls are refused. Calls in flight complete normally."""
        # In a child process after a fork, locks of the native client may be held by threads that do not exist there.
        if self.native is not None and self._forks == _forks:
            self._last = self.state()
        self.native = None

    def extra(self, headers: Mapping[str, str] | None) -> Mapping[str, str] | None:
        """Returns the extra headers of a call, which come last because they replace the others."""
        return headers if not self.headers else {**self.headers, **headers} if headers else self.headers

    def call(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Calls an operation and returns its value."""
        return self._run(operation, parameters, body, timeout, max_attempts, False, headers)

    def respond(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Calls an operation and returns the whole response."""
        return self._run(operation, parameters, body, timeout, max_attempts, True, headers)

    def request(
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
        return self.open().request(
            method,
            path,
            pairs(query),
            body,
            self.timeout if timeout is None else timeout,
            self.max_attempts if max_attempts is None else max_attempts,
            self.extra(headers),
        )

    def run_job(self, job: _native.Job, on_progress: Callable[[int, int], None] | None = None) -> Any:
        """Does a job, and returns its result."""
        return self.open().run(job, self.timeout, self.max_attempts, self.headers, on_progress)

    def _run(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        whole: bool,
        headers: Mapping[str, str] | None,
    ) -> Any:
        if timeout is not None or max_attempts is not None:
            timeout, max_attempts = limits(timeout, max_attempts)
        return self.open().call(
            operation,
            parameters,
            body,
            self.timeout if timeout is None else timeout,
            self.max_attempts if max_attempts is None else max_attempts,
            whole,
            headers if self.headers is None else self.extra(headers),
        )
