import ConfigCatManagement

/// A request in the journal of a ``Simulator``, with its response. The credentials are left out.
public struct JournalEntry: Decodable, Sendable {
    /// The operation, such as `settings.create`; `nil` for other paths.
    public let operation: String?
    /// HTTP method.
    public let method: String
    /// Path.
    public let path: String
    /// Query, without the question mark.
    public let query: String
    /// Headers of the request by name in lower case; values of repeated headers are joined by commas.
    public let requestHeaders: [String: String]
    /// Body of the request: a string if it was not JSON, `nil` if there was none.
    public let requestBody: JsonValue?
    /// HTTP status of the response.
    public let status: Int
    /// Body of the response: a string if it was not JSON, `nil` if there was none.
    public let responseBody: JsonValue?

    private enum CodingKeys: CodingKey {
        case operation, method, path, query, requestHeaders, requestBody, status, responseBody
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        operation = try values.decodeIfPresent(String.self, forKey: .operation)
        method = try values.decode(String.self, forKey: .method)
        path = try values.decode(String.self, forKey: .path)
        query = try values.decode(String.self, forKey: .query)
        let headers = try values.decode([[String]].self, forKey: .requestHeaders)
        requestHeaders = Dictionary(headers.map { ($0[0], $0[1]) }) { "\($0), \($1)" }
        requestBody = try values.decodeIfPresent(JsonValue.self, forKey: .requestBody)
        status = try values.decode(Int.self, forKey: .status)
        responseBody = try values.decodeIfPresent(JsonValue.self, forKey: .responseBody)
    }
}
