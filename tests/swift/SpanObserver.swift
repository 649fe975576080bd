import ConfigCatManagement
import Foundation

/// A finished span, with the attributes of OpenTelemetry for HTTP clients.
struct Span: Sendable {
    let call: Int
    let name: String
    let duration: Duration
    let attributes: [String: String]
}

/// Passes a span for each attempt and for each call to a tracer.
struct SpanObserver: Observer {
    let tracer: @Sendable (Span) -> Void

    func outcome(_ event: OutcomeEvent) {
        var attributes = ["http.request.method": event.method, "url.template": event.pathTemplate]
        attributes["http.response.status_code"] = event.status.map(String.init)
        attributes["http.request.resend_count"] = event.attempt > 1 ? String(event.attempt - 1) : nil
        attributes["error.type"] = event.error.map { kind in event.status.map(String.init) ?? kind }
        let name = "\(event.method) \(event.pathTemplate)"
        tracer(Span(call: event.call, name: name, duration: event.elapsed, attributes: attributes))
    }

    func finished(_ event: FinishedEvent) {
        let attributes = event.error.map { ["error.type": $0] } ?? [:]
        tracer(Span(call: event.call, name: event.operation, duration: event.elapsed, attributes: attributes))
    }
}
