import Foundation

/// State that resources share with their client.
final class Connection: Sendable {
    let native: NativeClient
    private let subscribers: Subscribers

    init(native: NativeClient, subscribers: Subscribers = Subscribers()) {
        self.native = native
        self.subscribers = subscribers
    }

    func view(_ options: CallOptions) -> Connection {
        Connection(native: native.withOptions(options: options), subscribers: subscribers)
    }

    /// Makes a call, and sends the rate limit state to its subscribers when the call has ended.
    func call<T: Sendable>(_ body: @Sendable (NativeClient) async throws -> T) async throws -> T {
        try Task.checkCancellation()
        defer { subscribers.send { RateLimit(native.rateLimit()) } }
        do {
            return try await body(native)
        } catch {
            throw publicError(error)
        }
    }

    /// A view that keeps the response of its latest call.
    func recording() -> Connection {
        Connection(native: native.recording(), subscribers: subscribers)
    }

    func rateLimits() -> AsyncStream<RateLimit> {
        subscribers.stream(initial: RateLimit(native.rateLimit()))
    }
}

/// Streams of the rate limit state.
final class Subscribers: @unchecked Sendable {
    // Guards the properties below.
    private let lock = NSLock()
    private var streams: [Int: AsyncStream<RateLimit>.Continuation] = [:]
    private var next = 0

    func stream(initial: RateLimit) -> AsyncStream<RateLimit> {
        let (stream, continuation) = AsyncStream.makeStream(of: RateLimit.self, bufferingPolicy: .bufferingNewest(1))
        let number = lock.withLock {
            next += 1
            streams[next] = continuation
            return next
        }
        continuation.onTermination = { [weak self] _ in
            guard let self else { return }
            lock.withLock { _ = self.streams.removeValue(forKey: number) }
        }
        continuation.yield(initial)
        return stream
    }

    func send(_ rateLimit: () -> RateLimit) {
        let continuations = lock.withLock { Array(streams.values) }
        guard !continuations.isEmpty else { return }
        let current = rateLimit()
        continuations.forEach { $0.yield(current) }
    }
}
