import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

/// Operations by name, the log, and clients that record and play back.
@Suite struct NamedTests {
    @Test func operationsCanBeCalledByName() async throws {
        try await simulated { client, simulator in
            let shop = try await client.shop()
            let id = JsonValue.string(shop.product.productId.rawValue)
            let created = try await client.call("tags.create", ["product_id": id, "name": "ops"])
            #expect(created.status == 201 && created.value["name"] == "ops")
            let tag = try await client.tags.find(productId: shop.product.productId, name: "ops").tagId
            #expect(try await client.call("tags.delete", ["tag_id": .integer(tag.rawValue)]).value == .null)
            try simulator.admin("DELETE", "/journal")
            let unknown = try await failing { try await client.call("tags.paint_all") }
            #expect(unknown.message.contains("unknown operation \"tags.paint_all\"; tags has list, find, create"))
            let similar = try await failing { try await client.call("settings.lst") }
            #expect(similar.message.contains("did you mean settings.list?"))
            let nameless = try await failing { try await client.call("tags.find", ["product_id": "x"]) }
            #expect(nameless.message.contains("tags.find: name: is required"))
            let misspelt = try await failing { try await client.call("tags.create", ["nam": 1]) }
            #expect(misspelt.message.contains("did you mean name?"))
            let journal = try simulator.admin("GET", "/journal")
            #expect(journal == "[]")
        }
    }

    @Test func itemsCanBeFoundByNameAndByOperation() async throws {
        try await simulated { client, _ in
            let shop = try await client.shop()
            let id = JsonValue.string(shop.product.productId.rawValue)
            for name in ["ops", "web"] {
                try await client.call("tags.create", ["product_id": id, "name": .string(name)])
            }
            let found = try await client.call("tags.find", ["product_id": id, "name": "web"]).value
            let tag = try await client.tags.find(productId: shop.product.productId, name: "web").tagId
            #expect(found["tagId"] == .integer(tag.rawValue))
            let missing = try await failing { try await client.call("tags.find", ["product_id": id, "name": "op"]) }
            guard case .notFound = missing else { throw missing }
            #expect(missing.message.contains("did you mean 'ops'?"))
        }
    }

    @Test func logHandlerReceivesLinesUntilItIsRemoved() async throws {
        try await simulated { client, simulator in
            let lines = Shared<[String]>([])
            setLog(level: .debug) { level, message in lines.change { $0.append("\(level) \(message)") } }
            try await client.request("GET", "/v1/me")
            setLog(level: .debug, handler: nil)
            let seen = lines.value
            #expect(seen.contains { $0.hasPrefix("debug") && $0.contains("attempt=1 status=200") }, "\(seen)")
            #expect(!seen.contains { $0.contains(simulator.password) }, "\(seen)")
            try await client.request("GET", "/v1/me")
            #expect(lines.value == seen)
        }
    }

    @Test func recordingIsPlayedBackWithoutAServer() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        var options = ClientOptions(cassette: file.path)
        do {
            let simulator = try Simulator()
            options.baseUrl = simulator.url
            let client = try ManagementClient(
                username: simulator.username, password: simulator.password, options: options)
            _ = try await client.me.get()
        }
        options.baseUrl = "http://127.0.0.1:1"
        options.cassetteMode = .replay
        let client = try ManagementClient(username: "user", password: "hunter2", options: options)
        // The name of the user is a part of the credentials.
        #expect(try await client.me.get().email == "***@example.com")
        let error = try await failing { try await client.me.get() }
        guard case .configuration = error else { throw error }
    }
}
