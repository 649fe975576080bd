"""What methods do beyond their call: suggestions for misspelt keywords, warnings about deprecated methods, type hints."""

from __future__ import annotations

import functools
from types import FunctionType

from . import _native
from ._hints import hinted, hinted_methods

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeVar

    from typing_extensions import deprecated as deprecated

    _C = TypeVar("_C", bound=type)
    _F = TypeVar("_F", bound=Callable[..., Any])
else:

    def deprecated(message: str) -> Callable[[Any], Any]:
        """Marks a method as deprecated, as ``warnings.deprecated`` of Python 3.13 does; :func:`suggesting` makes it warn."""

        def mark(method: Any) -> Any:
            method.__deprecated__ = message
            return method

        return mark


CO_COROUTINE = 0x80
"""Value of `inspect.CO_COROUTINE`. Importing `inspect` would take milliseconds."""


def hint(name: str, names: Iterable[str]) -> str:
    """Returns a suggestion for a misspelt name, or all names if none is similar."""
    names = list(names)
    similar = _native.suggestions(name, names, 1)
    return f"did you mean {similar[0]}?" if similar else f"it has {', '.join(names)}"


def suggesting(method: _F, title: str | None = None) -> _F:
    """Wraps a method so that the error for a wrong keyword suggests the right one.

    Args:
        method: The method. If it is marked as deprecated, the result warns about it.
        title: Name of the method in errors. Default: class and method; the class alone for a constructor.
    """
    hinted(method)
    message: str | None = getattr(method, "__deprecated__", None)
    if method.__code__.co_flags & CO_COROUTINE:

        @functools.wraps(method)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            if message is not None:
                _warn(message)
            try:
                call = method(*args, **kwargs)
            except TypeError:
                _check(method, title, args, kwargs)
                raise
            return await call

        return awaited  # type: ignore[return-value]

    @functools.wraps(method)
    def called(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if message is not None:
            _warn(message)
        try:
            return method(*args, **kwargs)
        except TypeError:
            _check(method, title, args, kwargs)
            raise

    return called  # type: ignore[return-value]


def suggesting_methods(cls: _C) -> _C:
    """Decorates a class so that errors for wrong keywords of its constructor and of its methods suggest the right ones."""
    for name, member in list(vars(cls).items()):
        if name.startswith("_") and name != "__init__":
            continue
        function: Any = getattr(member, "__func__", None)
        if isinstance(member, FunctionType):
            setattr(cls, name, suggesting(member))
        elif isinstance(member, classmethod):
            setattr(cls, name, classmethod(suggesting(function)))
    return hinted_methods(cls)


def _warn(message: str) -> None:
    import warnings

    # The caller of the method that was wrapped.
    warnings.warn(message, DeprecationWarning, stacklevel=3)


def _check(method: Callable[..., Any], title: str | None, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """Raises a better error for arguments that a method does not have."""
    import inspect

    if title is None:
        owner = (args[0] if isinstance(args[0], type) else type(args[0])).__name__
        title = owner if method.__name__ == "__init__" else f"{owner}.{method.__name__}"
    parameters = [p for p in inspect.signature(method).parameters.values() if p.name not in ("self", "cls")]
    names = [p.name for p in parameters if p.kind is not p.VAR_KEYWORD]
    for name in keywords:
        if name not in names and len(names) == len(parameters):
            raise TypeError(f"{title}() has no keyword {name}; {hint(name, names)}") from None
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    named = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    # The first argument is the object.
    if len(args) - 1 > len(places) and named and not any(p.kind is p.VAR_POSITIONAL for p in parameters):
        count = f"{len(places)} positional argument{'' if len(places) == 1 else 's'} and keywords" if places else "only keywords"
        raise TypeError(f"{title}() takes {count}, such as {named[0]}=...") from None
