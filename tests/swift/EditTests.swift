import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

@Suite struct EditTests {
    typealias Conflict = EditConflict<SettingFormula, UpdateEvaluationFormula>

    func rule(_ value: Bool) -> UpdateTargetingRule {
        .serve(.boolean(value), when: [When.email.isOneOf(["a@example.com"])])
    }

    @discardableResult
    func edit(
        _ client: ManagementClient, _ shop: Shop, rebase: Int32 = 0,
        _ change: (inout UpdateEvaluationFormula) async throws -> Void
    ) async throws -> SettingFormula? {
        try await client.flagValues.edit(
            environmentId: shop.environment.environmentId, settingId: shop.flag.settingId, reason: "test",
            rebase: rebase, change)
    }

    @Test func anEditSendsOnlyWhatChanged() async throws {
        try await simulated { client, simulator in
            let shop = try await client.shop()
            try await edit(client, shop) { $0.targetingRules = .value([rule(true), rule(false)]) }
            let after = try await edit(client, shop) { $0.defaultValue = UpdateFlagValue(value: true) }
            #expect(after?.defaultValue.value == true)
            #expect(after?.targetingRules.count == 2)
            let sent = try simulator.admin("GET", "/journal?operation=flag_values.patch")
            #expect(sent.contains(#""requestBody":[{"op":"replace","path":"/defaultValue/boolValue","value":true}]"#))
        }
    }

    @Test func anUnchangedDraftSendsNothing() async throws {
        try await simulated { client, simulator in
            let shop = try await client.shop()
            #expect(try await edit(client, shop) { _ in } == nil)
            #expect(try await edit(client, shop) { $0.defaultValue = UpdateFlagValue(value: false) } == nil)
            await #expect(throws: CancellationError.self) {
                try await edit(client, shop) {
                    $0.defaultValue = UpdateFlagValue(value: true)
                    throw CancellationError()
                }
            }
            #expect(try simulator.admin("GET", "/journal/count?operation=flag_values.patch").contains(#""count":0"#))
        }
    }

    @Test func aConflictHasAllStatesAndThePatch() async throws {
        try await simulated { client, _ in
            let shop = try await client.shop()
            let base = try await client.flagValues.get(
                environmentId: shop.environment.environmentId, settingId: shop.flag.settingId)
            let stale = Stale(client: client, shop: shop)
            let error = try await stale.conflict { $0.targetingRules = .value([rule(true)]) }
                theirs: { $0.targetingRules = .value([rule(false)]) }
            #expect(error.base == base)
            #expect(error.theirs.targetingRules.count == 1)
            #expect(error.mine.targetingRules == .value([rule(true)]))
            #expect(error.patch.count == 1)
            #expect(error.details.status == 409)
        }
    }

    @Test func rebaseKeepsChangesOfOtherMembers() async throws {
        try await simulated { client, _ in
            let shop = try await client.shop()
            let stale = Stale(client: client, shop: shop)
            let after = try await stale.edited(rebase: 1) { $0.defaultValue = UpdateFlagValue(value: true) }
                theirs: { $0.percentageEvaluationAttribute = "Plan" }
            #expect(after?.defaultValue.value == true)
            #expect(after?.percentageEvaluationAttribute == "Plan")
            _ = try await stale.conflict { $0.defaultValue = UpdateFlagValue(value: false) }
                theirs: { $0.percentageEvaluationAttribute = "Country" }
        }
    }

    @Test func aDiffOfDraftsIsAcceptedByTheService() async throws {
        try await simulated { client, _ in
            let shop = try await client.shop()
            let before = UpdateEvaluationFormula(defaultValue: UpdateFlagValue(value: false))
            var after = before
            after.defaultValue = UpdateFlagValue(value: true)
            let patched = try await client.flagValues.patch(
                environmentId: shop.environment.environmentId, settingId: shop.flag.settingId,
                patch: try JsonPatch.diff(before: before, after: after))
            #expect(patched?.defaultValue.value == true)
            #expect(try JsonPatch.diff(before: before, after: before).isEmpty)
        }
    }
}

/// Edits a flag that others change between reading and sending.
struct Stale {
    let client: ManagementClient
    let shop: Shop

    func edited(
        rebase: Int32, _ mine: (inout UpdateEvaluationFormula) -> Void,
        theirs: (inout UpdateEvaluationFormula) -> Void
    ) async throws -> SettingFormula? {
        let (environment, flag) = (shop.environment.environmentId, shop.flag.settingId)
        return try await client.flagValues.edit(environmentId: environment, settingId: flag, rebase: rebase) { draft in
            try await client.flagValues.edit(environmentId: environment, settingId: flag, theirs)
            mine(&draft)
        }
    }

    func conflict(
        _ mine: (inout UpdateEvaluationFormula) -> Void, theirs: (inout UpdateEvaluationFormula) -> Void
    ) async throws -> EditTests.Conflict {
        do {
            _ = try await edited(rebase: 0, mine, theirs: theirs)
        } catch let conflict as EditTests.Conflict {
            return conflict
        }
        throw CancellationError()
    }
}
