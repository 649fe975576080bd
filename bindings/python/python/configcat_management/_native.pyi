from collections.abc import Callable
from typing import Any, final

from ._generated.models import *

__version__: str

ABSENT: Any
"""Leaves an argument out of a request, which differs from ``None``, which sends null."""

@final
class RateLimit:
    """What is known of the rate limit."""

    @property
    def remaining(self) -> int | None:
        """Requests left in the window, as far as known."""

    @property
    def resets_in(self) -> float | None:
        """Seconds until the window ends, as far as known."""

    @property
    def in_flight(self) -> int:
        """Requests that are on their way."""

    @property
    def waiting(self) -> int:
        """Calls that wait for their turn."""

@final
class Usage:
    """What a client has done so far."""

    @property
    def requests(self) -> int:
        """Requests that were sent, retries included."""

    @property
    def rate_limited(self) -> int:
        """Answers that turned a request away for the rate limit (429)."""

    @property
    def waited(self) -> float:
        """Seconds that calls spent waiting for the rate limit, added up."""

@final
class Interrupt:
    """Calls off what threads wait for."""

    def __new__(cls) -> Interrupt: ...
    def set(self) -> None:
        """Ends every call of the threads that watch this, now and from now on."""

    def watch(self) -> None:
        """Lets the calls of this thread be called off by ``set``."""

@final
class Inbox:
    """The calls of one event loop that have ended."""

    def __new__(cls, event_loop: Callable[[], Any]) -> Inbox: ...
    def deliver(self) -> None:
        """Wakes the futures of the calls that have ended; runs in the event loop."""

@final
class Task:
    """A call on its way."""

    def cancel(self) -> None:
        """Ends the call. What has not been sent is not sent any more."""

    def result(self) -> Any:
        """What the call brought, once; only after its future has been woken."""

@final
class NativeClient:
    """Calls operations by name."""

    def __new__(cls, options: dict[str, Any]) -> NativeClient: ...
    def again(self) -> NativeClient:
        """A client of the same settings that shares nothing with this one, for use after a fork."""

    def call(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        whole: bool,
    ) -> Any:
        """Calls an operation and waits for its answer; ``whole`` asks for the response around the value."""

    def start(
        self,
        inbox: Inbox,
        future: Any,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        whole: bool,
    ) -> Task:
        """Starts a call, at whose end ``future`` is woken by way of ``inbox``."""

    def usage(self) -> Usage:
        """What the client has sent and waited so far."""

    def rate_limit(self) -> RateLimit:
        """What is known of the rate limit right now."""

@final
class NativeSimulator:
    """A simulator with a thread of its own."""

    def __new__(cls, options: dict[str, Any]) -> NativeSimulator: ...
    @property
    def url(self) -> str:
        """Where it listens."""

    def stop(self) -> None:
        """Stops it."""

def describe() -> list[dict[str, Any]]:
    """Every operation: its name, route, parameters and fields."""

def diff(before: Any, after: Any) -> list[dict[str, Any]]:
    """The smallest JSON Patch that makes one state of the other."""

def suggestions(name: str, known: list[str], count: int) -> list[str]:
    """The names that may have been meant by a misspelt one, the most similar first."""

def run_simulator(arguments: list[str]) -> int:
    """Runs the simulator's program with these arguments until a signal ends it; its exit status."""

def shutdown() -> None:
    """Ends the thread that serves the connections, unless somebody still waits for it."""

def webhook_problem(
    keys: list[str], tolerance: float | None, id: str, timestamp: str, signatures: str, body: bytes
) -> str | None:
    """Why a call is not to be trusted; nothing when it is."""

def webhook_sign(key: str, id: str, timestamp: str, body: bytes) -> str:
    """Signs a call as the service does."""

def wire(schema: str, value: Any) -> dict[str, Any]:
    """An input as it is sent: JSON names, lists and dictionaries."""
