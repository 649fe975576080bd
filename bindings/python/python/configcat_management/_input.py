"""What nested input has in common as objects: attributes that can be changed, and the way to and from JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ._native import ABSENT, wire
from ._suggest import hint, suggesting
from ._types import is_dict, is_sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

I = TypeVar("I", bound="Input")  # noqa: E741


class Input:
    """Nested input. What is left out of the constructor is left out of the request."""

    __slots__: tuple[str, ...] = ()
    __match_args__: ClassVar[tuple[str, ...]]
    _schema: ClassVar[str]
    _wire: ClassVar[dict[str, str]]

    def __init_subclass__(cls) -> None:
        cls.__init__ = suggesting(cls.__init__, cls.__name__)  # type: ignore[method-assign]
        setattr(cls, "__match_args__", cls.__slots__)  # mypy knows it as a constant

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            super().__setattr__(name, value)
        except AttributeError:
            problem = f"{type(self).__name__} has no {name}; {hint(name, self.__slots__)}"
            raise AttributeError(problem) from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Input) and type(self) is type(other) and self._fields() == other._fields()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._fields().items())
        return f"{type(self).__name__}({shown})"

    def __replace__(self, **changes: Any) -> Self:
        return type(self)(**{**self._fields(), **changes})

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return _again, (type(self), self._fields())

    def replace(self, **changes: Any) -> Self:
        """A copy with some attributes changed: what ``copy.replace`` does from Python 3.13 on."""
        return self.__replace__(**changes)

    def to_dict(self) -> dict[str, Any]:
        """The input as it is sent: JSON names, lists and dictionaries.

        Raises:
            TypeError: An attribute holds what cannot be sent.
            BadRequestError: A text is none of an enum's values.
        """
        return wire(self._schema, self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Makes one from a dictionary with JSON names or with those of the attributes.

        Raises:
            TypeError: A name is unknown, or something that has to be there is missing.
        """
        return cls(**{cls._wire.get(name, name): value for name, value in data.items()})

    def _fields(self) -> dict[str, Any]:
        """What is there, by attribute."""
        values = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in values if value is not ABSENT}

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> Self:
        """Makes one from an answer, which may have fields that a request has not."""
        names = ((cls._wire.get(name, name), value) for name, value in data.items())
        return cls(**{name: value for name, value in names if name in cls.__slots__})

    @staticmethod
    def _made(kind: Any, value: Any) -> Any:
        """Makes an object of whatever stands for one, or of each item of a list."""
        if value is None or value is ABSENT or isinstance(value, kind if isinstance(kind, type) else ()):
            return value
        if is_sequence(value):
            return [Input._made(kind, item) for item in value]
        if not (isinstance(kind, type) and issubclass(kind, Input)):
            return kind(value)
        if is_dict(value):
            return kind.from_dict(value)
        return kind._read(value.to_dict()) if hasattr(value, "to_dict") else value

    @staticmethod
    def _listed(value: Any) -> Any:
        return list(value) if is_sequence(value) else value


def _again(kind: type[I], fields: dict[str, Any]) -> I:
    return kind(**fields)


_TAGS = ("boolValue", "stringValue", "intValue", "doubleValue")


def flag_value(value: Any) -> Any:
    """The value of a flag as it is edited: plain, unless a predefined variation says what it is."""
    if not is_dict(value):
        return value
    tagged = [value[tag] for tag in _TAGS if value.get(tag) is not None]
    variation = value.get("predefinedVariationId")
    if tagged and variation is None:
        return tagged[0]
    return value if variation is None else {"predefined_variation_id": variation}
