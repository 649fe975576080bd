"""Observers: what a client does, as events.

    from configcat_management import Client
    from configcat_management.observer import FinishedEvent, Observer

    class Slow(Observer):
        def finished(self, event: FinishedEvent) -> None:
            if event.elapsed > 5:
                print(f"{event.operation} took {event.elapsed:.1f} s, of which {event.waited:.1f} s for the rate limit")

    client = Client(observer=Slow())
"""

from __future__ import annotations

from ._hints import hinted_methods
from ._native import AttemptEvent, BeginEvent, FinishedEvent, OutcomeEvent, WaitEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AttemptEvent", "BeginEvent", "FinishedEvent", "Observer", "OutcomeEvent", "WaitEvent"]


@hinted_methods
class Observer:
    """Receives the events of a client. Every method does nothing; any object with some of these methods is an observer too.

    The methods run on the thread that makes the call, for :class:`AsyncClient` in the event loop, and in the context
    (``contextvars``) that the call began with. They run while the call waits, so they must return quickly. Exceptions are logged to
    the logger ``configcat_management`` and ignored. Calls that an observer makes are not observed.

    The events of one call come in order: :meth:`begin`, attempts, each with its outcome, waits before and between them, and at last
    :meth:`finished`. An attempt during which the call is cancelled has no outcome. Events contain neither credentials nor headers.
    """

    def begin(self, event: BeginEvent) -> Mapping[str, str] | None:
        """A call begins.

        Returns:
            Headers to send with each attempt, such as ``traceparent``, or ``None``. Extra headers of the call or of
            ``with_options`` take precedence; the same rules apply as for them.
        """

    def attempt(self, event: AttemptEvent) -> Mapping[str, str] | None:
        """A request is about to be sent, which waits for this.

        Returns:
            Headers to send with this attempt, such as a signature, or ``None``. Headers of the call, those from :meth:`begin`
            among them, take precedence; the same rules apply as for them.
        """

    def wait(self, event: WaitEvent) -> None:
        """The call is about to wait, for the rate limit or between two attempts."""

    def outcome(self, event: OutcomeEvent) -> None:
        """An attempt has ended, with or without a response."""

    def finished(self, event: FinishedEvent) -> None:
        """The call has ended: with a response, with an error, or because it was cancelled."""
