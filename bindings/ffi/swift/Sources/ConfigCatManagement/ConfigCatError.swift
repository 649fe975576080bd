import Foundation

/// An error of a call, by kind. No error ever contains a credential.
///
/// ```swift
/// do {
///     try await client.flagValues.patch(environmentId: environment, settingId: flag, patch: patch)
/// } catch ConfigCatError.conflict {
///     reload()
/// } catch let error as ConfigCatError where error.isRetryable {
///     retry(error.message)
/// }
/// ```
public enum ConfigCatError: Error, Sendable {
    /// The client is misconfigured: a missing credential, an invalid URL, an option out of range.
    case configuration(ErrorDetails)
    /// The request is invalid: found before sending, or rejected with 400 or another 4xx.
    case badRequest(ErrorDetails)
    /// The credentials are missing or wrong (401), or the credential provider failed.
    case authentication(ErrorDetails)
    /// The credentials lack the required permission (403).
    case permission(ErrorDetails)
    /// Not found, or not visible to the credentials (404).
    case notFound(ErrorDetails)
    /// The request conflicts with a newer state (409, 412).
    case conflict(ErrorDetails)
    /// The rate limit is used up (429), or the wait for it would be too long.
    case rateLimited(ErrorDetails)
    /// The service failed (5xx), or responded with a status that no other case covers.
    case server(ErrorDetails)
    /// A timeout expired.
    case timeout(ErrorDetails)
    /// The connection could not be established, or it broke.
    case connection(ErrorDetails)
    /// The response does not match the OpenAPI document.
    case decode(ErrorDetails)
    /// The client was closed during the call. A cancelled task throws `CancellationError`.
    case cancelled(ErrorDetails)
}

/// Details of a ``ConfigCatError`` of any kind.
public struct ErrorDetails: Hashable, Sendable {
    /// Error message in one sentence, without credentials.
    public let message: String
    /// HTTP status; `nil` if there was no response.
    public let status: Int?
    /// Error messages by field, from the response or from validation before sending.
    public let fieldErrors: [String: [String]]
    /// Time to wait before a retry, if the service or the rate limiter set one.
    public let retryAfter: Duration?
    /// Number of times the request was sent; 0 if it was never sent.
    public let attempts: Int
    /// Whether the service may have applied the request although the call failed.
    public let maybeApplied: Bool
    /// Whether the same call may succeed later, because the request itself is valid: the rate limit was used up, the service or the
    /// connection failed, or a timeout expired.
    public let isRetryable: Bool
    /// The operation, such as `configs.create`; method and path of a raw request.
    public let operation: String?
    /// HTTP method, path and query of the request.
    public let request: String?
    /// HTTP method of the operation.
    public let method: String?
    /// Path of the operation with the names of its parameters, such as `/v1/configs/{configId}`.
    public let pathTemplate: String?
    /// Headers of the response without credentials, by name in lower case; empty if there was no response.
    public let headers: [String: String]
    /// JSON path of the value that could not be decoded.
    public let path: String?
    /// Response body, at most its first 16 KiB.
    public let body: Data

    init(_ native: NativeErrorDetails) {
        message = native.message
        status = native.status.map(Int.init)
        fieldErrors = native.fieldErrors
        retryAfter = native.retryAfter.map(Duration.init(interval:))
        attempts = Int(native.attempts)
        maybeApplied = native.maybeApplied
        isRetryable = native.isRetryable
        operation = native.operation
        request = native.request
        method = native.method
        pathTemplate = native.pathTemplate
        headers = native.headers
        path = native.path
        body = native.body
    }

    /// Details of an error that was found before anything was sent.
    init(message: String, fieldErrors: [String: [String]] = [:]) {
        self.message = message
        status = nil
        self.fieldErrors = fieldErrors
        retryAfter = nil
        attempts = 0
        maybeApplied = false
        isRetryable = false
        operation = nil
        request = nil
        method = nil
        pathTemplate = nil
        headers = [:]
        path = nil
        body = Data()
    }
}

extension ConfigCatError {
    init(_ native: NativeError) {
        switch native {
        case .Configuration(let details): self = .configuration(ErrorDetails(details))
        case .BadRequest(let details): self = .badRequest(ErrorDetails(details))
        case .Authentication(let details): self = .authentication(ErrorDetails(details))
        case .Permission(let details): self = .permission(ErrorDetails(details))
        case .NotFound(let details): self = .notFound(ErrorDetails(details))
        case .Conflict(let details): self = .conflict(ErrorDetails(details))
        case .RateLimited(let details): self = .rateLimited(ErrorDetails(details))
        case .Server(let details): self = .server(ErrorDetails(details))
        case .Timeout(let details): self = .timeout(ErrorDetails(details))
        case .Connection(let details): self = .connection(ErrorDetails(details))
        case .Decode(let details): self = .decode(ErrorDetails(details))
        case .Cancelled(let details): self = .cancelled(ErrorDetails(details))
        }
    }

    /// The error of an option that is out of range.
    static func invalid(option: String, _ rule: String) -> ConfigCatError {
        .configuration(ErrorDetails(message: "\(option): \(rule)", fieldErrors: [option: [rule]]))
    }

    /// Details of the error, whatever its kind.
    public var details: ErrorDetails {
        switch self {
        case .configuration(let details), .badRequest(let details), .authentication(let details),
            .permission(let details), .notFound(let details), .conflict(let details), .rateLimited(let details),
            .server(let details), .timeout(let details), .connection(let details), .decode(let details),
            .cancelled(let details):
            details
        }
    }

    /// Error message in one sentence, without credentials.
    public var message: String { details.message }

    /// HTTP status; `nil` if there was no response.
    public var status: Int? { details.status }

    /// Error messages by field, from the response or from validation before sending.
    public var fieldErrors: [String: [String]] { details.fieldErrors }

    /// Time to wait before a retry, if the service or the rate limiter set one.
    public var retryAfter: Duration? { details.retryAfter }

    /// The operation, such as `configs.create`; method and path of a raw request.
    public var operation: String? { details.operation }

    /// HTTP method of the operation.
    public var method: String? { details.method }

    /// Path of the operation with the names of its parameters, such as `/v1/configs/{configId}`.
    public var pathTemplate: String? { details.pathTemplate }

    /// Headers of the response without credentials, by name in lower case; empty if there was no response.
    public var headers: [String: String] { details.headers }

    /// Number of times the request was sent; 0 if it was never sent.
    public var attempts: Int { details.attempts }

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
        case .authentication: "Check the user name and the password of the Public API credential."
        case .permission: "Ask an administrator for the permission."
        case .conflict: "Load it again and repeat the change."
        case .rateLimited, .server, .timeout, .connection: "Try again."
        default: nil
        }
    }
}

extension ConfigCatError: CustomStringConvertible {
    public var description: String { message }
}
