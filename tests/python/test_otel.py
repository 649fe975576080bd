"""Spans and metrics, as the SDK of OpenTelemetry receives them."""

from __future__ import annotations

import asyncio
import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from configcat_management import CallConnectionError, NotFoundError
from configcat_management.otel import OpenTelemetryObserver
from configcat_management.testing import Simulator

MISSING = "20000000-0000-4000-8000-00000000ffff"
both = pytest.mark.parametrize("asynchronous", [False, True], ids=["blocking", "asyncio"])


class Telemetry:
    """An SDK that keeps everything in memory."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.reader = InMemoryMetricReader()
        self.meters = MeterProvider([self.reader])
        self.observer = OpenTelemetryObserver(tracer_provider=self.tracers, meter_provider=self.meters)

    def spans(self) -> tuple[ReadableSpan, ...]:
        spans = self.exporter.get_finished_spans()
        self.exporter.clear()
        return spans

    def metrics(self) -> dict[str, list[Any]]:
        """Returns the data points of each metric."""
        data = self.reader.get_metrics_data()
        scopes = [] if data is None else [scope for found in data.resource_metrics for scope in found.scope_metrics]
        return {metric.name: list(metric.data.data_points) for scope in scopes for metric in scope.metrics}


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


def call(simulator: Simulator, telemetry: Telemetry, asynchronous: bool, operation: Any, **options: Any) -> Any:
    if not asynchronous:
        with simulator.client(observer=telemetry.observer, **options) as client:
            return operation(client)

    async def run() -> Any:
        async with simulator.async_client(observer=telemetry.observer, **options) as client:
            return await operation(client)

    return asyncio.run(run())


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


@both
def test_spans_follow_the_conventions_for_http_clients(
    demo: Simulator, telemetry: Telemetry, asynchronous: bool
) -> None:
    demo.add_fault(operation="me.get", status=503, times=1)
    tracer = telemetry.tracers.get_tracer("test")
    with tracer.start_as_current_span("outer") as outer:
        call(demo, telemetry, asynchronous, lambda client: client.me.get())
    first, second, whole, _ = telemetry.spans()
    assert (whole.name, whole.kind, whole.status.status_code) == ("me.get", SpanKind.INTERNAL, StatusCode.UNSET)
    assert whole.parent is not None and whole.parent.span_id == outer.get_span_context().span_id
    common = {
        "http.request.method": "GET",
        "url.template": "/v1/me",
        "server.address": "127.0.0.1",
        "server.port": int(demo.url.rsplit(":", 1)[1]),
    }
    for attempt in (first, second):
        assert (attempt.name, attempt.kind) == ("GET /v1/me", SpanKind.CLIENT)
        assert attempt.parent is not None and whole.context is not None
        assert attempt.parent.span_id == whole.context.span_id
    assert attributes(first) == {**common, "http.response.status_code": 503, "error.type": "503"}
    assert attributes(second) == {**common, "http.response.status_code": 200, "http.request.resend_count": 1}
    assert [span.status.status_code for span in (first, second)] == [StatusCode.ERROR, StatusCode.UNSET]
    times = [first.start_time, first.end_time, second.start_time, second.end_time]
    assert times == sorted(time for time in times if time is not None)


@both
def test_traceparent_names_the_span_of_the_call(demo: Simulator, telemetry: Telemetry, asynchronous: bool) -> None:
    call(demo, telemetry, asynchronous, lambda client: client.me.get())
    context = telemetry.spans()[-1].context
    assert context is not None
    expected = f"00-{trace.format_trace_id(context.trace_id)}-{trace.format_span_id(context.span_id)}-"
    assert dict(demo.journal()[-1]["requestHeaders"])["traceparent"].startswith(expected)


@both
def test_failed_call_has_the_type_of_its_error(demo: Simulator, telemetry: Telemetry, asynchronous: bool) -> None:
    with pytest.raises(NotFoundError):
        call(demo, telemetry, asynchronous, lambda client: client.products.get(MISSING))
    assert [attributes(span)["error.type"] for span in telemetry.spans()] == ["404", "404"]
    with pytest.raises(CallConnectionError):
        call(demo, telemetry, asynchronous, lambda client: client.me.get(), base_url="http://127.0.0.1:1", max_attempts=1)
    spans = telemetry.spans()
    assert [attributes(span)["error.type"] for span in spans] == ["connection", "connection"]
    assert [span.status.status_code for span in spans] == [StatusCode.ERROR] * 2


def test_cancelled_call_ends_its_spans(demo: Simulator, telemetry: Telemetry) -> None:
    demo.add_fault(operation="me.get", delay_ms=20_000)

    async def main() -> None:
        async with demo.async_client(observer=telemetry.observer) as client:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.me.get(), 0.3)
            for _ in range(500):
                if len(telemetry.exporter.get_finished_spans()) == 2:
                    break
                await asyncio.sleep(0.01)

    asyncio.run(main())
    assert [(span.name, attributes(span)["error.type"]) for span in telemetry.spans()] == [
        ("GET /v1/me", "cancelled"),
        ("me.get", "cancelled"),
    ]


@both
def test_metrics_have_durations_retries_and_the_budget(telemetry: Telemetry, asynchronous: bool) -> None:
    with Simulator(rate_limit="2/1") as simulator:
        simulator.add_fault(operation="me.get", status=503, times=1, retry_after=0)
        call(simulator, telemetry, asynchronous, lambda client: client.me.get())
        with simulator.client(observer=telemetry.observer) as client:
            for _ in range(3):
                client.products.list()
    metrics = telemetry.metrics()
    requests = metrics["http.client.request.duration"]
    assert sum(point.count for point in requests) == 5
    failed = [point for point in requests if point.attributes.get("error.type") == "503"]
    assert [point.count for point in failed] == [1] and failed[0].attributes["url.template"] == "/v1/me"
    calls = {point.attributes["configcat_management.operation"]: point for point in metrics["configcat_management.call.duration"]}
    assert (calls["me.get"].count, calls["products.list"].count) == (1, 3)
    [retries] = metrics["configcat_management.call.retries"]
    assert (retries.value, retries.attributes) == (1, {"configcat_management.operation": "me.get"})
    [wait] = metrics["configcat_management.rate_limit.wait"]
    assert 0.1 < wait.value < 10
    [remaining] = metrics["configcat_management.rate_limit.remaining"]
    assert remaining.value in (0, 1)


def test_refused_call_has_a_span_without_attempts(demo: Simulator, telemetry: Telemetry) -> None:
    with demo.client(observer=telemetry.observer) as client, pytest.raises(ValueError, match="seconds"):
        client.me.get(timeout=-1)
    assert telemetry.spans() == ()
    with pytest.raises(Exception, match="not sent"):
        call(demo, telemetry, False, lambda client: client.products.create(MISSING, name=""))
    [span] = telemetry.spans()
    assert (span.name, attributes(span)) == ("products.create", {"error.type": "bad_request"})


def test_example_of_the_documentation_works(
    demo: Simulator, telemetry: Telemetry, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "examples/python"))
    example = importlib.import_module("observability")
    observer = example.Observer(tracer_provider=telemetry.tracers, meter_provider=telemetry.meters)
    with demo.client(observer=observer) as client:
        client.me.get()
    assert capsys.readouterr().out.startswith("me.get: 200 after 0.")
    headers = dict(demo.journal()[-1]["requestHeaders"])
    assert headers["x-operation"] == "me.get" and "traceparent" in headers
    assert [span.name for span in telemetry.spans()] == ["GET /v1/me", "me.get"]


def test_package_needs_no_opentelemetry() -> None:
    script = "import sys, configcat_management.observer; print('opentelemetry' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout == "False\n"
