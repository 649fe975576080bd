"""What all resources have in common."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ._native import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ABSENT", "AsyncCaller", "AsyncResource", "Caller", "Resource"]

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


class _Named:
    """Methods that answer a wrong keyword with the right one."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        for name, method in list(vars(cls).items()):
            if not name.startswith("_") and inspect.isfunction(method):
                setattr(cls, name, _suggesting(method))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class Resource(_Named):
    """A group of operations; get it from a client."""

    __slots__ = ("_call",)

    def __init__(self, call: Caller) -> None:
        self._call = call


class AsyncResource(_Named):
    """A group of operations; get it from a client."""

    __slots__ = ("_call",)

    def __init__(self, call: AsyncCaller) -> None:
        self._call = call


def _suggesting(method: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            try:
                call = method(*args, **kwargs)
            except TypeError:
                _check(method, kwargs)
                raise
            return await call

        return awaited

    @functools.wraps(method)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except TypeError:
            _check(method, kwargs)
            raise

    return called


def _check(method: Callable[..., Any], given: dict[str, Any]) -> None:
    """Raises the better error for a keyword that the method does not have."""
    names = [name for name in inspect.signature(method).parameters if name != "self"]
    for name in given:
        if name not in names:
            import difflib

            near = difflib.get_close_matches(name, names, 1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(names)}"
            where = f"{method.__qualname__.removeprefix('Async')}()"
            raise TypeError(f"{where} has no keyword {name}; {hint}") from None
