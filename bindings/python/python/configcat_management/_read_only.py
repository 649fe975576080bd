"""Lists and dictionaries of models, which are copies of what was read: a change would be lost, and is refused."""

from __future__ import annotations

from ._hints import hinted_methods
from ._list import ModelList
from ._suggest import hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, NoReturn, TypeVar

    _K = TypeVar("_K")
    _T = TypeVar("_T")
    _V = TypeVar("_V")

__all__ = ["ReadOnlyDict", "ReadOnlyList", "ReadOnlyModelList", "protect", "refuse_assignment"]


class ReadOnlyList(list["_T"]):
    """A ``list`` of a model. Methods that would change it raise a ``TypeError``.

    To change what was read, change the list of a draft: ``with client.settings.edit(...) as draft: draft.tags.append(7)``. To get a
    list for another purpose, copy it: ``list(setting.tags)``.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        # A call of them is an error for type checkers: there are no values of the type `NoReturn`.
        def append(self, refused: NoReturn, /) -> None: ...  # type: ignore[override]
        def extend(self, refused: NoReturn, /) -> None: ...  # type: ignore[override]
        def insert(self, refused: NoReturn, value: NoReturn, /) -> None: ...  # type: ignore[override]
        def remove(self, refused: NoReturn, /) -> None: ...  # type: ignore[override]
        def __setitem__(self, refused: NoReturn, value: NoReturn, /) -> None: ...  # type: ignore[override]
        def __delitem__(self, refused: NoReturn, /) -> None: ...  # type: ignore[override]
        def __iadd__(self, refused: NoReturn, /) -> Any: ...  # type: ignore[override,misc]


class ReadOnlyModelList(ModelList["_T"]):
    """A :class:`ModelList` of a model. Methods that would change it raise a ``TypeError``, as those of :class:`ReadOnlyList` do."""

    __slots__ = ()

    if TYPE_CHECKING:

        def append(self, refused: NoReturn, /) -> None: ...  # type: ignore[override]
        def extend(self, refused: NoReturn, /) -> None: ...  # type: ignore[override]
        def insert(self, refused: NoReturn, value: NoReturn, /) -> None: ...  # type: ignore[override]
        def remove(self, refused: NoReturn, /) -> None: ...  # type: ignore[override]
        def __setitem__(self, refused: NoReturn, value: NoReturn, /) -> None: ...  # type: ignore[override]
        def __delitem__(self, refused: NoReturn, /) -> None: ...  # type: ignore[override]
        def __iadd__(self, refused: NoReturn, /) -> Any: ...  # type: ignore[override,misc]


class ReadOnlyDict(dict["_K", "_V"]):
    """A ``dict`` of a model. Methods that would change it raise a ``TypeError``; ``dict(...)`` copies it."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __setitem__(self, refused: NoReturn, value: NoReturn, /) -> None: ...  # type: ignore[override]
        def __delitem__(self, refused: NoReturn, /) -> None: ...  # type: ignore[override]


def _refusing(cls: type, plain: type, names: Iterable[str]) -> None:
    """Replaces the methods of a class that would change it. Copies of it are plain."""

    def refusal(name: str) -> Callable[..., NoReturn]:
        def refused(self: Any, *arguments: Any, **keywords: Any) -> NoReturn:
            problem = (
                f"{name}: a {plain.__name__} of a model is a copy of what was read, and a change of it would be lost; change the "
                f"draft of an edit instead (such as: with client.settings.edit(...) as draft), or copy it with {plain.__name__}(...)"
            )
            raise TypeError(problem)

        refused.__name__ = name
        refused.__qualname__ = f"{cls.__name__}.{name}"
        refused.__doc__ = "Raises a ``TypeError``."
        return refused

    for name in names:
        setattr(cls, name, refusal(name))
    def copied(self: Any, protocol: object) -> tuple[type, tuple[Any]]:
        """Returns how to copy it: for ``copy`` and ``pickle``. A table stays one."""
        return ModelList if isinstance(self, ModelList) else plain, (plain(self),)

    setattr(cls, "__reduce_ex__", copied)


_CHANGES = "append clear extend insert pop remove reverse sort __setitem__ __delitem__ __iadd__ __imul__".split()
_refusing(ReadOnlyList, list, _CHANGES)
_refusing(ReadOnlyModelList, list, _CHANGES)
hinted_methods(ModelList)
_refusing(ReadOnlyDict, dict, "clear pop popitem setdefault update __setitem__ __delitem__ __ior__".split())


def protect(model: type, kind: Callable[[Any], Any], names: Iterable[str]) -> None:
    """Makes attributes of a class of models return a read-only list or dictionary, or ``None``."""
    for name in names:
        attribute = vars(model)[name]
        setattr(model, name, property(_reader(attribute.__get__, kind), doc=attribute.__doc__))


def refuse_assignment(model: type) -> None:
    """Makes the error for an assignment to an attribute of a class of models say what to do instead."""
    setattr(model, "__setattr__", _refuse)


def _refuse(self: Any, name: str, value: object) -> NoReturn:
    owner = type(self).__name__
    if name not in (*self.__match_args__, "extra"):
        raise AttributeError(f"{owner} has no {name}; {hint(name, self.__match_args__)}")
    problem = (
        f"{owner}.{name} is read-only, because a change of what was read would be lost; change the draft of an edit instead "
        f"(such as: with client.settings.edit(...) as draft), call a method such as update, or make a copy with .replace({name}=...)"
    )
    raise AttributeError(problem)


def _reader(get: Callable[[Any], Any], kind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(self: Any) -> Any:
        value = get(self)
        return None if value is None else kind(value)

    return read
