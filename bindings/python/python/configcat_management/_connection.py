"""What clients and their resources share: the native client, the limits of calls, and the calls themselves.

A resource refers to this and not to its client, so that a client goes when nobody refers to it any more.
"""

from __future__ import annotations

import atexit
import os

from . import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The thread that serves the connections ends before the interpreter does.
atexit.register(_native.shutdown)

_forks = 0
"""How often this process has come from a fork: connections and threads of the parent are not there."""


def _forked() -> None:
    global _forks
    _forks += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


class Connection:
    """A native client and the limits of its calls.

    Attributes:
        native: The native client; ``None`` when it is closed.
        timeout: Seconds that a whole call may take; the native client's when ``None``.
        max_attempts: How often to try at most; the native client's when ``None``.
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
        """The native client, which in a child after a fork is a new one."""
        if self.native is None:
            raise RuntimeError("the client is closed")
        if self._forks != _forks:
            self.native = self.native.again()
            self._forks = _forks
        return self.native

    def call(
        self, operation: str, parameters: dict[str, Any], body: Any, timeout: float | None, max_attempts: int | None
    ) -> Any:
        """Calls an operation; gives its value."""
        return self._run(operation, parameters, body, timeout, max_attempts, False)

    def respond(
        self, operation: str, parameters: dict[str, Any], body: Any, timeout: float | None, max_attempts: int | None
    ) -> Any:
        """Calls an operation; gives the response around its value."""
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
