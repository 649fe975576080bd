"""Writes a line per call, and sends spans and metrics to OpenTelemetry.

Needs ``pip install "configcat-management[otel]"``, and the OpenTelemetry SDK with an exporter, such as that of
``opentelemetry-instrument python observability.py``.
"""

from configcat_management import Client
from configcat_management.observer import BeginEvent, FinishedEvent
from configcat_management.otel import OpenTelemetryObserver


class Observer(OpenTelemetryObserver):
    """Adds a line per call and a header to what OpenTelemetry needs."""

    def begin(self, event: BeginEvent) -> dict[str, str]:
        return {"X-Operation": event.operation, **super().begin(event)}

    def finished(self, event: FinishedEvent) -> None:
        super().finished(event)
        result = event.error or event.status
        print(f"{event.operation}: {result} after {event.elapsed:.2f} s and {event.attempts} attempts")


if __name__ == "__main__":
    with Client(observer=Observer()) as client:
        for product in client.products.list():
            print(product.name)
