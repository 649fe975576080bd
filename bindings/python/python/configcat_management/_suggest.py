"""Better words for a keyword that a function does not have."""

from __future__ import annotations

import functools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

CO_COROUTINE = 0x80
"""What `inspect` knows of a coroutine function, whose import would cost milliseconds."""


def nearest(given: str, names: Iterable[str], count: int = 1) -> list[str]:
    """The names that somebody may have meant, the nearest first."""
    import difflib

    return difflib.get_close_matches(given, list(names), count)


def hint(given: str, names: Iterable[str]) -> str:
    """What somebody may have meant, or what there is."""
    names = list(names)
    near = nearest(given, names)
    return f"did you mean {near[0]}?" if near else f"it has {', '.join(names)}"


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
