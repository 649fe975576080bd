"""Schemas for pydantic, which imports this module when it meets a model as a field or a return type.

A model is validated and serialized by its own methods; pydantic learns from the fields here only what the JSON looks like.
"""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Any

from pydantic_core import core_schema

from ._errors import ConfigCatError
from ._native import fields

if TYPE_CHECKING:
    from collections.abc import Callable


WIDEST = 1 << 31
"""Integers are documented with their limits if these are narrower than 32 bits."""


def model_schema(cls: type[Any], name: str, handler: Any) -> core_schema.CoreSchema:
    """Returns the schema of a class of models or of nested input: an instance, or a dictionary.

    Args:
        cls: The class.
        name: Name of its schema.
        handler: Its ``generate_schema`` returns the schema of another class.
    """

    def validate(value: Any, _: Any) -> Any:
        if isinstance(value, cls):
            return value
        try:
            return cls.from_dict(value)
        except (TypeError, ValueError, AttributeError, ConfigCatError) as error:
            # Of these, pydantic reports only a ValueError as a problem of the input.
            raise ValueError(str(error)) from None

    members = {
        field["wire"]: core_schema.typed_dict_field(
            _nullable(_type(field["type"], handler.generate_schema), field["nullable"]),
            # What may be null may be absent: of the members of a flag value, for example, one is there.
            required=field["required"] and not field["nullable"],
        )
        for field in fields(name)
    }
    return core_schema.no_info_wrap_validator_function(
        validate,
        core_schema.typed_dict_schema(members, extra_behavior="allow"),
        serialization=core_schema.plain_serializer_function_ser_schema(_to_dict),
        # In the form that pydantic gives to references itself.
        ref=f"{cls.__module__}.{cls.__qualname__}:{id(cls)}",
    )


def json_schema(cls: type[Any], name: str, schema: Any, handler: Any) -> dict[str, Any]:
    """Adds the documentation of a class to its JSON schema."""
    document: dict[str, Any] = handler(schema)
    body: dict[str, Any] = handler.resolve_ref_schema(document)
    body["title"] = cls.__name__
    summary = (cls.__doc__ or "").partition("\n\n")[0]
    if summary:
        body["description"] = " ".join(summary.split())
    for field in fields(name):
        attribute = getattr(cls, field["name"], None)
        about = body.get("properties", {}).get(field["wire"])
        if about is not None and attribute is not None and attribute.__doc__ and "$ref" not in about:
            about["description"] = " ".join(attribute.__doc__.split())
    return document


def list_schema(cls: type[Any], source: Any, handler: Any) -> core_schema.CoreSchema:
    """Returns the schema of a list of models."""
    items = typing.get_args(source)
    inner = handler.generate_schema(items[0]) if items else core_schema.any_schema()
    return core_schema.no_info_after_validator_function(cls, core_schema.list_schema(inner))


def _to_dict(value: Any) -> Any:
    return value.to_dict()


def _nullable(schema: core_schema.CoreSchema, nullable: bool) -> core_schema.CoreSchema:
    return core_schema.nullable_schema(schema) if nullable else schema


def _type(shape: list[Any], of: Callable[[Any], core_schema.CoreSchema]) -> core_schema.CoreSchema:
    """Returns the schema of a type, which is a list of its name and what it consists of."""
    from . import models

    match shape:
        case ["boolean"]:
            return core_schema.bool_schema()
        case ["integer", low, high]:
            return core_schema.int_schema(ge=low if low > -WIDEST else None, le=high if high < WIDEST - 1 else None)
        case ["number"]:
            return core_schema.float_schema()
        case ["string", low, high]:
            return core_schema.str_schema(min_length=low or None, max_length=high)
        case ["uuid"]:
            return core_schema.uuid_schema()
        case ["timestamp"]:
            return core_schema.datetime_schema()
        case ["enum", values]:
            return core_schema.literal_schema(values)
        case ["list", inner]:
            return core_schema.list_schema(_type(inner, of))
        case ["map", inner]:
            return core_schema.dict_schema(core_schema.str_schema(), _type(inner, of))
        case ["object", name] if hasattr(models, name):
            return of(getattr(models, name))
        case ["value"]:
            return core_schema.union_schema(
                [core_schema.bool_schema(), core_schema.str_schema(), core_schema.int_schema(), core_schema.float_schema()]
            )
        case _:
            return core_schema.any_schema()
