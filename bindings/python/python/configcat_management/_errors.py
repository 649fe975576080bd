"""The exceptions of the package: one tree, a class per kind."""

from __future__ import annotations


class ConfigCatError(Exception):
    """Anything that keeps a call from succeeding.

    Attributes:
        kind: What kind of thing went wrong, as a word such as ``not_found``.
        status: The HTTP status, when there was an answer.
        field_errors: Messages by field, from the answer or from the check before sending.
        retry_after: Seconds to wait before trying again, when the service or the pacing said so.
        attempts: How often the request was sent; 0 when it never left.
        maybe_applied: Whether the service may have done what was asked although the call failed.
        operation: The operation, such as ``configs.create``.
        path: The JSON path of what could not be read.
        body: The body of the answer, at most its first 16 KiB.
    """

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
        operation: str | None = None,
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
        self.operation = operation
        self.path = path
        self.body = body


class ConfigurationError(ConfigCatError):
    """The client is set up wrong: a missing credential, a bad address."""


class BadRequestError(ConfigCatError):
    """The request breaks a rule; ``field_errors`` says which. With ``attempts == 0`` it was found before sending."""


class AuthenticationError(ConfigCatError):
    """The credentials are missing or wrong (401)."""


class PermissionDeniedError(ConfigCatError):
    """The credentials lack the right (403)."""


class NotFoundError(ConfigCatError):
    """Not found, or not visible to the credentials (404)."""


class ConflictError(ConfigCatError):
    """The request meets a newer state (409, 412)."""


class RateLimitError(ConfigCatError):
    """The rate limit is used up, or the wait for it would be too long; see ``retry_after``."""


class ServerError(ConfigCatError):
    """The service failed (5xx)."""


class CallTimeoutError(ConfigCatError, TimeoutError):
    """Time ran out."""


class CallConnectionError(ConfigCatError, ConnectionError):
    """No connection, or it broke."""


class DecodeError(ConfigCatError):
    """The answer is not what the description says; ``path`` says where."""


class CallCancelledError(ConfigCatError):
    """The call was cancelled."""
