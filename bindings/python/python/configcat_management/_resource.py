"""What all resources have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._native import ABSENT

Caller = Callable[..., Any]
"""Calls an operation: its id, parameters, body, timeout and number of attempts."""

__all__ = ["ABSENT", "Caller", "Resource"]


class Resource:
    """A group of operations; get it from a client."""

    __slots__ = ("_call",)

    def __init__(self, call: Caller) -> None:
        self._call = call

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
