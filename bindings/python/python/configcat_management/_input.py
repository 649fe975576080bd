"""Base class of nested input: mutable attributes, and conversion to and from JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ._hints import hinted_methods
from ._native import ABSENT, wire
from ._suggest import hint, suggesting
from ._types import is_dict, is_iterable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

    from ._names import Names, Only

I = TypeVar("I", bound="Input")  # noqa: E741


@hinted_methods
class Input:
    """Nested input. Arguments omitted from the constructor are omitted from the request."""

    __slots__: tuple[str, ...] = ()
    __match_args__: ClassVar[tuple[str, ...]]
    _schema: ClassVar[str]
    _wire: ClassVar[dict[str, str]]
    _members: ClassVar[dict[str, str]] = {}
    """For an object of which exactly one attribute is set: the attributes by the classes of their values."""

    def __init_subclass__(cls) -> None:
        hinted_methods(cls)
        if "__init__" in cls.__dict__:
            cls.__init__ = suggesting(cls.__init__, cls.__name__)  # type: ignore[method-assign]
        setattr(cls, "__match_args__", cls.__slots__)  # mypy treats it as a constant

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            # A list that can be changed: not an iterator, which can be read once, and not a list of a model.
            super().__setattr__(name, list(value) if is_iterable(value) and type(value) is not list else value)
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
        """Returns a copy with some attributes changed, as ``copy.replace`` does from Python 3.13 on."""
        return self.__replace__(**changes)

    def to_dict(self, *, names: Names = "json", only: Only = None) -> dict[str, Any]:
        """Returns the input in its wire form: JSON names, lists and dictionaries.

        Args:
            names: ``"json"`` for the names in JSON, or ``"snake"`` for the names of the attributes, with plain values in the place of
                flag values: keyword arguments of a method. Default: ``"json"``.
            only: Attributes to return, or a method, whose body fields are returned. Default: all that are present.

        Raises:
            TypeError: An attribute has a type that cannot be sent.
            BadRequestError: A string is not one of an enum's values.
            ValueError: ``names`` or ``only`` has another value.
        """
        data = wire(self._schema, self)
        if names == "json" and only is None:
            return data
        from ._names import select

        return select(data, self._schema, names=names, only=only)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Creates an input from a dictionary with JSON names or attribute names.

        Raises:
            TypeError: A name is unknown, or a required one is missing.
        """
        return cls(**{cls._wire.get(name, name): value for name, value in data.items()})

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from ._pydantic import model_schema

        return model_schema(cls, cls._schema, handler)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        from ._pydantic import json_schema

        return json_schema(cls, cls._schema, schema, handler)

    def _fields(self) -> dict[str, Any]:
        """Returns the values that are present, by attribute."""
        values = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in values if value is not ABSENT}

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> Self:
        """Creates an input from a response, ignoring fields that do not exist in requests."""
        names = ((cls._wire.get(name, name), value) for name, value in data.items())
        return cls(**{name: value for name, value in names if name in cls.__slots__})

    @staticmethod
    def _made(target: Any, value: Any) -> Any:
        """Converts a value, or each item of a list, to ``target``: an input class or a function."""
        if value is None or value is ABSENT or isinstance(value, target if isinstance(target, type) else ()):
            return value
        if is_iterable(value):
            return [Input._made(target, item) for item in value]
        if not (isinstance(target, type) and issubclass(target, Input)):
            return target(value)
        if member := target._members.get(type(value).__name__):
            return target(**{member: value})
        if is_dict(value):
            return target.from_dict(value)
        return target._read(value.to_dict()) if hasattr(value, "to_dict") else value

    @staticmethod
    def _listed(value: Any) -> Any:
        return list(value) if is_iterable(value) else value


def _again(cls: type[I], fields: dict[str, Any]) -> I:
    return cls(**fields)


TAGS = ("boolValue", "stringValue", "intValue", "doubleValue")
"""Members of the value of a flag, of which one is set, in JSON."""
VARIATION = "predefinedVariationId"
"""Member with the predefined variation."""


def flag_value(value: Any) -> Any:
    """Returns the value of a flag for editing: the plain value, or that of a predefined variation with its id."""
    if not is_dict(value):
        return value
    tagged = [value[tag] for tag in TAGS if value.get(tag) is not None]
    variation = value.get(VARIATION)
    if tagged and variation is None:
        return tagged[0]
    if tagged:
        from ._generated.models import FlagValue

        return FlagValue.from_dict(value)
    return value if variation is None else {"predefined_variation_id": variation}
