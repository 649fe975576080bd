import ConfigCatManagement
import ConfigCatManagementTesting
import EmergencySwitch
import Foundation
import Testing

/// A product with a flag that is on.
struct Shop {
    let simulator: Simulator
    let client: ManagementClient
    let productId: ProductId
    var emergencySwitch: EmergencySwitch { EmergencySwitch(client: client) }

    init() async throws {
        simulator = try Simulator()
        client = try simulator.client()
        let organization = try await client.organizations.list()[0].organizationId
        productId = try await client.products.create(
            organizationId: organization, body: CreateProduct(name: "Shop")
        ).productId
        let config = try await client.configs.create(
            productId: productId, body: CreateConfig(name: "Main", evaluationVersion: .v2))
        let environment = try await client.environments.create(
            productId: productId, body: CreateEnvironment(name: "Production"))
        let flag = try await client.settings.create(
            configId: config.configId,
            body: CreateSetting(name: "Checkout", key: "checkout", settingType: .boolean))
        try await client.flagValues.patch(
            environmentId: environment.environmentId, settingId: flag.settingId,
            patch: [PatchOperation(op: .replace, path: "/defaultValue/boolValue", value: true)])
    }

    func flag() async throws -> Flag { try await emergencySwitch.flags(of: productId)[0] }

    func fault(_ fault: String) throws {
        try simulator.admin("POST", "/faults", body: #"{"operation":"flag_values.replace",\#(fault)}"#)
    }
}

@Suite struct EmergencySwitchTests {
    @Test func turningAFlagOffTurnsItOffAndSendsTheReason() async throws {
        let shop = try await Shop()
        #expect(try await shop.flag().on)
        #expect(try await shop.emergencySwitch.turnOff(try await shop.flag(), reason: "Orders fail") == .off)
        #expect(try await !shop.flag().on)
        let journal = try shop.simulator.admin("GET", "/journal")
        #expect(journal.contains("Orders%20fail"))
    }

    @Test func turningOffAFlagThatHasChangedIsAConflict() async throws {
        let shop = try await Shop()
        let seen = try await shop.flag()
        #expect(try await shop.emergencySwitch.turnOff(seen, reason: "first") == .off)
        #expect(try await shop.emergencySwitch.turnOff(seen, reason: "second") == .changed)
    }

    @Test func aRequiredApprovalCanBeBypassed() async throws {
        let shop = try await Shop()
        try await shop.client.products.updatePreferences(
            productId: shop.productId, body: UpdatePreferences(approveRequired: true))
        let flag = try await shop.flag()
        #expect(try await shop.emergencySwitch.turnOff(flag, reason: "now") == .approvalRequired(mayBypass: true))
        #expect(try await shop.emergencySwitch.turnOff(flag, reason: "now", bypassApproval: true) == .off)
    }

    @Test func eachRejectionHasItsOwnOutcome() async throws {
        let shop = try await Shop()
        let flag = try await shop.flag()
        try shop.fault(#""status":401,"times":1"#)
        #expect(try await shop.emergencySwitch.turnOff(flag, reason: "now") == .signedOut)
        try shop.fault(#""status":403,"times":1"#)
        guard case .notAllowed = try await shop.emergencySwitch.turnOff(flag, reason: "now") else {
            Issue.record("the outcome is not notAllowed")
            return
        }
        let offline = try ManagementClient(
            username: "u", password: "p", options: ClientOptions(baseUrl: "http://127.0.0.1:1", maxAttempts: 1))
        #expect(try await EmergencySwitch(client: offline).turnOff(flag, reason: "now") == .offline(maybeApplied: false))
        #expect(try await shop.flag().on)
    }

    @MainActor
    @Test func aModelReloadsFlagsAndCancelsRequestsWithItsTask() async throws {
        let shop = try await Shop()
        let model = SwitchModel(shop.emergencySwitch, productId: shop.productId)
        await model.refresh()
        await model.turnOff(try #require(model.flags.first), reason: "now")
        #expect(model.last == .off)
        #expect(model.flags.first?.on == false)
        #expect(!model.busy && model.problem == nil)

        try shop.fault(#""delayMs":3000"#)
        let flag = try #require(model.flags.first)
        let cancelled = Task { await model.turnOff(flag, reason: "too late") }
        try await Task.sleep(for: .milliseconds(200))
        cancelled.cancel()
        await cancelled.value
        #expect(model.problem == nil)
        try await Task.sleep(for: .milliseconds(3500))
        let journal = try shop.simulator.admin("GET", "/journal")
        #expect(!journal.contains("too%20late"))
    }

    @MainActor
    @Test func aModelShowsTheErrorOfAFailedRefresh() async throws {
        let shop = try await Shop()
        try shop.simulator.admin("POST", "/faults", body: #"{"operation":"environments.list","status":403}"#)
        let model = SwitchModel(shop.emergencySwitch, productId: shop.productId)
        await model.refresh()
        #expect(model.problem?.contains("403") == true)
    }
}
