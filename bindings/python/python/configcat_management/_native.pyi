from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Literal, final

from ._generated.models import *

__version__: str

ABSENT: Any
"""Leaves an argument out of a request. In contrast, ``None`` sends null."""

@final
class RateLimit:
    """State of the rate limit."""

    def __new__(
        cls,
        remaining: int | None = None,
        resets_in: float | None = None,
        in_flight: int = 0,
        waiting: int = 0,
    ) -> RateLimit: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    @property
    def remaining(self) -> int | None:
        """Requests left in the window, if known."""

    @property
    def resets_in(self) -> float | None:
        """Seconds until the window ends, if known."""

    @property
    def in_flight(self) -> int:
        """Requests in flight."""

    @property
    def waiting(self) -> int:
        """Calls waiting for a permit."""

@final
class RateLimits:
    """States of a rate limit: an iterator. It does not keep the client open."""

    def __iter__(self) -> RateLimits: ...
    def __next__(self) -> RateLimit: ...
    def start(self, inbox: Inbox, future: object) -> Task:
        """Starts to wait for the next state, whose end is ``None``. When there is one, wakes ``future`` through ``inbox``."""

@final
class Usage:
    """Usage counters of a client."""

    def __new__(cls, requests: int = 0, rate_limited: int = 0, waited: float = 0.0) -> Usage: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    @property
    def requests(self) -> int:
        """Requests sent, including retries."""

    @property
    def rate_limited(self) -> int:
        """Requests rejected with 429 (rate limit exceeded)."""

    @property
    def waited(self) -> float:
        """Total seconds that calls spent waiting for the rate limit."""

@final
class Cassette:
    """A file with the requests and responses of a client, so that tests need neither the service nor a simulator.

    Pass it to a client as ``cassette``. A recording has no credentials; where a response repeats them, they are masked. It
    does have what the service sends, such as SDK keys and signing keys of webhooks.

    When a cassette is played back, a request gets the response of the first recorded request with the same method, path,
    query and body that has not been used; a request without one raises :class:`ConfigurationError`. Pacing is off,
    credentials are optional, and nothing is sent. Clients that share a cassette record to it one after the other, or use up
    its responses together.

    Args:
        path: The file. It is opened when a client is created.
        mode: ``"record"`` writes a new file, ``"replay"`` plays it back, ``"auto"`` plays it back if it exists and records
            otherwise. Default: ``"auto"``.

    Raises:
        ValueError: The mode is another one.
    """

    def __new__(cls, path: str | PathLike[str], mode: Literal["auto", "record", "replay"] = "auto") -> Cassette: ...
    @property
    def path(self) -> Path:
        """The file."""

@final
class BeginEvent:
    """A call begins."""

    @property
    def operation(self) -> str:
        """The operation, such as ``configs.create``; method and path of a raw request."""

    @property
    def method(self) -> str:
        """HTTP method, such as ``POST``."""

    @property
    def path_template(self) -> str:
        """Path with the names of its parameters, such as ``/v1/configs/{configId}``; the path of a raw request, without its query."""

@final
class AttemptEvent:
    """A request is about to be sent."""

    @property
    def call(self) -> int:
        """Id of the call, shared by its events. Later calls of the process have larger ids."""

    @property
    def operation(self) -> str:
        """The operation, such as ``configs.create``; method and path of a raw request."""

    @property
    def method(self) -> str:
        """HTTP method, such as ``POST``."""

    @property
    def path_template(self) -> str:
        """Path with the names of its parameters, such as ``/v1/configs/{configId}``; the path of a raw request, without its query."""

    @property
    def time(self) -> float:
        """When it happened, in seconds since the Unix epoch: events are delivered a little later."""

    @property
    def attempt(self) -> int:
        """Number of the attempt, counted from 1."""

    @property
    def server_address(self) -> str:
        """Host of the base URL, such as ``api.configcat.com``."""

    @property
    def server_port(self) -> int:
        """Port of the base URL, such as 443."""

