import ConfigCatManagement
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A client under measurement.
protocol Contender: Sendable {
    static var name: String { get }

    init(url: String) throws

    func small() async throws

    /// Keeps the list alive while `use` runs, and returns its length.
    func list(config: String, use: () async throws -> Void) async throws -> Int
}

extension Contender {
    func list(config: String) async throws -> Int {
        try await list(config: config) {}
    }

    func manySmall(count: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask { try await small() }
            }
            try await group.waitForAll()
        }
    }
}

struct Ours: Contender {
    static let name = "this"
    private let client: ManagementClient

    init(url: String) throws {
        client = try ManagementClient(
            username: "simulator", password: "simulator", options: ClientOptions(baseUrl: url))
    }

    func small() async throws {
        _ = try await client.me.get()
    }

    func list(config: String, use: () async throws -> Void) async throws -> Int {
        let list = try await client.settings.list(configId: ConfigId(config))
        try await use()
        return list.count
    }
}

/// A hand-written client: URLSession and Codable, with the same types for ids and timestamps.
struct ByHand: Contender {
    static let name = "URLSession"
    private let base: URL
    private let session: URLSession

    struct Me: Decodable {
        let email: String
        let fullName: String
    }

    struct Organization: Decodable {
        let organizationId: UUID
        let name: String
    }

    struct Product: Decodable {
        let organization: Organization
        let productId: UUID
        let name: String
        let description: String?
        let order: Int
        let reasonRequired: Bool
        let approveRequired: Bool
    }

    struct Tag: Decodable {
        let product: Product
        let tagId: Int64
        let name: String
        let color: String?
    }

    enum Kind: String, Decodable {
        case boolean, string, int, double
    }

    struct Value: Decodable {
        let boolValue: Bool?
        let stringValue: String?
        let intValue: Int?
        let doubleValue: Double?
    }

    struct Variation: Decodable {
        let predefinedVariationId: UUID
        let name: String?
        let hint: String?
        let value: Value
    }

    struct Flag: Decodable {
        let settingId: Int
        let key: String
        let name: String
        let hint: String?
        let order: Int
        let settingType: Kind
        let isJson: Bool
        let configId: UUID
        let configName: String
        let createdAt: Date?
        let tags: [Tag]
        let predefinedVariations: [Variation]
    }

    init(url: String) throws {
        guard let base = URL(string: url) else { throw URLError(.badURL) }
        self.base = base
        let configuration = URLSessionConfiguration.default
        let credentials = Data("simulator:simulator".utf8).base64EncodedString()
        configuration.httpAdditionalHeaders = ["Authorization": "Basic \(credentials)"]
        configuration.httpMaximumConnectionsPerHost = 64
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.urlCache = nil
        session = URLSession(configuration: configuration)
    }

    private func get<T: Decodable>(_ path: String, as type: T.Type) async throws -> T {
        let (data, response) = try await session.data(for: URLRequest(url: base.appending(path: path)))
        guard (response as? HTTPURLResponse)?.statusCode == 200 else { throw URLError(.badServerResponse) }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            if let plain = try? Date(text, strategy: .iso8601) { return plain }
            return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        return try decoder.decode(type, from: data)
    }

    func small() async throws {
        _ = try await get("v1/me", as: Me.self)
    }

    func list(config: String, use: () async throws -> Void) async throws -> Int {
        let list = try await get("v1/configs/\(config)/settings", as: [Flag].self)
        try await use()
        return list.count
    }
}
