"""Edits in a ``with`` block: the block changes a draft of the current state, and the smallest patch is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._errors import ConflictError, EditConflictError
from ._input import Input
from ._native import diff
from ._types import is_dict, is_list

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

D = TypeVar("D", bound=Input)


class _Draft(Generic[D]):
    """A state that was read, and a draft of its replacement."""

    def __init__(self, kind: type[D], read: Any) -> None:
        self.read = read
        self.draft = kind._read(read.to_dict())
        self.before = self._wire()

    def _wire(self) -> dict[str, Any]:
        wire = self.draft.to_dict()
        if self.read.setting.setting_type == "double":
            # Flags of this type take whole numbers as `doubleValue`.
            wire = _decimal(wire)
        return wire

    def patch(self) -> list[dict[str, Any]]:
        """Returns the changes of the draft."""
        return diff(self.before, self._wire())

    def apart_from(self, theirs: Any) -> bool:
        """Returns whether the concurrent changes and this draft change different members."""
        ours = _members(self.patch())
        return not ours & _members(diff(self.before, type(self)(type(self.draft), theirs).before))

    def conflict(self, error: ConflictError, theirs: Any) -> EditConflictError:
        """Returns the error that carries both states."""
        message = "others have changed it since it was read: base, theirs and mine are in this error"
        conflict = EditConflictError(
            message,
            kind=error.kind,
            status=error.status,
            attempts=error.attempts,
            operation=error.operation,
            request=error.request,
            body=error.body,
        )
        conflict.base, conflict.theirs, conflict.mine, conflict.patch = self.read, theirs, self.draft, self.patch()
        return conflict


def _members(patch: list[dict[str, Any]]) -> set[str]:
    """Returns the top-level members that a patch changes."""
    return {change["path"].split("/")[1] for change in patch}


def _decimal(value: Any) -> Any:
    if is_dict(value):
        members = dict(value)
        if isinstance(members.get("intValue"), int):
            members["doubleValue"] = float(members.pop("intValue"))
        return {name: _decimal(item) for name, item in members.items()}
    return [_decimal(item) for item in value] if is_list(value) else value


class Edit(Generic[D]):
    """Context manager that sends the changes of a ``with`` block at its end.

    Attributes:
        result: The service's response, once the block has ended; ``None`` if there was nothing to send.
    """

    def __init__(
        self, kind: type[D], read: Callable[[], Any], send: Callable[[Any, Any], Any], retries: int
    ) -> None:
        self._kind, self._read, self._send, self._retries = kind, read, send, retries
        self.result: Any = None

    def __enter__(self) -> D:
        self._state = _Draft(self._kind, self._read())
        return self._state.draft

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        patch = self._state.patch() if error is None else []
        if not patch:
            return
        current, left = self._state.read, self._retries
        while True:
            try:
                self.result = self._send(patch, current.last_version_id)
                return
            except ConflictError as conflict:
                current = self._read()
                if left < 1 or not self._state.apart_from(current):
                    raise self._state.conflict(conflict, current) from conflict
                left -= 1


class AsyncEdit(Generic[D]):
    """Context manager that sends the changes of an ``async with`` block at its end.

    Attributes:
        result: The service's response, once the block has ended; ``None`` if there was nothing to send.
    """

    def __init__(
        self,
        kind: type[D],
        read: Callable[[], Awaitable[Any]],
        send: Callable[[Any, Any], Awaitable[Any]],
        retries: int,
    ) -> None:
        self._kind, self._read, self._send, self._retries = kind, read, send, retries
        self.result: Any = None

    async def __aenter__(self) -> D:
        self._state = _Draft(self._kind, await self._read())
        return self._state.draft

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        patch = self._state.patch() if error is None else []
        if not patch:
            return
        current, left = self._state.read, self._retries
        while True:
            try:
                self.result = await self._send(patch, current.last_version_id)
                return
            except ConflictError as conflict:
                current = await self._read()
                if left < 1 or not self._state.apart_from(current):
                    raise self._state.conflict(conflict, current) from conflict
                left -= 1