@final
class WaitEvent:
    """A call is about to wait."""

    @property
    def call(self) -> int:
        """Id of the call, shared by its events. Later calls of the process have larger ids."""

    @property
    def operation(self) -> str:
        """The operation, such as ``configs.create``; method and path of a raw request."""

    @property
    def method(self) -> str:
        """HTTP method, such as ``POST``."""

    @property
    def path_template(self) -> str:
        """Path with the names of its parameters, such as ``/v1/configs/{configId}``; the path of a raw request, without its query."""

    @property
    def time(self) -> float:
        """When it happened, in seconds since the Unix epoch: events are delivered a little later."""

    @property
    def attempt(self) -> int:
        """Number of the attempt that the call waits for, counted from 1."""

    @property
    def reason(self) -> Literal["rate_limit", "retry"]:
        """Why the call waits: the budget of the rate limit is used up, or the last attempt failed."""

    @property
    def expected(self) -> float:
        """Expected duration of the wait in seconds."""

@final
class OutcomeEvent:
    """An attempt has ended."""

    @property
    def call(self) -> int:
        """Id of the call, shared by its events. Later calls of the process have larger ids."""

    @property
    def operation(self) -> str:
        """The operation, such as ``configs.create``; method and path of a raw request."""

    @property
    def method(self) -> str:
        """HTTP method, such as ``POST``."""

    @property
    def path_template(self) -> str:
        """Path with the names of its parameters, such as ``/v1/configs/{configId}``; the path of a raw request, without its query."""

    @property
    def time(self) -> float:
        """When it happened, in seconds since the Unix epoch: events are delivered a little later."""

    @property
    def attempt(self) -> int:
        """Number of the attempt, counted from 1."""

    @property
    def status(self) -> int | None:
        """HTTP status of the response; ``None`` if there was no response."""

    @property
    def error(self) -> str | None:
        """Kind of the failure, such as ``not_found``; ``None`` if the attempt completes the call."""

    @property
    def will_retry(self) -> bool:
        """Whether another attempt follows, unless a wait for the rate limit is too long."""

    @property
    def elapsed(self) -> float:
        """Duration of the attempt in seconds."""

    @property
    def request_bytes(self) -> int:
        """Size of the request body in bytes."""

    @property
    def response_bytes(self) -> int:
        """Number of bytes read of the response body, after decompression. Of the body of an unsuccessful response, only the
        start is read. 0 if there was no response, or if it was too large."""

@final
class FinishedEvent:
    """A call has ended."""

    @property
    def call(self) -> int:
        """Id of the call, shared by its events. Later calls of the process have larger ids."""

    @property
    def operation(self) -> str:
        """The operation, such as ``configs.create``; method and path of a raw request."""

    @property
    def method(self) -> str:
        """HTTP method, such as ``POST``."""

    @property
    def path_template(self) -> str:
        """Path with the names of its parameters, such as ``/v1/configs/{configId}``; the path of a raw request, without its query."""

    @property
    def time(self) -> float:
        """When it happened, in seconds since the Unix epoch: events are delivered a little later."""

    @property
    def attempts(self) -> int:
        """Number of attempts; 0 if the request was never sent."""

    @property
    def status(self) -> int | None:
        """HTTP status of the last response; ``None`` if there was none."""

    @property
    def error(self) -> str | None:
        """Kind of the error, such as ``not_found``; ``None`` if the call succeeded, ``cancelled`` if it was cancelled.

        Decoding the response comes later: a call that succeeded here may still raise :class:`DecodeError`.
        """

    @property
    def elapsed(self) -> float:
        """Duration of the call in seconds, including waits."""

    @property
    def waited(self) -> float:
        """Seconds of it that the call spent waiting for the rate limit."""

    @property
    def backoff(self) -> float:
        """Seconds of it that the call spent waiting between failed attempts."""

    @property
    def remaining(self) -> int | None:
        """Remaining budget of the rate limit, if known."""

@final
class Interrupt:
    """Cancels the calls of the threads that watch it."""

    def __new__(cls) -> Interrupt: ...
    def set(self) -> None:
        """Cancels every call of the threads that watch this, both current and later calls."""

    def watch(self) -> None:
        """Makes ``set`` cancel the calls of this thread."""

@final
class Inbox:
    """The completed calls of one event loop, and what Python code does for calls in flight."""

    def __new__(cls, event_loop: Callable[[], Any]) -> Inbox: ...
    def deliver(self) -> None:
        """Wakes the futures of the completed calls, and runs the Python code that others wait for. Runs in the event loop."""

@final
class Task:
    """A call in flight."""

    def cancel(self) -> None:
        """Cancels the call. A request that has not been sent yet is not sent."""

    def result(self) -> Any:
        """Returns the result once; only valid after the call's future has been woken."""

