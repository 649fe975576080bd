/// Rate limit state, as known to the client.
public struct RateLimit: Hashable, Sendable {
    /// Requests left in the window; `nil` if unknown.
    public let remaining: Int?
    /// Time until the window ends; `nil` if unknown.
    public let resetsIn: Duration?
    /// Requests in flight.
    public let inFlight: Int
    /// Calls that wait for a permit.
    public let waiting: Int

    init(_ native: NativeRateLimit) {
        remaining = native.remaining.map(Int.init)
        resetsIn = native.resetsIn.map(Duration.init(interval:))
        inFlight = Int(native.inFlight)
        waiting = Int(native.waiting)
    }

    var native: NativeRateLimit {
        NativeRateLimit(
            remaining: remaining.map(Int64.init), resetsIn: resetsIn?.seconds, inFlight: Int64(inFlight),
            waiting: Int64(waiting))
    }
}

/// Totals of a client and its copies since the client was created.
public struct Usage: Hashable, Sendable {
    /// Requests sent, including retries.
    public let requests: Int
    /// Responses that rejected a request because of the rate limit (429).
    public let rateLimited: Int
    /// Total time that calls spent waiting for the rate limit.
    public let waited: Duration

    init(_ native: NativeUsage) {
        requests = Int(native.requests)
        rateLimited = Int(native.rateLimited)
        waited = Duration(interval: native.waited)
    }
}
