"""What both clients have in common: options, the native client behind them, and its life."""

from __future__ import annotations

import atexit
import os
import warnings
from typing import TYPE_CHECKING, Any

from . import _native

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._native import NativeClient, RateLimit, Usage

# The thread that serves the connections ends before the interpreter does.
atexit.register(_native.shutdown)

_forks = 0
"""How often this process has come from a fork: connections and threads of the parent are not there."""


def _forked() -> None:
    global _forks
    _forks += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


class BaseClient:
    """Options and life of a client."""

    def __init__(
        self,
        *,
        username: str | None = None,
        password: str | None = None,
        base_url: str | None = None,
        timeout: float | None = None,
        attempt_timeout: float | None = None,
        connect_timeout: float | None = None,
        max_attempts: int | None = None,
        retry_all_methods: bool | None = None,
        rate_limit: str | None = None,
        max_rate_limit_wait: float | None = None,
        max_response_size: int | None = None,
        proxy: str | None = None,
        no_proxy: bool | None = None,
        root_certificate: bytes | None = None,
        caller_id: str | None = None,
        user_agent: str | None = None,
        allow_http: bool | None = None,
    ) -> None:
        self._native: NativeClient | None = None
        options: dict[str, Any] = {
            "username": username,
            "password": password,
            "base_url": base_url,
            "timeout": timeout,
            "attempt_timeout": attempt_timeout,
            "connect_timeout": connect_timeout,
            "max_attempts": max_attempts,
            "retry_all_methods": retry_all_methods,
            "rate_limit": rate_limit,
            "max_rate_limit_wait": max_rate_limit_wait,
            "max_response_size": max_response_size,
            "proxy": proxy,
            "no_proxy": no_proxy,
            "root_certificate": root_certificate,
            "caller_id": caller_id,
            "user_agent": user_agent,
            "allow_http": allow_http,
        }
        native = _native.NativeClient({name: value for name, value in options.items() if value is not None})
        self._take(native, None, None, owner=True)

    def _take(self, native: NativeClient, timeout: float | None, max_attempts: int | None, *, owner: bool) -> None:
        self._native = native
        self._forks = _forks
        self._timeout = timeout
        self._max_attempts = max_attempts
        self._owner = owner

    def _open(self) -> NativeClient:
        if self._native is None:
            raise RuntimeError("the client is closed")
        if self._forks != _forks:
            self._native = self._native.again()
            self._forks = _forks
        return self._native

    def with_options(self, *, timeout: float | None = None, max_attempts: int | None = None) -> Self:
        """A client with other limits for its calls, which shares connections and rate limit with this one.

        Args:
            timeout: Seconds that a whole call may take; as here when left out.
            max_attempts: How often to try at most; as here when left out.
        """
        other = type(self).__new__(type(self))
        other._take(
            self._open(),
            self._timeout if timeout is None else timeout,
            self._max_attempts if max_attempts is None else max_attempts,
            owner=False,
        )
        return other

    @property
    def rate_limit(self) -> RateLimit:
        """What is known of the rate limit right now."""
        return self._open().rate_limit()

    @property
    def usage(self) -> Usage:
        """What the client has sent and waited so far."""
        return self._open().usage()

    def close(self) -> None:
        """Closes the client. Calls that are on their way end as usual."""
        self._native = None

    @property
    def closed(self) -> bool:
        """Whether the client is closed."""
        return self._native is None

    def __del__(self) -> None:
        # A constructor that has failed leaves an object without attributes.
        if self.__dict__.get("_native") is not None and self._owner:
            warnings.warn(f"unclosed {self!r}", ResourceWarning, source=self)

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"<{name} closed>" if self._native is None else f"<{name} {self._open().rate_limit()!r}>"
