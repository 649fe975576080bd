"""Suggestions for misspelt keywords."""

from __future__ import annotations

import functools

from . import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

CO_COROUTINE = 0x80
"""Value of `inspect.CO_COROUTINE`. Importing `inspect` would take milliseconds."""


def hint(name: str, names: Iterable[str]) -> str:
    """Returns a suggestion for a misspelt name, or all names if none is similar."""
    names = list(names)
    similar = _native.suggestions(name, names, 1)
    return f"did you mean {similar[0]}?" if similar else f"it has {', '.join(names)}"


def suggesting(method: Callable[..., Any], title: str) -> Callable[..., Any]:
    """Wraps a method so that the error for a wrong keyword suggests the right one."""
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


def _check(method: Callable[..., Any], title: str, keywords: dict[str, Any]) -> None:
    import inspect

    names = [name for name in inspect.signature(method).parameters if name != "self"]
    for name in keywords:
        if name not in names:
            raise TypeError(f"{title}() has no keyword {name}; {hint(name, names)}") from None
