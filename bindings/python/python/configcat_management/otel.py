"""OpenTelemetry: spans and metrics of a client, and ``traceparent`` to the service.

Needs the package ``opentelemetry-api``: ``pip install "configcat-management[otel]"``.

    from configcat_management import Client
    from configcat_management.otel import OpenTelemetryObserver

    client = Client(observer=OpenTelemetryObserver())

Spans: one per call, with the name of the operation, and one per attempt, with the attributes of OpenTelemetry for HTTP clients. The
service receives the context of the call's span.

Metrics:

- ``http.client.request.duration``: seconds per attempt.
- ``configcat_management.call.duration``: seconds per call, including waits and retries.
- ``configcat_management.call.retries``: number of retries.
- ``configcat_management.rate_limit.wait``: seconds that calls spent waiting for the rate limit.
- ``configcat_management.rate_limit.remaining``: remaining budget of the rate limit.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from opentelemetry import metrics, propagate, trace
from opentelemetry.propagators.textmap import Setter
from opentelemetry.trace import SpanKind, StatusCode

from ._native import __version__
from .observer import Observer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.propagators.textmap import TextMapPropagator
    from opentelemetry.trace import Span, TracerProvider
    from opentelemetry.util.types import AttributeValue

    from .observer import AttemptEvent, BeginEvent, FinishedEvent, OutcomeEvent

__all__ = ["OpenTelemetryObserver"]

_NAME = "configcat_management"


class _Headers(Setter[dict[str, str]]):
    def set(self, carrier: dict[str, str], key: str, value: str) -> None:
        carrier[key] = value


_HEADERS = _Headers()


class _Call:
    """A call whose spans have not ended."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.attempt: Span | None = None
        self.attributes: dict[str, AttributeValue] = {}


_current: ContextVar[_Call | None] = ContextVar("configcat_management_call", default=None)
"""The call in whose context an event is delivered."""


class OpenTelemetryObserver(Observer):
    """Makes spans and metrics of the calls of a client. One observer serves any number of clients.

    Args:
        tracer_provider: Receives the spans. Default: the global one.
        meter_provider: Receives the metrics. Default: the global one.
        propagator: Writes the context of the call's span into headers. Default: the global one, which sends ``traceparent``.
    """

    def __init__(
        self,
        *,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
        propagator: TextMapPropagator | None = None,
    ) -> None:
        self._tracer = trace.get_tracer(_NAME, __version__, tracer_provider)
        self._propagator = propagator
        meter = metrics.get_meter(_NAME, __version__, meter_provider)
        self._requests = meter.create_histogram(
            "http.client.request.duration", "s", "Duration of HTTP client requests."
        )
        self._calls = meter.create_histogram(f"{_NAME}.call.duration", "s", "Duration of calls.")
        self._retries = meter.create_counter(f"{_NAME}.call.retries", "{retry}", "Number of retries.")
        self._waits = meter.create_counter(
            f"{_NAME}.rate_limit.wait", "s", "Time that calls spent waiting for the rate limit."
        )
        self._remaining = meter.create_gauge(
            f"{_NAME}.rate_limit.remaining", "{request}", "Remaining budget of the rate limit."
        )

    def begin(self, event: BeginEvent) -> Mapping[str, str]:
        """Starts the span of a call, and returns the headers with its context."""
        span = self._tracer.start_span(event.operation)
        _current.set(_Call(span))
        headers: dict[str, str] = {}
        propagator = self._propagator or propagate.get_global_textmap()
        propagator.inject(headers, trace.set_span_in_context(span), _HEADERS)
        return headers

    def attempt(self, event: AttemptEvent) -> None:
        """Starts the span of an attempt."""
        call = _current.get()
        if call is None:
            return
        call.attributes = {
            "http.request.method": event.method,
            "server.address": event.server_address,
            "server.port": event.server_port,
            "url.template": event.path_template,
        }
        call.attempt = self._tracer.start_span(
            f"{event.method} {event.path_template}",
            trace.set_span_in_context(call.span),
            SpanKind.CLIENT,
            call.attributes,
            start_time=_nanoseconds(event.time),
        )
        if event.attempt > 1:
            call.attempt.set_attribute("http.request.resend_count", event.attempt - 1)

    def outcome(self, event: OutcomeEvent) -> None:
        """Ends the span of an attempt."""
        call = _current.get()
        if call is None or call.attempt is None:
            return
        result: dict[str, AttributeValue] = {}
        if event.status is not None:
            result["http.response.status_code"] = event.status
        if event.error is not None:
            result["error.type"] = _error_type(event.status, event.error)
        call.attempt.set_attributes(result)
        _end(call.attempt, event.error, event.time)
        call.attempt = None
        self._requests.record(event.elapsed, {**call.attributes, **result})

    def finished(self, event: FinishedEvent) -> None:
        """Ends the span of a call, and records its metrics."""
        call = _current.get()
        if call is None:
            return
        result: dict[str, AttributeValue] = {}
        if event.error is not None:
            result["error.type"] = _error_type(event.status, event.error)
        for span in (call.attempt, call.span):
            # That of an attempt has ended, unless the call was cancelled.
            if span is not None:
                span.set_attributes(result)
                _end(span, event.error, event.time)
        operation = {"configcat_management.operation": event.operation}
        self._calls.record(event.elapsed, {**operation, **result})
        if event.attempts > 1:
            self._retries.add(event.attempts - 1, operation)
        if event.waited > 0:
            self._waits.add(event.waited)
        if event.remaining is not None:
            self._remaining.set(event.remaining)


def _error_type(status: int | None, kind: str) -> str:
    """Returns the type of an error: the status of the response if there was one, else the kind."""
    return str(status) if status is not None and kind != "cancelled" and not 200 <= status < 300 else kind


def _end(span: Span, error: str | None, time: float) -> None:
    if error is not None:
        span.set_status(StatusCode.ERROR)
    span.end(_nanoseconds(time))


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)
