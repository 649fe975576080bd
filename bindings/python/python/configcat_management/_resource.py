"""Base classes of the resources."""

from __future__ import annotations

from types import FunctionType

from ._hints import hinted_methods
from ._native import ABSENT
from ._suggest import deprecated, suggesting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._caller import AsyncCaller, Caller

__all__ = ["ABSENT", "AsyncResource", "Resource", "deprecated"]


class _Named:
    """Base class whose methods suggest the right keyword for a wrong one.

    Its instances have a ``__dict__``, so that tests can replace a method: ``mock.patch.object(client.products, "list")``.
    """

    def __init_subclass__(cls) -> None:
        hinted_methods(cls)
        for name, method in list(vars(cls).items()):
            if not name.startswith("_") and isinstance(method, FunctionType):
                title = f"{cls.__name__.removeprefix('Async')}.{name}"
                setattr(cls, name, suggesting(method, title))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class Resource(_Named):
    """A group of operations. Obtain it from a client."""

    def __init__(self, call: Caller) -> None:
        self._call = call


class AsyncResource(_Named):
    """A group of operations. Obtain it from a client."""

    def __init__(self, call: AsyncCaller) -> None:
        self._call = call
