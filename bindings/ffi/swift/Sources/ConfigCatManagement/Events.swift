/// Event before a request is sent.
public struct AttemptEvent: Hashable, Sendable {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    public let call: Int
    /// The operation, such as `configs.create`; method and path of a raw request.
    public let operation: String
    /// HTTP method, such as `POST`.
    public let method: String
    /// Path with the names of its parameters, such as `/v1/products/{productId}/configs`; the path of a raw request, without its
    /// query.
    public let pathTemplate: String
    /// Number of the attempt, starting at 1.
    public let attempt: Int
    /// Host of the base URL, such as `api.configcat.com`.
    public let serverAddress: String
    /// Port of the base URL, such as 443.
    public let serverPort: Int

    init(_ native: NativeAttemptEvent) {
        call = Int(native.call)
        operation = native.operation
        method = native.method
        pathTemplate = native.pathTemplate
        attempt = Int(native.attempt)
        serverAddress = native.serverAddress
        serverPort = Int(native.serverPort)
    }
}

/// Event before a call waits.
public struct WaitEvent: Hashable, Sendable {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    public let call: Int
    /// The operation, such as `configs.create`; method and path of a raw request.
    public let operation: String
    /// HTTP method, such as `POST`.
    public let method: String
    /// Path with the names of its parameters, such as `/v1/products/{productId}/configs`; the path of a raw request, without its
    /// query.
    public let pathTemplate: String
    /// Number of the attempt that the call waits for, starting at 1.
    public let attempt: Int
    /// Reason for the wait.
    public let reason: WaitReason
    /// Expected duration of the wait.
    public let expected: Duration

    init(_ native: NativeWaitEvent) {
        call = Int(native.call)
        operation = native.operation
        method = native.method
        pathTemplate = native.pathTemplate
        attempt = Int(native.attempt)
        reason = native.reason
        expected = Duration(interval: native.expected)
    }
}

/// Event after an attempt, with or without a response.
public struct OutcomeEvent: Hashable, Sendable {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    public let call: Int
    /// The operation, such as `configs.create`; method and path of a raw request.
    public let operation: String
    /// HTTP method, such as `POST`.
    public let method: String
    /// Path with the names of its parameters, such as `/v1/products/{productId}/configs`; the path of a raw request, without its
    /// query.
    public let pathTemplate: String
    /// Number of the attempt, starting at 1.
    public let attempt: Int
    /// HTTP status; `nil` if there was no response.
    public let status: Int?
    /// Kind of the failure, such as `not_found`; `nil` if the attempt completes the call.
    public let error: String?
    /// Whether another attempt follows, unless a wait for the rate limit is too long.
    public let willRetry: Bool
    /// Duration of the attempt.
    public let elapsed: Duration
    /// Size of the request body in bytes.
    public let requestBytes: Int
    /// Number of bytes read of the response body, after decompression. Of the body of an unsuccessful response, only the start is
    /// read. 0 if there was no response, or if it was too large.
    public let responseBytes: Int

    init(_ native: NativeOutcomeEvent) {
        call = Int(native.call)
        operation = native.operation
        method = native.method
        pathTemplate = native.pathTemplate
        attempt = Int(native.attempt)
        status = native.status.map(Int.init)
        error = native.error
        willRetry = native.willRetry
        elapsed = Duration(interval: native.elapsed)
        requestBytes = Int(native.requestBytes)
        responseBytes = Int(native.responseBytes)
    }
}

/// Event after a call: it has a response, it failed, or it was cancelled.
public struct FinishedEvent: Hashable, Sendable {
    /// Id of the call, shared by its events. Later calls of the process have larger ids.
    public let call: Int
    /// The operation, such as `configs.create`; method and path of a raw request.
    public let operation: String
    /// HTTP method, such as `POST`.
    public let method: String
    /// Path with the names of its parameters, such as `/v1/products/{productId}/configs`; the path of a raw request, without its
    /// query.
    public let pathTemplate: String
    /// Number of attempts; 0 if the request was never sent.
    public let attempts: Int
    /// HTTP status of the last response; `nil` if there was none.
    public let status: Int?
    /// Kind of the error, such as `not_found`; `nil` if the call succeeded, `cancelled` if it was cancelled. Decoding the response
    /// comes later: a call that succeeded here may still fail with a decoding error.
    public let error: String?
    /// Duration of the call, including waits.
    public let elapsed: Duration
    /// Part of the duration that the call spent waiting for the rate limit.
    public let waited: Duration
    /// Part of the duration that the call spent waiting between failed attempts.
    public let backoff: Duration
    /// Remaining budget of the rate limit, if known.
    public let remaining: Int?

    init(_ native: NativeFinishedEvent) {
        call = Int(native.call)
        operation = native.operation
        method = native.method
        pathTemplate = native.pathTemplate
        attempts = Int(native.attempts)
        status = native.status.map(Int.init)
        error = native.error
        elapsed = Duration(interval: native.elapsed)
        waited = Duration(interval: native.waited)
        backoff = Duration(interval: native.backoff)
        remaining = native.remaining.map(Int.init)
    }
}
