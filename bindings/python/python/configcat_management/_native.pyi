from typing import Any, final

from ._generated.models import *

__version__: str

ABSENT: Any
"""Leaves an argument out of a request, which differs from ``None``, which sends null."""

@final
class RateLimit:
    """What is known of the rate limit."""

    @property
    def remaining(self) -> int | None:
        """Requests left in the window, as far as known."""

    @property
    def resets_in(self) -> float | None:
        """Seconds until the window ends, as far as known."""

    @property
    def in_flight(self) -> int:
        """Requests that are on their way."""

    @property
    def waiting(self) -> int:
        """Calls that wait for their turn."""

@final
class Usage:
    """What a client has done so far."""

    @property
    def requests(self) -> int:
        """Requests that were sent, retries included."""

    @property
    def rate_limited(self) -> int:
        """Answers that turned a request away for the rate limit (429)."""

    @property
    def waited(self) -> float:
        """Seconds that calls spent waiting for the rate limit, added up."""

@final
class NativeClient:
    def __init__(self, options: dict[str, Any]) -> None: ...
    def call(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
    ) -> Any: ...
    def usage(self) -> Usage: ...
    def rate_limit(self) -> RateLimit: ...
