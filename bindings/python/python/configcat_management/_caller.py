"""How a resource reaches its client; imported by type checkers only, for importing typing would be half of a first call."""

from __future__ import annotations

from typing import Any, Protocol


class Caller(Protocol):
    """Calls an operation and gives what it answers; the generated method knows the type."""

    def __call__(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
    ) -> Any: ...


class AsyncCaller(Protocol):
    """Calls an operation and gives what it answers; the generated method knows the type."""

    async def __call__(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
    ) -> Any: ...
