import Foundation

/// The value of a call with its response: status, headers, body and history.
public struct Response<Value: Sendable>: Sendable {
    /// The value.
    public let value: Value
    let details: ResponseDetails

    /// HTTP status.
    public var status: Int { Int(details.status) }

    /// Headers by name in lower case; values of repeated headers are joined by commas.
    public var headers: [String: String] { details.headers }

    /// Body as it was received.
    public var body: Data { details.body }

    /// Rate limit state after the response.
    public var rateLimit: RateLimit { RateLimit(details.rateLimit) }

    /// Number of times the request was sent.
    public var attempts: Int { Int(details.attempts) }

    /// Duration of the whole call, including waits and retries.
    public var elapsed: Duration { Duration(interval: details.elapsed) }

    /// How much of ``elapsed`` the call waited for the rate limit.
    public var waited: Duration { Duration(interval: details.waited) }

    /// Whether a deletion found nothing because an earlier attempt of the same call had already done it.
    public var alreadyDeleted: Bool { details.alreadyDeleted }
}

extension Response: CustomStringConvertible {
    public var description: String { "Response(\(status), attempts: \(attempts))" }
}

/// A block of ``ManagementClient/withResponse(_:)`` that made no call.
public struct NoCallError: Error, CustomStringConvertible {
    public let description = "withResponse: the block made no call"
}

extension ManagementClient {
    /// Makes a request by method and path, for endpoints that this version does not have.
    ///
    /// It is paced, retried, redacted and limited in time like any other call: GET, PUT and DELETE are repeated after a lost
    /// response, POST and PATCH are not. ``with(timeout:maxAttempts:headers:)`` sets headers and limits.
    ///
    /// ```swift
    /// let response = try await client.request("GET", "/v1/products", query: ["pageSize": "10"])
    /// print(response.status, response.value[0]?["name"]?.string ?? "")
    /// ```
    ///
    /// - Parameters:
    ///   - method: GET, POST, PUT, PATCH or DELETE.
    ///   - path: Path relative to the base URL. Characters that a path cannot have must be percent-encoded.
    ///   - query: Parameters of the query, which are encoded. A name may occur several times.
    ///   - body: Any JSON, such as `["name": "Core"]`, which is sent without a check of its fields.
    /// - Returns: A response whose value is JSON: `null` if the body is empty or is not JSON.
    /// - Throws: ``ConfigCatError`` if the call fails, or `CancellationError`.
    @discardableResult
    public func request(
        _ method: String,
        _ path: String,
        query: KeyValuePairs<String, String> = [:],
        body: JsonValue? = nil
    ) async throws -> Response<JsonValue> {
        let parameters = query.map { QueryParameter(name: $0.key, value: $0.value) }
        let response = try await connection.call {
            try await $0.request(method: method, path: path, query: parameters, body: body)
        }
        return Response(value: response.value, details: response.details)
    }

    /// Calls an operation by name, for programs that choose it at run time. Arguments are checked like those of other calls.
    ///
    /// ```swift
    /// let flags = try await client.call("settings.list", ["config_id": "08d86d63-2726-47cd-8bfc-59608ecb91e2"]).value
    /// ```
    ///
    /// - Parameters:
    ///   - operation: The name of the resource and the method with underscores, such as `flag_values.get_all`.
    ///     `settings.find` and the like find the only item of a list with a name.
    ///   - arguments: The parameters and the fields of the body by name; a JSON Patch is the member `patch`.
    /// - Returns: A response whose value is JSON: `null` if the body is empty.
    /// - Throws: ``ConfigCatError/badRequest(_:)`` if there is no such operation or an argument is invalid; another
    ///   ``ConfigCatError`` if the call fails or a search does not find exactly one item; or `CancellationError`.
    @discardableResult
    public func call(_ operation: String, _ arguments: [String: JsonValue] = [:]) async throws -> Response<JsonValue> {
        let response = try await connection.call {
            try await $0.callNamed(operation: operation, arguments: arguments)
        }
        return Response(value: response.value, details: response.details)
    }

    /// Makes a call, and returns its value with the response: status, headers, body and history.
    ///
    /// ```swift
    /// let response = try await client.withResponse { try await $0.products.list() }
    /// ```
    ///
    /// - Parameter call: Makes one call of its argument. If it makes several, the response is that of the last one.
    /// - Throws: The error of the call; ``NoCallError`` if it makes none.
    public func withResponse<Value: Sendable>(
        _ call: @Sendable (ManagementClient) async throws -> Value
    ) async throws -> Response<Value> {
        let view = connection.recording()
        let value = try await call(ManagementClient(connection: view))
        guard let details = view.native.recorded() else { throw NoCallError() }
        return Response(value: value, details: details)
    }
}
