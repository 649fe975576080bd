"""What all resources have in common."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from ._native import ABSENT

__all__ = ["ABSENT", "Caller", "Resource"]

T = TypeVar("T")


class Caller(Protocol):
    """Calls an operation and gives what it answers; the generated method knows the type."""

    def __call__(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
    ) -> T: ...  # type: ignore[type-var]


class Resource:
    """A group of operations; get it from a client."""

    __slots__ = ("_call",)

    def __init__(self, call: Caller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
