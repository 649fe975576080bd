"""The client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._generated import Resources
from ._native import NativeClient, RateLimit, Usage

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self


class Client(Resources):
    """A client for the ConfigCat Public Management API.

    Safe to share between threads. What is left out comes from the environment (``CONFIGCAT_API_USER``,
    ``CONFIGCAT_API_PASS``, ``CONFIGCAT_BASE_URL`` or ``CONFIGCAT_API_HOST``) or has the default that is named here.

    Args:
        username: User name of a Public API credential.
        password: Its password.
        base_url: Where the service lives. Default: ``https://api.configcat.com``.
        timeout: Seconds for a whole call with its waits and retries. Default: 300.
        attempt_timeout: Seconds for one attempt. Default: 30.
        connect_timeout: Seconds for making a connection. Default: 10.
        max_attempts: How often to send a request at most. Default: 3.
        retry_all_methods: Whether to repeat POST and PATCH too when an answer is lost; they may then be carried out
            twice. Default: no.
        rate_limit: ``"pace"`` waits for the budget, ``"fail_fast"`` fails when it is used up, ``"off"`` does not look.
            Default: ``"pace"``.
        max_rate_limit_wait: Seconds of the longest single wait for the rate limit. Default: 60.
        max_response_size: Bytes of the largest answer. Default: 64 MiB.
        proxy: Address of a proxy. Default: what the system says.
        no_proxy: Whether to use no proxy, whatever the system says.
        root_certificate: PEM certificates to trust beside those of the platform.
        caller_id: Sent as ``X-Caller-Id``: ``name/version``.
        user_agent: Product to put in front of our own in ``User-Agent``: ``name/version``.
        allow_http: Whether to allow ``http`` to hosts other than this machine. Default: no.

    Raises:
        ConfigurationError: A credential is missing, or an address or certificate cannot be used.
    """

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
        self._native: NativeClient | None = NativeClient({k: v for k, v in options.items() if v is not None})
        self._caller = self._call

    def _open(self) -> NativeClient:
        if self._native is None:
            raise RuntimeError("the client is closed")
        return self._native

    def _call(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
    ) -> Any:
        return self._open().call(operation, parameters, body, timeout, max_attempts)

    @property
    def rate_limit(self) -> RateLimit:
        """What is known of the rate limit right now."""
        return self._open().rate_limit()

    @property
    def usage(self) -> Usage:
        """What the client has sent and waited so far."""
        return self._open().usage()

    def close(self) -> None:
        """Closes the connections. Calls that are on their way in other threads end as usual."""
        self._native = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<Client closed>" if self._native is None else f"<Client {self._native.rate_limit()!r}>"
