"""The exceptions of the package: one tree, a class per kind."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class RequestInfo(tuple[str, str]):
    """What was asked for, without credentials: a pair of method and path."""

    __slots__ = ()
    __match_args__ = ("method", "path")

    @property
    def method(self) -> str:
        """HTTP method."""
        return self[0]

    @property
    def path(self) -> str:
        """Path and query; the path of the description when nothing was sent."""
        return self[1]

    def __repr__(self) -> str:
        return f"RequestInfo(method={self.method!r}, path={self.path!r})"


class ConfigCatError(Exception):
    """Anything that keeps a call from succeeding.

    The reason behind it, such as an ``OSError``, is its ``__cause__``. Exceptions can be pickled.

    Attributes:
        kind: What kind of thing went wrong, as a word such as ``not_found``.
        status: The HTTP status, when there was an answer.
        field_errors: Messages by field, from the answer or from the check before sending.
        retry_after: Seconds to wait before trying again, when the service or the pacing said so.
        attempts: How often the request was sent; 0 when it never left.
        maybe_applied: Whether the service may have done what was asked although the call failed.
        is_retryable: Whether the same call may succeed later, because nothing is wrong with it: the rate limit was
            used up, the service or the connection failed, or time ran out.
        operation: The operation, such as ``configs.create``.
        request: Method and path of the request.
        path: The JSON path of what could not be read.
        body: The body of the answer, at most its first 16 KiB.
        hint: What to do about it.
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
        self.path = path
        self.body = body

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}. {self.hint}" if self.hint else message

    def __reduce__(self) -> tuple[Callable[..., BaseException], tuple[Any, ...], dict[str, Any]]:
        return _make, (type(self), self.args), self.__dict__

    def _about(self, operation: str, method: str, path: str) -> None:
        """Notes the call whose arguments were refused."""
        self.operation = operation
        self.request = RequestInfo((method, path))
        self.args = (f"{operation}: {self.args[0]}",)


def _make(kind: type[BaseException], args: tuple[Any, ...]) -> BaseException:
    error = kind.__new__(kind)
    error.args = args
    return error


class ConfigurationError(ConfigCatError):
    """The client is set up wrong: a missing credential, a bad address."""


class BadRequestError(ConfigCatError):
    """The request breaks a rule; ``field_errors`` says which. With ``attempts == 0`` it was found before sending."""


class AuthenticationError(ConfigCatError):
    """The credentials are missing or wrong (401)."""

    hint = "Check the user name and password of the Public API credential"


class PermissionDeniedError(ConfigCatError):
    """The credentials lack the right (403)."""

    hint = "The permission group behind the credentials has to allow this"


class NotFoundError(ConfigCatError):
    """Not found, or not visible to the credentials (404)."""


class AmbiguousNameError(ConfigCatError, LookupError):
    """Several things have the name that was looked for: use an id."""


class ConflictError(ConfigCatError):
    """The request meets a newer state (409, 412)."""

    hint = "Read the newer state and decide again"


class EditConflictError(ConflictError):
    """Others have changed what an edit was about to change.

    Attributes:
        base: The state that the edit began with.
        theirs: The state that others have made of it.
        mine: What the edit would have made of it, as input.
        patch: The patch that was not carried out.
    """

    base: Any = None
    theirs: Any = None
    mine: Any = None
    patch: list[dict[str, Any]]


class RateLimitError(ConfigCatError):
    """The rate limit is used up, or the wait for it would be too long; see ``retry_after``."""

    hint = "Wait as long as retry_after says, or allow longer waits with max_rate_limit_wait"


class ServerError(ConfigCatError):
    """The service failed (5xx)."""


class CallTimeoutError(ConfigCatError, TimeoutError):
    """Time ran out."""


class CallConnectionError(ConfigCatError, ConnectionError):
    """No connection, or it broke."""


class DecodeError(ConfigCatError):
    """The answer is not what the description says; ``path`` says where."""

    hint = "A newer version of this package may know better"


class CallCancelledError(ConfigCatError):
    """The call was cancelled."""
