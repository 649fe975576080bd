/// Receives a client's events. Every function has an empty default.
///
/// The functions run on threads of the library as part of the call, so they must return quickly.
public protocol Observer: Sendable {
    /// Called before a request is sent.
    func attempt(_ event: AttemptEvent)
    /// Called before a call waits, for the rate limit or between two attempts.
    func wait(_ event: WaitEvent)
    /// Called after an attempt, with or without a response.
    func outcome(_ event: OutcomeEvent)
}

extension Observer {
    public func attempt(_ event: AttemptEvent) {}
    public func wait(_ event: WaitEvent) {}
    public func outcome(_ event: OutcomeEvent) {}
}

/// Adapts an application's observer to the native interface.
final class ForeignObserver: NativeObserver {
    private let observer: any Observer

    init(_ observer: any Observer) {
        self.observer = observer
    }

    func attempt(event: AttemptEvent) { observer.attempt(event) }
    func wait(event: WaitEvent) { observer.wait(event) }
    func outcome(event: OutcomeEvent) { observer.outcome(event) }
}
