import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

private let shop: ProductId = "20000000-0000-4000-8000-000000000001"
private let missing: ProductId = "20000000-0000-4000-8000-00000000ffff"

private func demo(_ test: (ManagementClient, Simulator) async throws -> Void) async throws {
    let simulator = try Simulator(seed: "demo")
    try await test(try simulator.client(), simulator)
}

@Suite struct FindTests {
    @Test func itemsAreFoundByTheFirstOrTheSecondField() async throws {
        try await demo { client, _ in
            #expect(try await client.products.find(name: "Web Shop").productId == shop)
            let config = try await client.configs.find(productId: shop, name: "Storefront")
            let flag = try await client.settings.find(configId: config.configId, keyOrName: "newCheckout")
            #expect(try await client.settings.find(configId: config.configId, keyOrName: "New checkout") == flag)
            let ada = try await client.members.findForProduct(productId: shop, emailOrFullName: "ada@shop.example")
            let name = try #require(ada.fullName)
            #expect(try await client.members.findForProduct(productId: shop, emailOrFullName: name) == ada)
        }
    }

    @Test func errorsNameSimilarItemsOrTheIdsOfAmbiguousOnes() async throws {
        try await demo { client, _ in
            let none = try await failing { try await client.products.find(name: "web shp") }
            guard case .notFound = none else { throw none }
            #expect(none.message.contains("did you mean 'Web Shop'?"))
            var ids: [TagId] = []
            for _ in 0..<2 { ids.append(try await client.tags.create(productId: shop, body: CreateTag(name: "twin")).tagId) }
            let ambiguous = try await failing { try await client.tags.find(productId: shop, name: "twin") }
            guard case .conflict = ambiguous else { throw ambiguous }
            #expect(ids.allSatisfy { ambiguous.message.contains("\($0.rawValue)") })
            let organization = try await client.organizations.find(name: "Corner Shop").organizationId
            let empty = try await client.products.create(organizationId: organization, body: CreateProduct(name: "New"))
            let gone = try await failing { try await client.configs.find(productId: empty.productId, name: "Main") }
            #expect(gone.message.contains("the list is empty"))
            let unnamed = try await failing { try await client.settings.find(configId: "50000000-0000-4000-8000-000000000001", keyOrName: "") }
            guard case .badRequest = unnamed else { throw unnamed }
            #expect(unnamed.fieldErrors["keyOrName"] == ["must not be empty"] && unnamed.attempts == 0)
        }
    }
}

@Suite struct BulkTests {
    @Test func outcomesAreInOrderAndOneErrorEndsOneCall() async throws {
        try await demo { client, _ in
            let ids = (0..<50).map { $0 == 17 ? missing : shop }
            var reported: [Int] = []
            let result = try await bulk(ids, concurrency: 8, progress: { reported.append($0) }) { id in
                try await client.products.get(productId: id)
            }
            #expect(result.map(\.index) == Array(0..<50))
            #expect(reported == Array(1...50))
            #expect(result.values.map(\.name) == Array(repeating: "Web Shop", count: 49))
            #expect(result.failed.map(\.index) == [17])
            guard case .notFound? = result[17].error as? ConfigCatError else { throw CancellationError() }
            #expect(throws: ConfigCatError.self) { try result[17].value }
            #expect(throws: ConfigCatError.self) { try result.get() }
            #expect(result.description.hasPrefix("BulkResult(49 succeeded, 1 failed; call 17: products.get"))
            #expect(client.usage.requests == 50)
        }
    }

    @Test func concurrencyBoundsTheCallsInFlight() async throws {
        try await demo { client, simulator in
            try simulator.admin("POST", "/faults", body: #"{"operation":"me.get","delayMs":20}"#)
            let busy = Shared((now: 0, most: 0))
            let call: @Sendable (Int) async throws -> Void = { _ in
                busy.change { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                _ = try await client.me.get()
                busy.change { $0.now -= 1 }
            }
            _ = try await bulk(0..<20, concurrency: 5, call: call).get()
            #expect(busy.value.most == 5)
            let refused = try await failing { try await bulk(0..<1, concurrency: 0, call: call) }
            #expect(refused.message == "concurrency: must be at least 1, not 0")
        }
    }

    @Test func cancellingABulkLeavesNoCallRunning() async throws {
        try await demo { client, simulator in
            try simulator.admin("POST", "/faults", body: #"{"operation":"me.get","delayMs":20000,"skip":10}"#)
            let done = Shared(0)
            let running = Task {
                let progress = { (count: Int) in done.change { $0 = count } }
                return try await bulk(0..<50, concurrency: 4, progress: progress) { _ in try await client.me.get() }
            }
            try await eventually("ten calls have completed and four are in flight") {
                done.value == 10 && client.usage.requests == 14
            }
            running.cancel()
            await #expect(throws: CancellationError.self) { try await running.value }
            try await eventually("no call is in flight") { client.rateLimit.inFlight == 0 }
            #expect(client.usage.requests == 14)
        }
    }
}