@final
class NativeClient:
    """Calls operations by name."""

    def __new__(cls, options: dict[str, Any]) -> NativeClient: ...
    def again(self) -> NativeClient:
        """Returns a client with the same settings that shares nothing with this one, for use after a fork."""

    def call(
        self,
        operation: str,
        parameters: dict[str, Any],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        whole: bool,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Calls an operation and returns its value, or the whole response if ``whole`` is set.

        ``configs.find`` and the like return the item of a list that has a name, which they take in place of the body.
        """

    def request(
        self,
        method: str,
        path: str,
        query: Iterable[tuple[str, Any]],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        headers: Mapping[str, str] | None,
    ) -> Any:
        """Makes a request by method and path, and returns the whole response."""

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
        headers: Mapping[str, str] | None = None,
    ) -> Task:
        """Starts a call. When it completes, wakes ``future`` through ``inbox``."""

    def start_request(
        self,
        inbox: Inbox,
        future: Any,
        method: str,
        path: str,
        query: Iterable[tuple[str, Any]],
        body: Any,
        timeout: float | None,
        max_attempts: int | None,
        headers: Mapping[str, str] | None,
    ) -> Task:
        """Starts a request by method and path. When it completes, wakes ``future`` through ``inbox``."""

    def run(
        self,
        job: Job,
        timeout: float | None,
        max_attempts: int | None,
        headers: Mapping[str, str] | None,
        on_progress: Callable[[int, int], object] | None = None,
    ) -> Any:
        """Does a job, and returns its result. ``on_progress`` is called with the number of completed steps and of all steps."""

    def start_job(
        self,
        inbox: Inbox,
        future: Any,
        job: Job,
        timeout: float | None,
        max_attempts: int | None,
        headers: Mapping[str, str] | None,
        on_progress: Callable[[int, int], object] | None = None,
    ) -> Task:
        """Starts a job. When it completes, wakes ``future`` through ``inbox``."""

    def network_changed(self) -> None:
        """Closes every connection; attempts in flight fail as if theirs was lost."""

    def usage(self) -> Usage:
        """Returns the number of requests sent and the time waited so far."""

    def rate_limits(self) -> RateLimits:
        """Returns the states of the rate limit: the current one, and each change."""

    def rate_limit(self) -> RateLimit:
        """Returns the current state of the rate limit."""

@final
class EditSnapshot:
    """A state that was read, as the draft that it can be changed to."""

    def __new__(cls, edit: str, state: dict[str, Any]) -> EditSnapshot: ...
    @property
    def draft(self) -> dict[str, Any]:
        """The draft in its wire form."""

    @property
    def version(self) -> str | None:
        """The version that changes apply to, for resources with versions."""

    def changes(self, draft: dict[str, Any]) -> list[dict[str, Any]]:
        """Returns the patch that changes the state to a draft."""

    def turned(self, draft: dict[str, Any], on: bool) -> dict[str, Any]:
        """Returns a draft of a boolean flag that is turned on, or off."""

    def with_percentage(self, draft: dict[str, Any], percentage: int) -> dict[str, Any]:
        """Returns a draft of a boolean flag that serves true to a percentage of the users."""

    def may_rebase(self, patch: list[dict[str, Any]], newer: EditSnapshot) -> bool:
        """Whether a patch of this state may be applied to a newer one."""

@final
class NativeDocument:
    """Desired state of a product."""

    def __new__(cls, product: str) -> NativeDocument: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    @staticmethod
    def from_yaml(text: str) -> NativeDocument: ...
    @staticmethod
    def from_json(text: str) -> NativeDocument: ...
    @staticmethod
    def from_dict(value: Any) -> NativeDocument: ...
    @property
    def product(self) -> str: ...
    @property
    def organization(self) -> str | None: ...
    def renamed(self, product: str | None, organization: str | None) -> NativeDocument: ...
    def to_yaml(self) -> str: ...
    def to_json(self) -> str: ...
    def to_dict(self) -> dict[str, Any]: ...

@final
class NativePlan:
    """Ordered steps to the desired state."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    @staticmethod
    def from_json(text: str) -> NativePlan: ...
    def to_json(self) -> str: ...
    @property
    def document(self) -> NativeDocument: ...
    @property
    def is_empty(self) -> bool: ...
    @property
    def summary(self) -> str: ...
    def to_text(self, color: bool) -> str: ...
    def to_markdown(self) -> str: ...
    def to_html(self) -> str: ...
    def parts(self) -> dict[str, Any]:
        """Steps, requests, price and options."""

@final
class NativeReport:
    """What applying a plan did."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    @staticmethod
    def from_json(text: str) -> NativeReport: ...
    def to_json(self) -> str: ...
    @property
    def plan(self) -> NativePlan: ...
    @property
    def is_complete(self) -> bool: ...
    @property
    def requests(self) -> int: ...
    @property
    def summary(self) -> str: ...
    def to_text(self) -> str: ...
    def to_html(self) -> str: ...
    def outcomes(self) -> list[dict[str, Any]]:
        """The outcome of each step."""

    def undo(self) -> NativeDocument: ...
    def raise_for_failures(self) -> None:
        """Raises an error if a step did not succeed."""

@final
class Job:
    """A job that is ready to start."""

    @staticmethod
    def export(product: str) -> Job: ...
    @staticmethod
    def seed(product: str) -> Job: ...
    @staticmethod
    def plan(document: NativeDocument, options: dict[str, Any]) -> Job: ...
    @staticmethod
    def apply(plan: NativePlan) -> Job: ...
    @staticmethod
    def apply_document(document: NativeDocument, options: dict[str, Any]) -> Job: ...
    @staticmethod
    def promote(promotion: dict[str, Any], options: dict[str, Any]) -> Job: ...
    @staticmethod
    def compare(from_: str, to: str) -> Job: ...
    @staticmethod
    def clone(product: str, name: str, organization: str | None) -> Job: ...

@final
class NativeMirror:
    """A simulator with a copy of a real product, and its own thread."""

    def __new__(cls, seed: str, options: dict[str, Any]) -> NativeMirror: ...
    @property
    def url(self) -> str:
        """Base URL of the simulator."""

    @property
    def placeholders(self) -> list[str]:
        """Secrets that cannot be read, for which the copy has placeholders."""

    def changes(self, options: dict[str, Any]) -> NativePlan:
        """Returns what has been changed since the product was copied, as a plan."""

    def start_changes(self, inbox: Inbox, future: Any, options: dict[str, Any]) -> Task:
        """Starts to find out what has been changed. When it is known, wakes ``future`` through ``inbox``."""

    def stop(self) -> None:
        """Stops the simulator."""

@final
class NativeSimulator:
    """A simulator with its own thread."""

    def __new__(cls, options: dict[str, Any]) -> NativeSimulator: ...
    @property
    def url(self) -> str:
        """Base URL of the simulator."""

    def stop(self) -> None:
        """Stops the simulator."""

def least_wait(requests: int, remaining: int | None, resets_in: float | None) -> float | None:
    """Returns the least number of seconds that a number of requests waits for the rate limit, if the service has reported one."""

def attributes(schema: str, data: dict[str, Any], operation: str | None = None) -> dict[str, Any]:
    """Returns an object in its wire form with the names of the attributes of its class, or as the arguments of an operation, if
    there is one with that name and it takes fields."""

def fields(schema: str) -> list[dict[str, Any]]:
    """Returns the fields of a class: names, types, and whether they are required."""

def describe() -> list[dict[str, Any]]:
    """Returns every operation: its name, route and parameters."""

def diff(before: Any, after: Any) -> list[dict[str, Any]]:
    """Returns a small JSON Patch that turns ``before`` into ``after``."""

def suggestions(name: str, known: list[str], count: int) -> list[str]:
    """Returns up to ``count`` known names that are similar to a misspelt one, the most similar first."""

def run_command_line(arguments: list[str]) -> int:
    """Runs the command line with these arguments, of which the first one is the program's name. Returns the exit status."""

def run_simulator(arguments: list[str]) -> int:
    """Runs the simulator's command line with these arguments until a signal ends it. Returns the exit status."""

def shutdown() -> None:
    """Stops the thread that serves the connections, unless a thread still waits for a call."""

def webhook_problem(
    keys: list[str], tolerance: float | None, id: str, timestamp: str, signatures: str, body: bytes, any_id: bool
) -> str | None:
    """Returns why a webhook request is not authentic, or ``None`` if it is."""

def webhook_sign(key: str, id: str, timestamp: str, body: bytes) -> str:
    """Signs a webhook request as the service does."""

def webhook_signed_headers(
    keys: list[str], body: bytes, id: str | None, timestamp: int | None
) -> list[tuple[str, str]]:
    """Returns the headers of a signed webhook request. ``None``: a random id, the current time."""

def wire(schema: str, value: Any) -> dict[str, Any]:
    """Converts an input to its wire form: JSON names, lists and dictionaries."""
