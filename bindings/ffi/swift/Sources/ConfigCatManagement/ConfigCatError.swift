import Foundation

extension ConfigCatError {
    /// Details of the error, whatever its kind.
    public var details: ErrorDetails {
        switch self {
        case .Configuration(let details), .BadRequest(let details), .Authentication(let details),
            .Permission(let details), .NotFound(let details), .Conflict(let details), .RateLimited(let details),
            .Server(let details), .Timeout(let details), .Connection(let details), .Decode(let details),
            .Cancelled(let details):
            details
        }
    }

    /// Error message in one sentence, without credentials.
    public var message: String { details.message }

    /// HTTP status; `nil` if there was no response.
    public var status: Int? { details.status.map(Int.init) }

    /// Error messages by field, from the response or from validation before sending.
    public var fieldErrors: [String: [String]] { details.fieldErrors }

    /// Time to wait before a retry, if the service or the rate limiter set one.
    public var retryAfter: Duration? { details.retryAfter.map { .seconds($0) } }

    /// The operation, such as `configs.create`; method and path of a raw request.
    public var operation: String? { details.operation }

    /// HTTP method of the operation.
    public var method: String? { details.method }

    /// Path of the operation with the names of its parameters, such as `/v1/configs/{configId}`.
    public var pathTemplate: String? { details.pathTemplate }

    /// Headers of the response without credentials, by name in lower case; empty if there was no response.
    public var headers: [String: String] { details.headers }

    /// Number of times the request was sent; 0 if it was never sent.
    public var attempts: Int { Int(details.attempts) }

    /// Whether the service may have applied the request although the call failed.
    public var maybeApplied: Bool { details.maybeApplied }

    /// Whether the same call may succeed later, because the request itself is valid: the rate limit was used up, the service
    /// or the connection failed, or a timeout expired.
    public var isRetryable: Bool { details.isRetryable }
}

extension ConfigCatError: LocalizedError {
    public var errorDescription: String? { message }

    public var recoverySuggestion: String? {
        switch self {
        case .Authentication: "Check the user name and the password of the Public API credential."
        case .Permission: "Ask an administrator for the permission."
        case .Conflict: "Load it again and repeat the change."
        case .RateLimited, .Server, .Timeout, .Connection: "Try again."
        default: nil
        }
    }
}

extension ConfigCatError: CustomStringConvertible {
    public var description: String { message }
}
