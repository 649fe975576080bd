"""Edits in a ``with`` block: the block changes a draft of the current state, and the changes are sent as a JSON Patch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._errors import ConflictError, EditConflictError
from ._flag_draft import FlagDraft
from ._input import Input
from ._native import EditSnapshot
from ._native import diff as diff_json
from ._response import value_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

D = TypeVar("D", bound=Input)


def diff(before: D, after: D) -> list[dict[str, Any]]:
    """Returns a small JSON Patch that turns one input into another of the same type.

    Args:
        before: The original state, as input: for a flag value, ``models.UpdateEvaluationFormula``.
        after: The changed state.

    Raises:
        TypeError: The inputs have different types.
    """
    if type(before) is not type(after):
        problem = f"cannot compare {type(before).__name__} and {type(after).__name__}"
        raise TypeError(problem)
    return diff_json(before.to_dict(), after.to_dict())


class _Draft(Generic[D]):
    """A state that was read, a draft of its replacement, and the version that the changes are sent for."""

    def __init__(self, name: str, kind: type[D], rebase: int, read: Any) -> None:
        read = value_of(read)
        self._name, self._left, self.read = name, rebase, read
        self._snapshot = EditSnapshot(name, read.to_dict())
        self.version = self._snapshot.version
        self.draft = kind.from_dict(self._snapshot.draft)
        if isinstance(self.draft, FlagDraft):
            self.draft._snapshot = self._snapshot

    def patch(self) -> list[dict[str, Any]]:
        """Returns the changes of the draft."""
        return self._snapshot.changes(self.draft.to_dict())

    def rebase(self, error: ConflictError, patch: list[dict[str, Any]], theirs: Any) -> None:
        """Prepares to send the changes for the version that others have made, or raises an error."""
        theirs = value_of(theirs)
        newer = EditSnapshot(self._name, theirs.to_dict())
        if newer.version == self.version:
            raise error
        if self._left < 1 or not self._snapshot.may_rebase(patch, newer):
            raise self._conflict(error, patch, theirs) from error
        self._left -= 1
        self.version = newer.version

    def _conflict(self, error: ConflictError, patch: list[dict[str, Any]], theirs: Any) -> EditConflictError:
        message = "others have changed it since it was read: base, theirs and mine are in this error"
        conflict = EditConflictError(
            message,
            kind=error.kind,
            status=error.status,
            field_errors=error.field_errors,
            retry_after=error.retry_after,
            attempts=error.attempts,
            maybe_applied=error.maybe_applied,
            is_retryable=error.is_retryable,
            operation=error.operation,
            request=error.request,
            method=error.method,
            path_template=error.path_template,
            headers=list(error.headers.items()),
            body=error.body,
        )
        conflict.base, conflict.theirs, conflict.mine, conflict.patch = self.read, theirs, self.draft, patch
        return conflict


class Edit(Generic[D]):
    """Context manager that sends the changes of a ``with`` block at its end.

    Attributes:
        result: The state after the change, once the block has ended; ``None`` if there was nothing to send. In
            ``with_response``, the whole response.
    """

    def __init__(
        self, name: str, kind: type[D], rebase: int, read: Callable[[], Any], send: Callable[[Any, Any], Any]
    ) -> None:
        self._name, self._kind, self._rebase, self._read, self._send = name, kind, rebase, read, send
        self.result: Any = None

    def __enter__(self) -> D:
        self._state = _Draft(self._name, self._kind, self._rebase, self._read())
        return self._state.draft

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        patch = self._state.patch() if error is None else []
        while patch:
            try:
                self.result = self._send(patch, self._state.version)
                return
            except ConflictError as conflict:
                if self._state.version is None:
                    raise
                self._state.rebase(conflict, patch, self._read())


class AsyncEdit(Generic[D]):
    """Context manager that sends the changes of an ``async with`` block at its end.

    Attributes:
        result: The state after the change, once the block has ended; ``None`` if there was nothing to send. In
            ``with_response``, the whole response.
    """

    def __init__(
        self,
        name: str,
        kind: type[D],
        rebase: int,
        read: Callable[[], Awaitable[Any]],
        send: Callable[[Any, Any], Awaitable[Any]],
    ) -> None:
        self._name, self._kind, self._rebase, self._read, self._send = name, kind, rebase, read, send
        self.result: Any = None

    async def __aenter__(self) -> D:
        self._state = _Draft(self._name, self._kind, self._rebase, await self._read())
        return self._state.draft

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        patch = self._state.patch() if error is None else []
        while patch:
            try:
                self.result = await self._send(patch, self._state.version)
                return
            except ConflictError as conflict:
                if self._state.version is None:
                    raise
                self._state.rebase(conflict, patch, await self._read())
