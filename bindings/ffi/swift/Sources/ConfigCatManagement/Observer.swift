/// Receives a client's events. Every function has an empty default.
///
/// The functions run on threads of the library as part of the call, so they must return quickly.
///
/// The events of one call have the same id and come in order: attempts, each with its outcome, waits before and between them, and at
/// last `finished`. An attempt during which the call is cancelled has no outcome. A call that is refused before it begins,
/// because its input violates the spec, has only the last event. Events contain neither credentials nor headers.
public protocol Observer: Sendable {
    /// Called before a request is sent. Returns headers that are added to it, such as the context of a trace: `traceparent`. Headers of
    /// the call with the same names take precedence. Their values are masked in errors and logs.
    func headers(_ event: AttemptEvent) -> [String: String]
    /// Called before a request is sent.
    func attempt(_ event: AttemptEvent)
    /// Called before a call waits, for the rate limit or between two attempts.
    func wait(_ event: WaitEvent)
    /// Called after an attempt, with or without a response.
    func outcome(_ event: OutcomeEvent)
    /// Called after a call: it has a response, it failed, or it was cancelled.
    func finished(_ event: FinishedEvent)
}

extension Observer {
    public func headers(_ event: AttemptEvent) -> [String: String] { [:] }
    public func attempt(_ event: AttemptEvent) {}
    public func wait(_ event: WaitEvent) {}
    public func outcome(_ event: OutcomeEvent) {}
    public func finished(_ event: FinishedEvent) {}
}

/// Adapts an application's observer to the native interface.
final class ForeignObserver: NativeObserver {
    private let observer: any Observer

    init(_ observer: any Observer) {
        self.observer = observer
    }

    func headers(event: NativeAttemptEvent) -> [String: String] { observer.headers(AttemptEvent(event)) }
    func attempt(event: NativeAttemptEvent) { observer.attempt(AttemptEvent(event)) }
    func wait(event: NativeWaitEvent) { observer.wait(WaitEvent(event)) }
    func outcome(event: NativeOutcomeEvent) { observer.outcome(OutcomeEvent(event)) }
    func finished(event: NativeFinishedEvent) { observer.finished(FinishedEvent(event)) }
}
