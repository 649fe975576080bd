"""Edits in a ``with`` block: the block changes a draft of the current state, and the changes are sent as a JSON Patch."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._errors import ConflictError, EditConflictError
from ._flag_draft import FlagDraft, values_of_variations, with_values
from ._hints import hinted_methods
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
        values = values_of_variations(read.to_dict()) if issubclass(kind, FlagDraft) else {}
        self.draft: D = kind.from_dict(with_values(self._snapshot.draft, values))
        if isinstance(self.draft, FlagDraft):
            self.draft._edits(self._snapshot, values)

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
        message = f"{self._name}: others have changed it since it was read: base, theirs and mine are in this error"
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


class _Block(Generic[D]):
    """What both kinds of edits have in common: they are used in a ``with`` block, and nowhere else."""

    _with = "with"

    def __init__(
        self, name: str, kind: type[D], rebase: int, read: Callable[[], Any], send: Callable[[Any, Any], Any]
    ) -> None:
        self.__dict__.update(
            _name=name, _kind=kind, _rebase=rebase, _read=read, _send=send, _is_entered=False, result=None
        )

    if TYPE_CHECKING:
        _name: str
        _kind: type[D]
        _rebase: int
        _is_entered: bool
        _state: _Draft[D]
        result: Any
    else:

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(self._misused(name))

        def __setattr__(self, name: str, value: Any) -> None:
            if name not in self.__dict__:
                raise AttributeError(self._misused(name))
            self.__dict__[name] = value

    def _misused(self, name: str) -> str:
        """Returns the message for an attribute that an edit does not have, because its draft has it."""
        if name.startswith("_") or not hasattr(self._kind, name):
            return f"{type(self).__name__} has no {name}"
        return f"{name} is an attribute of the draft, and the draft exists in the block of an edit: {self._example(name)}"

    def _example(self, name: str = "") -> str:
        """Returns how an edit is written."""
        change = f"draft.{name} ..." if name else "..."
        return f"{self._with} client.{self._name}(...) as draft: {change}"

    def _enter(self) -> None:
        self.__dict__["_is_entered"] = True

    def _wrong(self, used: str) -> TypeError:
        """Returns the error for an edit that is used in another way than in its block."""
        self._enter()
        return TypeError(f"{self._name}() cannot be used with `{used}`; write: {self._example()}")

    def __del__(self) -> None:
        # Not a `ResourceWarning`, which is not shown by default: without a block, nothing is changed. Python itself warns like
        # this about a coroutine that was never awaited.
        if self.__dict__.get("_is_entered") is False:
            message = f"{self._name}() was never entered, and nothing was changed; write: {self._example()}"
            warnings.warn(message, RuntimeWarning, stacklevel=2, source=self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._name}>"


@hinted_methods
class Edit(_Block[D]):
    """Context manager that sends the changes of a ``with`` block at its end.

    Attributes:
        result: The state after the change, once the block has ended; ``None`` if there was nothing to send. In
            ``with_response``, the whole response.
    """

    if TYPE_CHECKING:
        _read: Callable[[], Any]
        _send: Callable[[Any, Any], Any]
    else:

        async def __aenter__(self) -> Any:
            raise self._wrong("async with")

        async def __aexit__(self, *error: object) -> None:
            """Exists so that ``__aenter__`` is called."""

    def __enter__(self) -> D:
        self._enter()
        self.__dict__["_state"] = _Draft(self._name, self._kind, self._rebase, self._read())
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


@hinted_methods
class AsyncEdit(_Block[D]):
    """Context manager that sends the changes of an ``async with`` block at its end.

    Attributes:
        result: The state after the change, once the block has ended; ``None`` if there was nothing to send. In
            ``with_response``, the whole response.
    """

    _with = "async with"

    if TYPE_CHECKING:
        _read: Callable[[], Awaitable[Any]]
        _send: Callable[[Any, Any], Awaitable[Any]]
    else:

        def __enter__(self) -> Any:
            raise self._wrong("with")

        def __exit__(self, *error: object) -> None:
            """Exists so that ``__enter__`` is called."""

        def __await__(self) -> Any:
            raise self._wrong("await")

    async def __aenter__(self) -> D:
        self._enter()
        self.__dict__["_state"] = _Draft(self._name, self._kind, self._rebase, await self._read())
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
