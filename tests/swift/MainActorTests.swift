import ConfigCatManagement
import ConfigCatManagementTesting
import Testing

/// Closures in the isolation of their caller, such as that of the model of a view. Most of this is checked by the compiler.
@MainActor @Suite struct MainActorTests {
    /// State of a view.
    final class Model {
        var completed: [Int] = []
        var rules = 0
    }

    @Test func progressOfABulkMayChangeTheStateOfAView() async throws {
        let simulator = try Simulator()
        let client = try simulator.client()
        let model = Model()
        let result = try await bulk(
            0..<5, concurrency: 2,
            progress: { completed in
                MainActor.assertIsolated()
                model.completed.append(completed)
            }
        ) { _ in try await client.me.get() }
        #expect(try result.get().count == 5)
        #expect(model.completed == [1, 2, 3, 4, 5])
    }

    @Test func draftMayBeChangedWithTheStateOfAView() async throws {
        let simulator = try Simulator()
        let client = try simulator.client()
        let shop = try await client.shop()
        let model = Model()
        let after = try await client.flagValues.edit(
            environmentId: shop.environment.environmentId, settingId: shop.flag.settingId
        ) { draft in
            MainActor.assertIsolated()
            draft.targetingRules = [.serve(true, when: [When.email.isOneOf(["a@example.com"])])]
            model.rules += 1
        }
        #expect(after?.targetingRules.count == model.rules)
        let on = try await client.flagValues.turnOn(
            environmentId: shop.environment.environmentId, settingId: shop.flag.settingId)
        #expect(on?.defaultValue.value == true)
    }
}
