"""What nested input has in common as objects: attributes that can be changed, and the way to and from JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from ._native import ABSENT, wire
from ._suggest import hint, suggesting

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
    _nested: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        cls.__init__ = suggesting(cls.__init__, cls.__name__)  # type: ignore[method-assign]
        cls.__match_args__ = cls.__slots__

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            super().__setattr__(name, value)
        except AttributeError:
            problem = f"{type(self).__name__} has no {name}; {hint(name, self.__slots__)}"
            raise AttributeError(problem) from None

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._fields() == cast("Input", other)._fields()

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
        if isinstance(value, (list, tuple)):
            return [Input._made(kind, item) for item in value]
        if not isinstance(kind, type):
            return kind(value)
        if isinstance(value, dict):
            return kind.from_dict(value)
        return kind._read(value.to_dict()) if hasattr(value, "to_dict") else value

    @staticmethod
    def _listed(value: Any) -> Any:
        return list(value) if isinstance(value, tuple) else value


def _again(kind: type[I], fields: dict[str, Any]) -> I:
    return kind(**fields)


_TAGS = ("boolValue", "stringValue", "intValue", "doubleValue")


def flag_value(value: Any) -> Any:
    """The value of a flag as it is edited: plain, unless a predefined variation says what it is."""
    if isinstance(value, dict):
        tagged = [value[tag] for tag in _TAGS if value.get(tag) is not None]
        if tagged and value.get("predefinedVariationId") is None:
            return tagged[0]
        if tagged or "predefinedVariationId" in value:
            return {"predefined_variation_id": value["predefinedVariationId"]}
    return value
