"""The exceptions of the package: one hierarchy, a class per kind."""

from __future__ import annotations

from ._hints import hinted_methods

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._response import Headers


class RequestInfo(tuple[str, str]):
    """Method and path of a request, without credentials."""

    __slots__ = ()
    __match_args__ = ("method", "path")

    @property
    def method(self) -> str:
        """HTTP method."""
        return self[0]

    @property
    def path(self) -> str:
        """Path and query; the path template of the spec if nothing was sent."""
        return self[1]

    def __repr__(self) -> str:
        return f"RequestInfo(method={self.method!r}, path={self.path!r})"


@hinted_methods
class ConfigCatError(Exception):
    """Base class of all errors of a call.

    The underlying error, such as an ``OSError``, is its ``__cause__``. Exceptions can be pickled.

    Attributes:
        kind: Kind of error, such as ``not_found``.
        status: HTTP status, if there was a response.
        field_errors: Messages by field, from the response or from the validation before sending.
        retry_after: Seconds to wait before a retry, if the service or the rate limiter specified it.
        attempts: Number of times the request was sent; 0 if it was never sent.
        maybe_applied: Whether the service may have applied the request although the call failed.
        is_retryable: Whether the same call may succeed later, because the call itself is valid: the rate limit was
            exceeded, the service or the connection failed, or the call timed out.
        operation: The operation, such as ``configs.create``; method and path of a raw request.
        request: Method and path of the request.
        method: HTTP method of the operation.
        path_template: Path of the operation with the names of its parameters, such as ``/v1/configs/{configId}``.
        headers: Headers of the response, without credentials; empty if there was no response.
        path: JSON path of the value that could not be decoded.
        body: Body of the response, at most its first 16 KiB.
        hint: How to fix the problem.
    """

    hint: str = ""

    def __init__(
        self,
        message: str,
        *,
        kind: str = "server",
        status: int | None = None,
        field_errors: dict[str, list[str]] | None = None,
        retry_after: float | None = None,
        attempts: int = 0,
        maybe_applied: bool = False,
        is_retryable: bool = False,
        operation: str | None = None,
        request: tuple[str, str] | None = None,
        method: str | None = None,
        path_template: str | None = None,
        headers: list[tuple[str, str]] | None = None,
        path: str | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.field_errors = field_errors or {}
        self.retry_after = retry_after
        self.attempts = attempts
        self.maybe_applied = maybe_applied
        self.is_retryable = is_retryable
        self.operation = operation
        self.request = None if request is None else RequestInfo(request)
        self.method = method
        self.path_template = path_template
        self._headers = headers or []
        self.path = path
        self.body = body

    @property
    def headers(self) -> Headers:
        # Imported on first use: it needs `typing`, which takes two fifths of this package's import time.
        from ._response import Headers

        return Headers(self._headers)

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}. {self.hint}" if self.hint else message

    def __reduce__(self) -> tuple[Callable[..., BaseException], tuple[Any, ...], dict[str, Any]]:
        return _make, (type(self), self.args), self.__dict__

    def _about(self, operation: str, method: str, path: str) -> None:
        """Records the call whose arguments were rejected."""
        self.operation = operation
        self.request = RequestInfo((method, path))
        self.method, self.path_template = method, path
        self.args = (f"{operation}: {self.args[0]}",)


def _make(cls: type[BaseException], args: tuple[Any, ...]) -> BaseException:
    error = cls.__new__(cls)
    error.args = args
    return error


class ConfigurationError(ConfigCatError):
    """The configuration of the client is invalid, such as a missing credential or an invalid URL."""


class BadRequestError(ConfigCatError):
    """The request is invalid; see ``field_errors``. With ``attempts == 0`` it was rejected before sending."""


class AuthenticationError(ConfigCatError):
    """The credentials are missing or wrong (401)."""

    hint = "Check the user name and password of the Public API credential"


class PermissionDeniedError(ConfigCatError):
    """The credentials lack the permission (403)."""

    hint = "The permission group behind the credentials has to allow this"


class NotFoundError(ConfigCatError):
    """Not found, or not visible to the credentials (404)."""


class AmbiguousNameError(ConfigCatError, LookupError):
    """Several items have the requested name: use an id instead."""


class ConflictError(ConfigCatError):
    """The request conflicts with a newer state (409, 412)."""

    hint = "Read the newer state and decide again"


class EditConflictError(ConflictError):
    """A concurrent change conflicts with an edit.

    Attributes:
        base: The state that the edit began with.
        theirs: The state after the concurrent change.
        mine: The state that the edit would have produced, as input.
        patch: The patch that was not applied.
    """

    base: Any = None
    theirs: Any = None
    mine: Any = None
    patch: list[dict[str, Any]]


class RateLimitError(ConfigCatError):
    """The rate limit is exceeded, or the wait for it would be too long; see ``retry_after``."""

    hint = "Wait as long as retry_after says, or allow longer waits with max_rate_limit_wait"


class ServerError(ConfigCatError):
    """The service failed (5xx)."""


class CallTimeoutError(ConfigCatError, TimeoutError):
    """The call timed out."""


class CallConnectionError(ConfigCatError, ConnectionError):
    """The connection could not be established, or it failed."""


class DecodeError(ConfigCatError):
    """The response does not match the spec; ``path`` is the location."""

    hint = "A newer version of this package may support this response"


class CallCancelledError(ConfigCatError):
    """The call was cancelled."""
