"""Hooks of other libraries on the native classes of models, which have no base class in Python."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def _core_schema(cls: type[Any], source: Any, handler: Any) -> Any:
    """Returns how pydantic validates and serializes the model."""
    from ._pydantic import model_schema

    return model_schema(cls, cls.__name__, handler)


def _json_schema(cls: type[Any], schema: Any, handler: Any) -> Any:
    """Returns the JSON schema of the model for pydantic."""
    from ._pydantic import json_schema

    return json_schema(cls, cls.__name__, schema, handler)


def add_hooks(classes: Iterable[type[Any]]) -> None:
    """Makes pydantic and FastAPI accept models as fields and return types. Imports neither."""
    for cls in classes:
        setattr(cls, "__get_pydantic_core_schema__", classmethod(_core_schema))
        setattr(cls, "__get_pydantic_json_schema__", classmethod(_json_schema))
