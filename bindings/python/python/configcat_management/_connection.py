"""State shared by clients and their resources: the native client and the limits of calls.

A resource refers to the connection and not to its client: there is no reference cycle, and a client is freed with its
last reference.
"""

from __future__ import annotations

import atexit
import os

from . import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
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


class Connection:
    """A native client and the limits of its calls.

    Attributes:
        native: The native client; ``None`` if it is closed.
        timeout: Seconds for a whole call. If ``None``, the native client's timeout applies.
        max_attempts: Maximum number of attempts. If ``None``, the native client's maximum applies.
    """

    __slots__ = ("__weakref__", "_forks", "max_attempts", "native", "timeout")

    def __init__(
        self, native: _native.NativeClient, timeout: float | None = None, max_attempts: int | None = None
    ) -> None:
        self.native: _native.NativeClient | None = native
        self.timeout = timeout
        self.max_attempts = max_attempts
        self._forks = _forks

    def open(self) -> _native.NativeClient:
        """Returns the native client. In a child process after a fork, creates a new one first."""
        if self.native is None:
            raise RuntimeError("the client is closed")
        if self._forks != _forks:
            self.native = self.native.again()
            self._forks = _forks
        return self.native

    def call(
        self, operation: str, parameters: dict[str, Any], body: Any, timeout: float | None, max_attempts: int | None
    ) -> Any:
        """Calls an operation and returns its value."""
        return self._run(operation, parameters, body, timeout, max_attempts, False)

    def respond(
        self, operation: str, parameters: dict[str, Any], body: Any, timeout: float | None, max_attempts: int | None
    ) -> Any:
        """Calls an operation and returns the whole response."""
        return self._run(operation, parameters, body, timeout, max_attempts, True)

    def _run(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        whole: bool,
    ) -> Any:
        return self.open().call(
            operation,
            parameters,
            body,
            self.timeout if timeout is None else timeout,
            self.max_attempts if max_attempts is None else max_attempts,
            whole,
        )
