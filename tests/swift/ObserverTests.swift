import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

@Suite struct ObserverTests {
    /// Keeps every event as text, and the last end of a call.
    struct Recorder: Observer {
        let seen = Shared<[String]>([])
        let calls = Shared<Set<Int>>([])
        let ends = Shared<[FinishedEvent]>([])

        private func keep(_ call: Int, _ text: String) {
            calls.change { _ = $0.insert(call) }
            seen.change { $0.append(text) }
        }

        func attempt(_ event: AttemptEvent) {
            keep(event.call, "\(event.attempt) \(event.method) \(event.pathTemplate) \(event.serverAddress)")
        }

        func wait(_ event: WaitEvent) {
            keep(event.call, "wait for \(event.attempt): \(event.reason)")
        }

        func outcome(_ event: OutcomeEvent) {
            let result = event.error ?? "ok"
            keep(event.call, "\(event.status ?? 0) \(result) \(event.willRetry) \(event.responseBytes > 0)")
        }

        func finished(_ event: FinishedEvent) {
            keep(event.call, "finished \(event.attempts) \(event.error ?? "ok")")
            ends.change { $0.append(event) }
        }
    }

    @Test func eventsOfACallHaveItsIdMethodAndPathTemplate() async throws {
        let simulator = try Simulator()
        let recorder = Recorder()
        let client = try simulator.client(observer: recorder)
        let shop = try await client.shop()
        try simulator.admin("POST", "/faults", body: #"{"operation":"configs.list","status":503,"times":1}"#)
        recorder.seen.change { $0 = [] }
        recorder.calls.change { $0 = [] }
        _ = try await client.configs.list(productId: shop.product.productId)
        let attempt = "GET /v1/products/{productId}/configs 127.0.0.1"
        #expect(
            recorder.seen.value == [
                "1 \(attempt)", "503 server true true", "wait for 2: retry", "2 \(attempt)", "200 ok false true",
                "finished 2 ok",
            ])
        #expect(recorder.calls.value.count == 1)
        let end = try #require(recorder.ends.value.last)
        #expect(end.status == 200 && end.backoff > .zero && end.elapsed >= end.backoff && end.waited < .seconds(1))
    }

    @Test func aCancelledCallEndsAsCancelled() async throws {
        let simulator = try Simulator()
        try simulator.admin("POST", "/faults", body: #"{"operation":"me.get","delayMs":20000}"#)
        let recorder = Recorder()
        let client = try simulator.client(observer: recorder)
        let call = Task { try await client.me.get() }
        try await eventually("the request is sent") { recorder.seen.value.count == 1 }
        call.cancel()
        _ = await call.result
        try await eventually("the call ends") { recorder.seen.value.last == "finished 1 cancelled" }
    }

    @Test func theObserverOfTheDocumentationMakesSpans() async throws {
        let simulator = try Simulator()
        try simulator.admin(
            "POST", "/faults", body: #"{"operation":"me.get","status":503,"retryAfter":0,"times":1}"#)
        let spans = Shared<[Span]>([])
        let client = try simulator.client(observer: SpanObserver { span in spans.change { $0.append(span) } })
        _ = try await client.me.get()
        #expect(spans.value.map(\.name) == ["GET /v1/me", "GET /v1/me", "me.get"])
        #expect(spans.value.map { $0.attributes["error.type"] } == ["503", nil, nil])
        #expect(spans.value.map { $0.attributes["http.request.resend_count"] } == [nil, "1", nil])
        #expect(Set(spans.value.map(\.call)).count == 1)
    }

    @Test func headersOfAnAttemptAreMadeForEachOne() async throws {
        struct Tracer: Observer {
            func headers(_ event: AttemptEvent) -> [String: String] {
                ["X-Token": "token-\(event.attempt)", "X-Team": event.operation]
            }
        }
        let simulator = try Simulator()
        try simulator.addFault(Fault(operation: "me.get", times: 1, status: 503, retryAfter: 0))
        let client = try simulator.client(observer: Tracer())
        _ = try await client.with(headers: ["X-Team": "mine"]).me.get()
        _ = try await client.me.get()
        let sent = try simulator.journal(operation: "me.get").map(\.requestHeaders)
        #expect(sent.map { $0["x-token"] } == ["token-1", "token-2", "token-1"])
        #expect(sent.map { $0["x-team"] } == ["mine", "mine", "me.get"])
    }
}
