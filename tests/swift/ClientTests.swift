import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

@Suite struct ClientTests {
    @Test func createdResourcesAreListed() async throws {
        try await simulated { client, _ in
            let shop = try await client.shop()
            #expect(try await client.products.list() == [shop.product])
            #expect(try await client.settings.list(configId: shop.config.configId).map(\.key) == ["checkout"])
        }
    }

    @Test func unknownFieldsOfAResponseAreKept() async throws {
        try await simulated { client, simulator in
            let body = #"{"email":"a@example.com","fullName":"A","shoeSize":{"eu":42}}"#
            try simulator.admin("POST", "/faults", body: #"{"operation":"me.get","body":"# + body + "}")
            #expect(try await client.me.get().extra == ["shoeSize": ["eu": 42]])
        }
    }

    @Test func absentFieldsAreNotSentAndNullFieldsAreSentAsNull() async throws {
        try await simulated { client, simulator in
            let id = try await client.shop().config.configId
            try simulator.admin("DELETE", "/journal")
            try await client.configs.update(configId: id, body: UpdateConfig(name: "Core"))
            try await client.configs.update(configId: id, body: UpdateConfig(description: nil))
            let journal = try simulator.admin("GET", "/journal")
            #expect(journal.contains(#""requestBody":{"name":"Core"}"#))
            #expect(journal.contains(#""requestBody":{"description":null}"#))
        }
    }

    @Test func theValueOfAPatchedFlagIsReadByType() async throws {
        try await simulated { client, _ in
            let shop = try await client.shop()
            let (environment, flag) = (shop.environment.environmentId, shop.flag.settingId)
            #expect(try await client.flagValues.get(environmentId: environment, settingId: flag).defaultValue.value?.bool == false)
            let on = PatchOperation(op: .replace, path: "/defaultValue/boolValue", value: true)
            let after = try await client.flagValues.patch(
                environmentId: environment, settingId: flag, patch: [on], reason: "Launch")
            #expect(after?.defaultValue.value == true)
            #expect(after?.defaultValue.value?.description == "true")
        }
    }

    @Test func iterateReturnsEveryItemOfEveryPage() async throws {
        try await simulated { client, _ in
            let product = try await client.shop().product.productId
            for n in 0..<25 {
                try await client.tags.create(productId: product, body: CreateTag(name: "tag \(n)"))
            }
            var all: [AuditLogEntry] = []
            for try await entry in client.auditLogs.iterate(productId: product, pageSize: 10) { all.append(entry) }
            #expect(all.count >= 25)
            #expect(Set(all.map(\.auditLogId)).count == all.count)
            let first = try await client.auditLogs.list(productId: product, pageSize: 10)
            #expect(first.data == Array(all.prefix(10)))
        }
    }

    @Test func pacingSpendsTheBudgetWithoutA429Response() async throws {
        try await simulated(rateLimit: "10/1") { client, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<25 { group.addTask { _ = try await client.organizations.list() } }
                try await group.waitForAll()
            }
            #expect(client.usage.rateLimited == 0)
            #expect(client.usage.requests == 25)
        }
    }

    @Test func theRateLimitStreamYieldsAfterACall() async throws {
        try await simulated(rateLimit: "50/60") { client, _ in
            let limits = client.rateLimits
            _ = try await client.organizations.list()
            for await limit in limits where limit.remaining != nil {
                #expect(limit.remaining == 49)
                break
            }
            #expect(client.rateLimit.remaining == 49)
        }
    }

    @Test func optionsOfACopyLimitOnlyTheCallsOfTheCopy() async throws {
        try await simulated { client, simulator in
            try simulator.admin("POST", "/faults", body: #"{"operation":"products.list","delayMs":400}"#)
            let impatient = client.with(timeout: .milliseconds(100))
            let error = try await failing { try await impatient.products.list() }
            guard case .timeout = error else { throw error }
            #expect(error.isRetryable)
            #expect(try await client.products.list().isEmpty)
        }
    }

    @Test func aThousandTasksShareOneClient() async throws {
        try await simulated { client, _ in
            let organization = try await client.organization()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for n in 0..<1_000 {
                    group.addTask {
                        try await client.products.create(
                            organizationId: organization, body: CreateProduct(name: "Product \(n)"))
                    }
                }
                try await group.waitForAll()
            }
            #expect(Set(try await client.products.list().map(\.name)).count == 1_000)
            #expect(client.rateLimit.inFlight == 0)
        }
    }

