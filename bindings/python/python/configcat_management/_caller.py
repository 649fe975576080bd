"""Types of the functions through which a resource calls its client.

Only type checkers import this module: importing ``typing`` would take half the time of a first call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Caller(Protocol):
    """Calls an operation and returns its value; the generated method declares the type."""

    def __call__(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        headers: Mapping[str, str] | None,
    ) -> Any: ...


class AsyncCaller(Protocol):
    """Calls an operation and returns its value; the generated method declares the type."""

    async def __call__(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        headers: Mapping[str, str] | None,
    ) -> Any: ...
