import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

/// The code that the guides in docs/guides show, between the comments, and the output that they show.
final class Printed: @unchecked Sendable {
    private let lock = NSLock()
    private var text = ""

    func print(_ line: String) {
        lock.withLock { text += line + "\n" }
    }

    func expect(_ guide: String) throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
        var root = tests
        while !FileManager.default.fileExists(atPath: root.appendingPathComponent("examples/guides").path) {
            root.deleteLastPathComponent()
            try #require(root.path != "/")
        }
        let output = root.appendingPathComponent("examples/guides/\(guide)/output.txt")
        let expected = try String(contentsOf: output, encoding: .utf8)
        #expect(lock.withLock { text } == expected)
    }
}

@Suite struct GuidesTests {
    let printed = Printed()

    private func print(_ line: String) { printed.print(line) }

    @Test func authenticationGuide() async throws {
        let simulator = try Simulator(seed: "demo")
        defer { withExtendedLifetime(simulator) {} }
        let client = try simulator.client()
        let options = ClientOptions(baseUrl: simulator.url)
        // docs: authentication
        // let client = try ManagementClient.fromEnvironment()
        print("signed in as \(try await client.me.get().email)")
        let stranger = try ManagementClient(
            username: "ada", password: "not hers", options: options)
        do {
            _ = try await stranger.me.get()
        } catch let error as ConfigCatError {
            guard case .authentication = error else { throw error }
            print("refused with status \(error.status ?? 0)")
        }
        // docs: end
        try printed.expect("authentication")
    }

    @Test func errorsGuide() async throws {
        let simulator = try Simulator(seed: "demo")
        defer { withExtendedLifetime(simulator) {} }
        let client = try simulator.client()
        // docs: errors
        let product = try await client.products.find(name: "Web Shop").productId
        do {
            let nameless = CreateTag(name: "")
            _ = try await client.tags.create(productId: product, body: nameless)
        } catch let error as ConfigCatError {
            guard case .badRequest = error else { throw error }
            for (field, problems) in error.fieldErrors {
                print("\(field): \(problems[0])")
            }
            print("attempts: \(error.attempts)")  // 0: nothing was sent
        }
        do {
            let unknown: EnvironmentId = "30000000-0000-4000-8000-00000000ffff"
            _ = try await client.environments.get(environmentId: unknown)
        } catch let error as ConfigCatError {
            guard case .notFound = error else { throw error }
            print("status: \(error.status ?? 0)")
            print("attempts: \(error.attempts)")
        }
        // docs: end
        try printed.expect("errors")
    }

    @Test func rateLimitsGuide() async throws {
        let simulator = try Simulator(seed: "demo", rateLimit: "10/1")
        defer { withExtendedLifetime(simulator) {} }
        let client = try simulator.client()
        let options = ClientOptions(baseUrl: simulator.url, maxRateLimitWait: .milliseconds(1))
        // docs: rate-limits
        // Waits for the rate limit, which is the default.
        let result = try await bulk(0..<25) { _ in try await client.me.get() }
        print("\(result.values.count) of 25 calls succeeded")

        // let options = ClientOptions(maxRateLimitWait: .milliseconds(1))
        let hasty = try ManagementClient(
            username: "simulator", password: "simulator", options: options)
        var refused = 0
        for _ in 0..<25 {
            do {
                _ = try await hasty.me.get()
            } catch let error as ConfigCatError {
                guard case .rateLimited = error else { throw error }
                refused += 1
            }
        }
        let some = refused > 0 ? "True" : "False"
        print("calls that would have waited too long: \(some)")
        // docs: end
        try printed.expect("rate-limits")
    }

    @Test func editingFlagsGuide() async throws {
        let simulator = try Simulator(seed: "demo")
        defer { withExtendedLifetime(simulator) {} }
        let client = try simulator.client()
        // docs: editing-flags
        let product = try await client.products.find(name: "Web Shop").productId
        let environment = try await client.environments
            .find(productId: product, name: "Test").environmentId
        let config = try await client.configs
            .find(productId: product, name: "Storefront").configId
        let flag = try await client.settings
            .find(configId: config, keyOrName: "newCheckout").settingId

        try await client.flagValues.edit(
            environmentId: environment, settingId: flag, reason: "Start the rollout"
        ) { draft in
            draft.defaultValue = UpdateFlagValue(value: false)  // for everybody else
            draft.targetingRules = [
                .serve(true, when: [When.email.endsWithAnyOf(["@shop.example"])]),
                .split([(20, true), (80, false)]),
            ]
        }

        let rules = try await client.flagValues
            .get(environmentId: environment, settingId: flag).targetingRules
        print("rules: \(rules.count)")
        print("percentage: \(rules[1].percentageOptions[0].percentage)")
        // docs: end
        try printed.expect("editing-flags")
    }

    @Test func bulkGuide() async throws {
        let simulator = try Simulator(seed: "demo")
        defer { withExtendedLifetime(simulator) {} }
        let client = try simulator.client()
        // docs: bulk
        let product = try await client.products.find(name: "Web Shop").productId
        let names = (0..<20).map { "team-\($0)" } + [""]
        let result = try await bulk(names) { name in
            try await client.tags.create(
                productId: product, body: CreateTag(name: name))
        }
        for outcome in result.failed {
            let attempts = (outcome.error as? ConfigCatError)?.attempts ?? -1
            print("number \(outcome.index) failed, attempts: \(attempts)")
        }
        print("\(result.values.count) tags created")
        // docs: end
        try printed.expect("bulk")
    }

    // docs: testing
    /// The code under test.
    private func rename(_ client: ManagementClient) async throws -> String {
        let product = try await client.products.find(name: "Web Shop").productId
        let body = UpdateProduct(name: "Shop")
        _ = try await client.products.update(productId: product, body: body)
        return try await client.products.get(productId: product).name
    }

    @Test func renameSucceedsAlthoughTheServiceFailsOnce() async throws {
        let simulator = try Simulator(seed: "demo")
        let fault = Fault(operation: "products.update", times: 1, status: 503)
        _ = try simulator.addFault(fault)
        #expect(try await rename(try simulator.client()) == "Shop")
        let requests = try simulator.journal(operation: "products.update").count
        print("renamed after \(requests) requests")
        // docs: end
        try printed.expect("testing")
    }

    @Test func webhooksGuide() throws {
        // docs: webhooks
        let keys = ["configcat_whsk_ZGVtbw=="]  // two during a rotation
        let verifier = WebhookVerifier(keys: keys)

        func accepted(_ headers: [String: String], _ body: String) -> String {
            let verified: Void? = try? verifier.verify(
                id: headers["X-ConfigCat-Webhook-ID"] ?? "",
                timestamp: headers["X-ConfigCat-Webhook-Timestamp"] ?? "",
                signature: headers["X-ConfigCat-Webhook-Signature-V1"] ?? "",
                body: Data(body.utf8))  // the raw body, before anything parses it
            return verified == nil ? "False" : "True"
        }

        // In a test of the receiver, headers as the service sends them:
        let headers = try webhookSignedHeaders(keys: keys, body: Data("{}".utf8))
        print("signed request accepted: \(accepted(headers, "{}"))")
        print("changed body accepted: \(accepted(headers, "{ }"))")
        // docs: end
        try printed.expect("webhooks")
    }
}