    @Test func aLongNameWithSpecialCharactersIsSentUnchanged() async throws {
        try await simulated { client, _ in
            let name = #"Käse 🚦 \ " </script> "# + String(repeating: "x", count: 200)
            let product = try await client.products.create(
                organizationId: try await client.organization(), body: CreateProduct(name: name))
            #expect(product.name == name)
        }
    }
}

@Suite struct TypesTests {
    @Test func identifiersConvertToStringsAndJson() throws {
        let product: ProductId = "08dd0000-0000-4000-8000-000000000001"
        #expect("\(product)" == product.rawValue)
        let json = try JSONEncoder().encode(["id": product])
        #expect(try JSONDecoder().decode([String: ProductId].self, from: json) == ["id": product])
        #expect(TagId(7) < 8)
    }

    @Test func fieldsTakeLiterals() {
        #expect(UpdateConfig(name: "Core", order: 3) == UpdateConfig(name: .value("Core"), order: .value(3)))
        #expect(UpdateConfig(description: nil) != UpdateConfig())
        #expect(Field(Int32?.none) == .null)
        #expect(Field<String>.absent.value == nil)
    }

    @Test func webhookRequestsAreVerified() {
        let verifier = WebhookVerifier(keys: ["key"], tolerance: nil)
        let (id, time) = ("b616ca659d154a5fb907dd8475792eeb", "1669629035")
        let body = Data("{}".utf8)
        // HMAC-SHA256 of id, time and body with "key".
        let signature = "v7ztx0bPPIlvKvwR/WFOM8mXNV7ifcqZfQgXyxsgHr8="
        #expect(throws: VerificationError.wrongSignature) {
            try verifier.verify(id: "b616ca659d154a5fb907dd8475792eec", timestamp: time, signature: signature, body: body)
        }
        #expect(throws: VerificationError.badTimestamp(found: "soon")) {
            try verifier.verify(id: id, timestamp: "soon", signature: signature, body: body)
        }
        #expect(throws: VerificationError.badId(found: "id")) {
            try verifier.verify(id: "id", timestamp: time, signature: signature, body: body)
        }
        #expect(throws: VerificationError.wrongSignature) {
            try WebhookVerifier(keys: ["key"], tolerance: nil, anyID: true)
                .verify(id: "id", timestamp: time, signature: signature, body: body)
        }
        #expect(throws: VerificationError.noKey) {
            try WebhookVerifier(keys: []).verify(id: id, timestamp: time, signature: signature, body: body)
        }
        #expect(throws: VerificationError.badTolerance) {
            try WebhookVerifier(keys: ["key"], tolerance: .seconds(-1))
                .verify(id: id, timestamp: time, signature: signature, body: body)
        }
        #expect(throws: Never.self) {
            try verifier.verify(id: id, timestamp: time, signature: signature, body: body)
        }
    }

    @Test func webhookHeadersAreSigned() throws {
        let body = Data("{}".utf8)
        let headers = try webhookSignedHeaders(keys: ["one", "two"], body: body)
        let id = try #require(headers["X-ConfigCat-Webhook-ID"])
        let time = try #require(headers["X-ConfigCat-Webhook-Timestamp"])
        let signature = try #require(headers["X-ConfigCat-Webhook-Signature-V1"])
        for key in ["one", "two"] {
            #expect(throws: Never.self) {
                try WebhookVerifier(keys: [key]).verify(id: id, timestamp: time, signature: signature, body: body)
            }
        }
        #expect(throws: VerificationError.wrongSignature) {
            try WebhookVerifier(keys: ["three"]).verify(id: id, timestamp: time, signature: signature, body: body)
        }
        let known = try webhookSignedHeaders(
            keys: ["key"], body: body, id: "b616ca659d154a5fb907dd8475792eeb",
            timestamp: Date(timeIntervalSince1970: 1_669_629_035.9))
        #expect(known["X-ConfigCat-Webhook-Timestamp"] == "1669629035")
        #expect(known["X-ConfigCat-Webhook-Signature-V1"] == "v7ztx0bPPIlvKvwR/WFOM8mXNV7ifcqZfQgXyxsgHr8=")
        #expect(throws: VerificationError.noKey) { try webhookSignedHeaders(keys: [""], body: body) }
    }

    @Test func optionalModelFieldsCanBeOmitted() {
        let tag = Tag(product: Product(
            organization: Organization(organizationId: "o", name: "O"), productId: "p", name: "P", order: 0,
            reasonRequired: false, approveRequired: false), tagId: 1, name: "t")
        #expect(tag.color == nil)
    }
}
