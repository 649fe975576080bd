"""Suggestions for misspelt keywords."""

from __future__ import annotations

import functools

from . import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

CO_COROUTINE = 0x80
"""What `inspect` knows of a coroutine function, whose import would cost milliseconds."""


def hint(given: str, names: Iterable[str]) -> str:
    """The name that may have been meant, or all names."""
    names = list(names)
    similar = _native.suggestions(given, names, 1)
    return f"did you mean {similar[0]}?" if similar else f"it has {', '.join(names)}"


def suggesting(method: Callable[..., Any], title: str) -> Callable[..., Any]:
    """The same method; a wrong keyword is answered with the right one."""
    if method.__code__.co_flags & CO_COROUTINE:

        @functools.wraps(method)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            try:
                call = method(*args, **kwargs)
            except TypeError:
                _check(method, title, kwargs)
                raise
            return await call

        return awaited

    @functools.wraps(method)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except TypeError:
            _check(method, title, kwargs)
            raise

    return called


def _check(method: Callable[..., Any], title: str, given: dict[str, Any]) -> None:
    import inspect

    names = [name for name in inspect.signature(method).parameters if name != "self"]
    for name in given:
        if name not in names:
            raise TypeError(f"{title}() has no keyword {name}; {hint(name, names)}") from None
