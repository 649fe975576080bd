import Foundation

/// What resources share with their client.
final class Connection: Sendable {
    let native: NativeClient
    private let followers: Followers

    init(native: NativeClient, followers: Followers = Followers()) {
        self.native = native
        self.followers = followers
    }

    func view(_ options: CallOptions) -> Connection {
        Connection(native: native.withOptions(options: options), followers: followers)
    }

    /// Makes a call, and tells whoever follows the rate limit when it has ended.
    func call<T: Sendable>(_ body: @Sendable (NativeClient) async throws -> T) async throws -> T {
        try Task.checkCancellation()
        defer { followers.tell(native.rateLimit) }
        return try await body(native)
    }

    func rateLimits() -> AsyncStream<RateLimit> {
        followers.stream(beginning: native.rateLimit())
    }
}

/// Who follows the rate limit.
final class Followers: @unchecked Sendable {
    // The lock guards what follows.
    private let lock = NSLock()
    private var streams: [Int: AsyncStream<RateLimit>.Continuation] = [:]
    private var next = 0

    func stream(beginning: RateLimit) -> AsyncStream<RateLimit> {
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
        continuation.yield(beginning)
        return stream
    }

    func tell(_ rateLimit: () -> RateLimit) {
        let waiting = lock.withLock { Array(streams.values) }
        guard !waiting.isEmpty else { return }
        let now = rateLimit()
        waiting.forEach { $0.yield(now) }
    }
}

extension Duration {
    /// In the unit of Foundation.
    var seconds: TimeInterval {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
