import Foundation

extension ConfigCatError {
    /// What is known about the error, whatever its kind.
    public var details: ErrorDetails {
        switch self {
        case .Configuration(let details), .BadRequest(let details), .Authentication(let details),
            .Permission(let details), .NotFound(let details), .Conflict(let details), .RateLimited(let details),
            .Server(let details), .Timeout(let details), .Connection(let details), .Decode(let details),
            .Cancelled(let details):
            details
        }
    }

    /// What went wrong, in a sentence, without credentials.
    public var message: String { details.message }

    /// The HTTP status, when there was an answer.
    public var status: Int? { details.status.map(Int.init) }

    /// Messages by field: from the answer, or from the check before sending.
    public var fieldErrors: [String: [String]] { details.fieldErrors }

    /// How long to wait before trying again, when the service or the pacing said so.
    public var retryAfter: Duration? { details.retryAfter.map { .seconds($0) } }

    /// How often the request was sent; 0 when it never left.
    public var attempts: Int { Int(details.attempts) }

    /// Whether the service may have done what was asked although the call failed.
    public var maybeApplied: Bool { details.maybeApplied }

    /// Whether the same call may succeed later, because nothing is wrong with it: the rate limit was used up, the service or
    /// the connection failed, or time ran out.
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
