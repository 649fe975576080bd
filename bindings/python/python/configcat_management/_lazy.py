"""Resources as attributes of a client, made on first use."""

from __future__ import annotations

import functools

__all__ = ["resource"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from functools import cached_property as resource
else:

    class _Unbound:
        """Stands in for a client when only the class of a resource is wanted."""

        _caller = None

    class resource(functools.cached_property):
        """A resource of a client. On the class, it is the class of the resource.

        ``unittest.mock.create_autospec(Client)`` looks at attributes of the class to learn which methods its mocks have.
        """

        def __get__(self, instance, owner=None):
            return type(self.func(_Unbound)) if instance is None else super().__get__(instance, owner)
