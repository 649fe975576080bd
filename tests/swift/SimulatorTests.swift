import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

/// The simulator in the process of a test: faults, journal, clock, seed.
@Suite struct SimulatorTests {
    @Test func typedFaultsApplyToTheirRequests() async throws {
        try await simulated { client, simulator in
            let id = try simulator.addFault(
                Fault(operation: "me.get", times: 1, status: 429, retryAfter: 7, headers: ["X-Note": "\"quoted\""]))
            #expect(!id.isEmpty)
            let once = client.with(maxAttempts: 1)
            let error = try await failing { try await once.me.get() }
            guard case .rateLimited = error else { throw error }
            #expect(error.isRetryable && error.attempts == 1 && error.retryAfter == .seconds(7))
            _ = try await once.me.get()
            try simulator.addFault(Fault(path: "/v1/me", reset: .before))
            let lost = try await failing { try await once.me.get() }
            guard case .connection = lost else { throw lost }
            try simulator.clearFaults()
            _ = try await once.me.get()
            #expect(throws: Simulator.Failure.self) { try simulator.addFault(Fault(probability: 2)) }
        }
    }

    @Test func failuresSayWhatWasRefused() throws {
        let simulator = try Simulator()
        do {
            try simulator.addFault(Fault(probability: 2))
            Issue.record("the fault was accepted")
        } catch {
            #expect("\(error)".hasPrefix("POST /faults: 400: "), "\(error)")
            #expect("\(error)" == error.localizedDescription)
        }
    }

    @Test func journalListsRequests() async throws {
        try await simulated { client, simulator in
            _ = try await client.me.get()
            _ = try await client.products.list()
            #expect(try simulator.journal().map(\.operation) == ["me.get", "products.list"])
            let found = try simulator.journal(operation: "me.*", status: 200)
            #expect(found.count == 1 && found[0].path == "/v1/me" && found[0].method == "GET" && found[0].status == 200)
            try simulator.clearJournal()
            #expect(try simulator.journal().isEmpty)
        }
    }

    @Test func journalHasRequestsWithTheirBodies() async throws {
        try await simulated { client, simulator in
            let product = try await client.shop().product.productId
            try simulator.clearJournal()
            let view = client.with(headers: ["X-Team": "web"])
            _ = try await view.tags.create(productId: product, body: CreateTag(name: "ops"))
            _ = try await client.auditLogs.list(productId: product, pageSize: 2)
            let entries = try simulator.journal()
            #expect(entries.map(\.status) == [201, 200])
            #expect(entries[0].requestBody == ["name": "ops"])
            #expect(entries[0].responseBody?["name"] == "ops")
            #expect(entries[0].requestHeaders["x-team"] == "web")
            #expect(entries[1].query == "pageSize=2" && entries[1].requestBody == nil)
        }
    }

    @Test func clockCanBeAdvanced() async throws {
        let simulator = try Simulator(rateLimit: "1/3600")
        let client = try simulator.client(options: ClientOptions(maxAttempts: 1, rateLimitPolicy: .off))
        _ = try await client.me.get()
        let error = try await failing { try await client.me.get() }
        guard case .rateLimited = error else { throw error }
        try simulator.freezeClock(at: Date(timeIntervalSince1970: 1_800_000_000))
        try simulator.advanceClock(by: .seconds(7_200))
        _ = try await client.me.get()
        try simulator.resumeClock()
    }

    @Test func seedPlantsWhatItDescribes() async throws {
        let simulator = try Simulator(seed: #"{"organizations":[{"name":"Mine","products":[{"name":"P"}]}]}"#)
        #expect(try await simulator.client().products.list().map(\.name) == ["P"])
        #expect(throws: Simulator.Failure.self) { try Simulator(seed: #"{"organizations":[{"nam":"x"}]}"#) }
    }
}
