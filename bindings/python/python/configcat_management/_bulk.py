"""Concurrent calls and their outcomes."""

from __future__ import annotations

import inspect
import sys
import time
from collections.abc import Collection, Sized
from typing import TYPE_CHECKING, Any, Generic, List, Protocol, TypeVar, cast

from ._errors import CallCancelledError
from ._native import Interrupt
from ._scalars import has

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

T = TypeVar("T")

SHOWN = 80
"""Maximum number of characters of a value or error in a ``repr``."""
FAILURES = 3
"""Maximum number of failures in the ``repr`` of a result."""


def _short(value: object) -> str:
    # The first line only: a list prints as a table.
    first, _, rest = repr(value).partition("\n")
    return f"{first[: SHOWN - 1]}…" if rest or len(first) > SHOWN else first



class Progress(Protocol):
    """Progress bar that counts calls, such as a ``tqdm``."""

    def update(self, n: int, /) -> Any:
        """Adds the number of calls that have completed."""


class Outcome(Generic[T]):
    """Outcome of one call.

    Attributes:
        index: Position of the call, from 0.
        error: Exception raised by the call; ``None`` if it succeeded.
    """

    __slots__ = ("_value", "error", "index")
    __match_args__ = ("index", "error")

    def __init__(self, index: int, value: T | None, error: Exception | None) -> None:
        self.index = index
        self.error = error
        self._value = value

    @property
    def value(self) -> T:
        """Value of the call. Raises its exception if the call failed."""
        if self.error is not None:
            raise self.error
        return self._value  # type: ignore[return-value]

    @property
    def ok(self) -> bool:
        """Whether the call succeeded."""
        return self.error is None

    def __repr__(self) -> str:
        return f"Outcome({self.index}, {_short(self._value) if self.ok else f'error={_short(self.error)}'})"


class BulkResult(List[Outcome[T]]):
    """One outcome per call, in the order of the calls."""

    __slots__ = ()

    @property
    def values(self) -> list[T]:
        """Values of the calls that succeeded."""
        return [outcome.value for outcome in self if outcome.ok]

    @property
    def failed(self) -> list[Outcome[T]]:
        """Outcomes of the calls that failed."""
        return [outcome for outcome in self if not outcome.ok]

    def raise_for_errors(self) -> list[T]:
        """Returns the values of all calls. Raises the first exception if any call failed."""
        return [outcome.value for outcome in self]

    def __repr__(self) -> str:
        failed = self.failed
        text = f"<BulkResult: {len(self) - len(failed)} succeeded, {len(failed)} failed"
        for outcome in failed[:FAILURES]:
            text += f"; call {outcome.index}: {_short(outcome.error)}"
        return f"{text}; …>" if len(failed) > FAILURES else f"{text}>"


