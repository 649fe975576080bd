"""Names in annotations, for ``typing.get_type_hints``.

Most modules import the names of their annotations for type checkers only, because the imports would take longer than a call. A
function that is prepared here has them nevertheless: they are imported when its hints are asked for.
"""

from __future__ import annotations

from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeVar

    _C = TypeVar("_C", bound=type)

__all__ = ["hinted", "hinted_methods"]

_SOURCES = {
    "collections.abc": "AsyncIterator Awaitable Callable Coroutine Generator Iterable Iterator Mapping Sequence",
    "datetime": "datetime",
    "os": "PathLike",
    "types": "TracebackType",
    "typing": "Any List",
    "configcat_management": "AsyncClient BulkResult changes Client ModelList RateLimit Response Usage",
    "configcat_management._bulk": "Progress",
    "configcat_management.changes": "Approval Plan",
    "configcat_management._caller": "AsyncCaller Caller",
    "configcat_management._edit": "AsyncEdit Edit",
    "configcat_management._errors": "ConflictError",
    "configcat_management._generated": "inputs models types",
    "configcat_management._generated.with_response": "AsyncResourcesWithResponse ResourcesWithResponse",
    "configcat_management._names": "Names Only",
    "configcat_management._native": "AttemptEvent BeginEvent Cassette EditSnapshot FinishedEvent OutcomeEvent WaitEvent",
    "configcat_management._response": "Headers",
    "configcat_management._types": "Certificate SettingValue",
}
"""Names that annotations use, by their modules."""
_WHOLE = ("enums", "inputs", "types")
"""Generated modules all of whose public names are used."""


def _names() -> dict[str, Any]:
    """Returns the names of annotations, which are imported by the first call."""
    if not _known:
        import importlib
        import typing

        for source, names in _SOURCES.items():
            module = importlib.import_module(source)
            for name in names.split():
                # A submodule is an attribute once it is imported.
                found = getattr(module, name, None) or importlib.import_module(f"{source}.{name}")
                _known[name] = found
        for name in _WHOLE:
            module = importlib.import_module(f"configcat_management._generated.{name}")
            _known.update((public, getattr(module, public)) for public in module.__all__)
        # Python 3.10 does not have `Self`.
        _known.update(Self=getattr(typing, "Self", typing.Any), _T=typing.TypeVar("_T"))
    return _known


_known: dict[str, Any] = {}


class _Globals(dict["str", "Any"]):
    """Globals of a function, and the names in its annotations."""

    __slots__ = ("_own",)

    def __init__(self, own: dict[str, Any]) -> None:
        self._own = own

    def __missing__(self, name: str) -> Any:
        return self._own[name] if name in self._own else _names()[name]

    def __contains__(self, name: object) -> bool:
        return name in self._own or name in _names()

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default

    def keys(self) -> Any:
        return {**_names(), **self._own}.keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())


_globals: dict[int, _Globals] = {}
"""By the identity of the globals of a module."""


def hinted(function: object) -> None:
    """Lets ``typing.get_type_hints`` find the names in the annotations of a function.

    It takes them from the globals of the function that another one wraps.
    """
    if not isinstance(function, FunctionType) or hasattr(function, "__wrapped__"):
        return
    own = function.__globals__
    names = _globals.setdefault(id(own), _Globals(own))
    copy = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    for attribute in ("__annotations__", "__doc__", "__kwdefaults__", "__module__", "__qualname__"):
        setattr(copy, attribute, getattr(function, attribute))
    setattr(function, "__wrapped__", copy)


def hinted_methods(cls: _C) -> _C:
    """Decorates a class so that ``typing.get_type_hints`` works on its methods, also those of its base classes."""
    for base in cls.__mro__:
        for member in list(vars(base).values()):
            hinted(getattr(member, "fget", None) or getattr(member, "__func__", member))
    return cls
