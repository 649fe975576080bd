import ConfigCatManagement
import ConfigCatManagementTesting
import Testing

@Suite struct RulesTests {
    @Test func rulesOfEveryTypeFitOnALine() async throws {
        try await simulated { client, _ in
            let shop = try await client.shop()
            let rules: [UpdateTargetingRule] = [
                .serve(true, when: [When.email.endsWithAnyOf(["@example.com"]), When.attribute("Age").numberLess(18)]),
                .split([(20, true), (80, false)], when: [When.country.equals("Norway")]),
            ]
            let formula = UpdateEvaluationFormula(
                defaultValue: UpdateFlagValue(value: false), targetingRules: .value(rules))
            let state = try await client.flagValues.replace(
                environmentId: shop.environment.environmentId, settingId: shop.flag.settingId, body: formula)
            let conditions = state.targetingRules[0].conditions
            let email = try #require(conditions[0].userCondition)
            #expect(email.comparator == .textEndsWithAnyOf)
            #expect(email.comparisonValue.listValue?.map(\.value) == ["@example.com"])
            #expect(conditions[0].segmentCondition == nil)
            guard case .user(let age) = conditions[1] else {
                Issue.record("not a user condition")
                return
            }
            #expect(age.comparisonValue == .double(18))
            #expect(state.targetingRules[1].percentageOptions.map(\.percentage) == [20, 80])
        }
    }

    @Test func rulesOfADraftNeedNoWrapper() async throws {
        try await simulated { client, _ in
            let shop = try await client.shop()
            let after = try await client.flagValues.edit(
                environmentId: shop.environment.environmentId, settingId: shop.flag.settingId
            ) { draft in
                draft.targetingRules = [
                    .serve(true, when: [When.email.endsWithAnyOf(["@example.com"])]),
                    .split([(20, true), (80, false)]),
                ]
            }
            #expect(after?.targetingRules.count == 2)
            let cleared = try await client.flagValues.edit(
                environmentId: shop.environment.environmentId, settingId: shop.flag.settingId
            ) { $0.targetingRules = [] }
            #expect(cleared?.targetingRules == [])
        }
    }

    @Test func aConditionWithoutAMemberIsRefused() async throws {
        try await simulated { client, _ in
            let shop = try await client.shop()
            let rules: [UpdateTargetingRule] = [.serve(true, when: [.unknown([:])])]
            let formula = UpdateEvaluationFormula(
                defaultValue: UpdateFlagValue(value: false), targetingRules: .value(rules))
            let error = try await failing {
                try await client.flagValues.replace(
                    environmentId: shop.environment.environmentId, settingId: shop.flag.settingId, body: formula)
            }
            #expect(error.message.contains("targetingRules[0].conditions[0]: must have exactly one of"))
        }
    }

    @Test func aFlagIsTurnedOnAndOffAndByPercentage() async throws {
        try await simulated { client, _ in
            let shop = try await client.shop()
            let (environment, flag) = (shop.environment.environmentId, shop.flag.settingId)
            let on = try await client.flagValues.turnOn(environmentId: environment, settingId: flag, reason: "Launch")
            #expect(on?.defaultValue.value == true)
            let split = try await client.flagValues.setPercentage(
                environmentId: environment, settingId: flag, percentage: 20)
            #expect(split?.targetingRules.first?.percentageOptions.map(\.percentage) == [20, 80])
            let off = try await client.flagValues.turnOff(environmentId: environment, settingId: flag)
            #expect(off?.defaultValue.value == false && off?.targetingRules.isEmpty == true)
            let colour = try await client.settings.create(
                configId: shop.config.configId,
                body: CreateSetting(name: "Colour", key: "colour", settingType: .string))
            let error = try await failing {
                try await client.flagValues.turnOn(environmentId: environment, settingId: colour.settingId) as Any
            }
            #expect(error.message == "cannot turn on the flag colour: its type is string, not boolean")
        }
    }

    @Test func modelsOfResponsesCanBeConstructed() {
        let user = UserCondition(
            comparisonAttribute: "Email", comparator: .textEquals, comparisonValue: .string("a"))
        #expect(Condition.user(user).userCondition == user)
    }
}
