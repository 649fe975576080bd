/// Sees what a client does. Every function has an empty default.
///
/// They run on threads of the library, on the path of the call: return quickly.
public protocol Observer: Sendable {
    /// A request is about to be sent.
    func attempt(_ event: AttemptEvent)
    /// A call is about to wait, for the rate limit or between two attempts.
    func wait(_ event: WaitEvent)
    /// An attempt has ended, with an answer or without.
    func outcome(_ event: OutcomeEvent)
}

extension Observer {
    public func attempt(_ event: AttemptEvent) {}
    public func wait(_ event: WaitEvent) {}
    public func outcome(_ event: OutcomeEvent) {}
}

/// An application's observer as the library knows observers.
final class ForeignObserver: NativeObserver {
    private let observer: any Observer

    init(_ observer: any Observer) {
        self.observer = observer
    }

    func attempt(event: AttemptEvent) { observer.attempt(event) }
    func wait(event: WaitEvent) { observer.wait(event) }
    func outcome(event: OutcomeEvent) { observer.outcome(event) }
}
