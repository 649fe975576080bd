"""Base of both clients: options and lifecycle."""

from __future__ import annotations

import warnings
from ._connection import Connection
from ._native import NativeClient
from ._options import check, limits
from ._suggest import suggesting_methods

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import Any, ClassVar

    from typing_extensions import Self

    from ._native import Cassette, RateLimit, Usage
    from ._types import Certificate


@suggesting_methods
class BaseClient:
    """Options and lifecycle of a client."""

    _connect: ClassVar[type[Connection]] = Connection

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
        root_certificate: Certificate | None = None,
        client_certificate: Certificate | None = None,
        headers: Mapping[str, str] | None = None,
        caller_id: str | None = None,
        user_agent: str | None = None,
        allow_http: bool | None = None,
        cassette: Cassette | None = None,
        credentials: Callable[[], tuple[str, str] | Awaitable[tuple[str, str]]] | None = None,
        observer: object | None = None,
    ) -> None:
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
            "client_certificate": client_certificate,
            "headers": headers,
            "caller_id": caller_id,
            "user_agent": user_agent,
            "allow_http": allow_http,
            "cassette": cassette,
            "credentials": credentials,
            "observer": observer,
        }
        # Makes lists of models read-only.
        from ._generated import models as _models

        del _models
        native = NativeClient(check(options))
        self._take(self._connect(native), owner=True)

    def _take(self, connection: Connection, *, owner: bool) -> None:
        self._connection = connection
        self._caller: Any = connection.call
        self._owner = owner

    def with_options(
        self,
        *,
        timeout: float | None = None,
        max_attempts: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Returns a client with other options for its calls that shares connections and rate limit with this one.

        Args:
            timeout: Seconds for a whole call, more than 0. Default: unchanged.
            max_attempts: Maximum number of attempts, at least 1. Default: unchanged.
            headers: Extra headers, in addition to those of this client or in their place.

        Raises:
            TypeError: An option has the wrong type; the message names the option and the type that it must have.
            ValueError: An option is out of its range.
        """
        timeout, max_attempts = limits(timeout, max_attempts)
        mine = self._connection
        other = type(self).__new__(type(self))
        connection = self._connect(
            mine.open(),
            mine.timeout if timeout is None else timeout,
            mine.max_attempts if max_attempts is None else max_attempts,
            mine.extra(headers),
        )
        other._take(connection, owner=False)
        return other

    @property
    def rate_limit(self) -> RateLimit:
        """Current state of the rate limit. Of a closed client, the state when it was closed."""
        return self._connection.state()[0]

    @property
    def usage(self) -> Usage:
        """Requests sent and time waited so far. Of a closed client, the state when it was closed."""
        return self._connection.state()[1]

    def network_changed(self) -> None:
        """Reports a network change: another network, or back from sleep.

        Closes the connections of the old network. Attempts in flight fail immediately as if their connection was lost, instead of
        waiting for a timeout, and are retried if that is safe.
        """
        self._connection.open().network_changed()

    @property
    def closed(self) -> bool:
        """Whether the client is closed."""
        return self._connection.native is None

    def __del__(self) -> None:
        # If the constructor failed, the object has no attributes.
        if self.__dict__.get("_owner") and not self.closed:
            warnings.warn(f"unclosed {self!r}", ResourceWarning, source=self)

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"<{name} closed>" if self.closed else f"<{name} {self.rate_limit!r}>"