class _Line:
    """Progress line on stderr."""

    def __init__(self, total: int | None) -> None:
        self.total = total
        self.done = 0
        self.shown = 0.0

    def update(self, n: int, /) -> None:
        self.done += n
        now = time.monotonic()
        if now - self.shown > 0.1 or self.done == self.total:
            self.shown = now
            of = "" if self.total is None else f" of {self.total}"
            print(f"\r{self.done}{of} calls", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        print(f"\r{self.done} calls{' ' * 20}", file=sys.stderr, flush=True)


class _Function:
    """Calls a function with the number of completed calls."""

    def __init__(self, function: Callable[[int], object]) -> None:
        self.function = function
        self.done = 0

    def update(self, n: int, /) -> None:
        self.done += n
        self.function(self.done)


def _counter(progress: Progress | Callable[[int], object] | bool | None, calls: Iterable[Any]) -> Progress | None:
    """Returns what counts the calls. Refuses what cannot, before any call is made."""
    if progress is None:
        progress = bool(sys.stderr and sys.stderr.isatty())
    if isinstance(progress, bool):
        return _Line(len(calls) if isinstance(calls, Sized) else None) if progress else None
    if isinstance(progress, type):
        raise TypeError(f"progress: must be an object, not the class {progress.__name__}")
    if hasattr(progress, "update"):
        return cast("Progress", progress)
    if callable(progress):
        return _Function(progress)
    kind = type(progress).__name__
    raise TypeError(f"progress: must be a progress bar with a method update, a function, True or False, not {kind}")


def _check(calls: Iterable[Any], concurrency: int) -> None:
    """Refuses invalid arguments before any call is made. The items of an iterator are checked when they are reached."""
    if not has(calls, "__iter__") and not has(calls, "__getitem__"):
        raise TypeError(f"calls: must be a list or an iterator of functions without parameters, not {type(calls).__name__}")
    if not has(concurrency, "__index__"):
        raise TypeError(f"concurrency: must be a whole number, at least 1, not {concurrency!r}")
    if concurrency < 1:
        raise ValueError(f"concurrency: must be at least 1, not {concurrency}")
    if isinstance(calls, Collection) and any(not callable(call) for call in calls):
        for call in calls:
            if inspect.iscoroutine(call):
                call.close()
        for index, call in enumerate(calls):
            _check_call(index, call)


def _check_call(index: int, call: Any) -> None:
    if callable(call):
        return
    kind = type(call).__name__
    if inspect.iscoroutine(call):
        # It will not be awaited, which would be reported as a warning.
        call.close()
    if inspect.isawaitable(call):
        kind = f"{kind}, which is a call in progress: pass lambda: … or functools.partial(method, arguments) instead"
    raise TypeError(f"call {index}: must be a function without parameters, not {kind}")


def run(
    calls: Iterable[Callable[[], T]], concurrency: int, progress: Progress | Callable[[int], object] | bool | None
) -> BulkResult[T]:
    """Makes the calls on new threads."""
    import threading

    _check(calls, concurrency)
    counter = _counter(progress, calls)
    source = enumerate(calls)
    outcomes: dict[int, Outcome[T]] = {}
    lock = threading.Lock()
    interrupt = Interrupt()
    stopped: list[BaseException] = []

    def work() -> None:
        interrupt.watch()
        while not stopped:
            try:
                with lock:
                    following = next(source, None)
                if following is None:
                    return
                index, call = following
                _check_call(index, call)
                outcome = _outcome(index, call)
                with lock:
                    outcomes[index] = outcome
                    if counter is not None:
                        counter.update(1)
            except BaseException as error:
                # The iterator or the counter failed, or the call was interrupted.
                stopped.append(error)
                return

    threads = [threading.Thread(target=work, name=f"bulk-{n}", daemon=True) for n in range(concurrency)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.1)
    except BaseException as error:
        stopped.append(error)
        interrupt.set()
        for thread in threads:
            if thread.ident is not None:
                thread.join(1)
        raise
    finally:
        if isinstance(counter, _Line):
            counter.end()
    if stopped:
        raise stopped[0]
    return BulkResult(outcomes[index] for index in sorted(outcomes))


def _outcome(index: int, call: Callable[[], T]) -> Outcome[T]:
    try:
        return Outcome(index, call(), None)
    except CallCancelledError:
        raise
    except Exception as error:
        return Outcome(index, None, error)


async def async_run(
    calls: Iterable[Callable[[], Awaitable[T]]],
    concurrency: int,
    progress: Progress | Callable[[int], object] | bool | None,
) -> BulkResult[T]:
    """Makes the calls in tasks of the running event loop."""
    import asyncio

    _check(calls, concurrency)
    counter = _counter(progress, calls)
    source: Iterator[tuple[int, Callable[[], Awaitable[T]]]] = iter(enumerate(calls))
    outcomes: dict[int, Outcome[T]] = {}

    async def work() -> None:
        for index, call in source:
            _check_call(index, call)
            try:
                outcomes[index] = Outcome(index, await call(), None)
            except Exception as error:
                outcomes[index] = Outcome(index, None, error)
            if counter is not None:
                counter.update(1)

    workers = [asyncio.ensure_future(work()) for _ in range(concurrency)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        if isinstance(counter, _Line):
            counter.end()
    return BulkResult(outcomes[index] for index in sorted(outcomes))
