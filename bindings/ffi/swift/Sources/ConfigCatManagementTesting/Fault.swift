import Foundation

/// What happens to selected requests of a ``Simulator``. The first properties select requests, and an absent one matches every
/// request; the others say what happens. With `status`, or `reset` before, the request is not carried out.
///
/// ```swift
/// try simulator.addFault(Fault(operation: "products.list", times: 1, status: 503))
/// ```
public struct Fault: Encodable, Sendable {
    /// When a fault resets the connection.
    public enum Reset: String, Encodable, Sendable {
        /// Before the request is carried out.
        case before
        /// After the request was carried out, before its response is sent.
        case after
    }

    /// The operation, such as `settings.create`; `*` matches any characters.
    public var operation: String?
    /// An HTTP method.
    public var method: String?
    /// A path; `*` matches any characters.
    public var path: String?
    /// User name of the caller.
    public var credential: String?
    /// Number of matching requests that pass before the first failure.
    public var skip: Int?
    /// Maximum number of failures. Default: no limit.
    public var times: Int?
    /// Probability of the failure, from 0 to 1. Default: 1.
    public var probability: Double?
    /// Seed of the random numbers, so that the same requests fail in every run.
    public var seed: Int?
    /// Delay before anything else, in milliseconds.
    public var delayMs: Int?
    /// Resets the connection.
    public var reset: Reset?
    /// Responds with this HTTP status.
    public var status: Int?
    /// Value of the header `Retry-After`, in seconds.
    public var retryAfter: Int?
    /// Additional headers of the response.
    public var headers: [String: String]?
    /// Responds with this body, which is sent as it is.
    public var body: String?
    /// Value of the header `Content-Type`.
    public var contentType: String?
    /// Breaks the connection after this number of bytes of the body.
    public var cutBodyAt: Int?
    /// Sends only half of the body.
    public var badJson: Bool?

    /// Creates a fault; see the properties.
    public init(
        operation: String? = nil, method: String? = nil, path: String? = nil, credential: String? = nil, skip: Int? = nil,
        times: Int? = nil, probability: Double? = nil, seed: Int? = nil, delayMs: Int? = nil, reset: Reset? = nil,
        status: Int? = nil, retryAfter: Int? = nil, headers: [String: String]? = nil, body: String? = nil,
        contentType: String? = nil, cutBodyAt: Int? = nil, badJson: Bool? = nil
    ) {
        self.operation = operation
        self.method = method
        self.path = path
        self.credential = credential
        self.skip = skip
        self.times = times
        self.probability = probability
        self.seed = seed
        self.delayMs = delayMs
        self.reset = reset
        self.status = status
        self.retryAfter = retryAfter
        self.headers = headers
        self.body = body
        self.contentType = contentType
        self.cutBodyAt = cutBodyAt
        self.badJson = badJson
    }
}

extension Simulator {
    /// Adds a fault.
    ///
    /// - Returns: The id of the fault.
    /// - Throws: ``Failure`` if the fault is invalid.
    @discardableResult
    public func addFault(_ fault: Fault) throws -> String {
        struct Added: Decodable { let id: String }
        let json = String(decoding: try JSONEncoder().encode(fault), as: UTF8.self)
        return try decoded(Added.self, "POST", "/faults", json).id
    }

    /// Removes all faults.
    public func clearFaults() throws {
        try admin("DELETE", "/faults")
    }

    /// Returns the requests of the journal, oldest first.
    ///
    /// - Parameters:
    ///   - operation: Only those of this operation, such as `settings.create`; `*` matches any characters.
    ///   - status: Only those with this HTTP status.
    public func journal(operation: String? = nil, status: Int? = nil) throws -> [JournalEntry] {
        var query = URLComponents()
        query.queryItems = [
            operation.map { URLQueryItem(name: "operation", value: $0) },
            status.map { URLQueryItem(name: "status", value: "\($0)") },
        ].compactMap { $0 }
        return try decoded([JournalEntry].self, "GET", "/journal?\(query.percentEncodedQuery ?? "")")
    }

    /// Removes all requests from the journal.
    public func clearJournal() throws {
        try admin("DELETE", "/journal")
    }

    /// Stops the clock, at a time if there is one. The clock decides when a scheduled change is applied or a flag is stale.
    public func freezeClock(at time: Date? = nil) throws {
        let at = time.map { #"{"at":"\#($0.formatted(.iso8601))"}"# }
        try admin("POST", "/clock/freeze", body: at ?? "{}")
    }

    /// Advances the clock by whole seconds; this also ends windows of the rate limit.
    public func advanceClock(by time: Duration) throws {
        try admin("POST", "/clock/advance", body: #"{"seconds":\#(time.components.seconds)}"#)
    }

    /// Lets the clock run again.
    public func resumeClock() throws {
        try admin("POST", "/clock/resume")
    }

    private func decoded<T: Decodable>(
        _ type: T.Type, _ method: String, _ path: String, _ body: String? = nil
    ) throws -> T {
        try JSONDecoder().decode(type, from: Data(try admin(method, path, body: body).utf8))
    }
}
