import ConfigCatManagement
import ConfigCatManagementTesting
import Foundation
import Testing

/// Models and JSON values as `Codable`.
@Suite struct CodableTests {
    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test func modelsSurviveEncodingAndDecoding() async throws {
        try await simulated { client, _ in
            let shop = try await client.shop()
            let formula = try await client.flagValues.get(
                environmentId: shop.environment.environmentId, settingId: shop.flag.settingId)
            let data = try JSONEncoder().encode(formula)
            #expect(try JSONDecoder().decode(SettingFormula.self, from: data) == formula)
            let setting = try JSONDecoder().decode(Setting.self, from: try JSONEncoder().encode(shop.flag))
            #expect(setting == shop.flag)
        }
    }

    @Test func threeStatesAreEncodedAsInARequest() throws {
        let update = UpdateConfig(name: "Core", description: nil)
        #expect(try json(update) == #"{"description":null,"extra":{},"name":"Core"}"#)
        let decoded = try JSONDecoder().decode(UpdateConfig.self, from: Data(#"{"description":null,"extra":{}}"#.utf8))
        #expect(decoded.description == .null && decoded.name == .absent && decoded.order == .absent)
    }

    @Test func enumsAreEncodedAsTheirTexts() throws {
        #expect(try json([SettingType.boolean, .unknown("newer")]) == #"["boolean","newer"]"#)
        #expect(SettingType(rawValue: "boolean") == .boolean)
        #expect(SettingType(rawValue: "newer") == .unknown("newer"))
        #expect(SettingType.double.rawValue == "double")
    }

    @Test func conditionsAndValuesSurviveEncodingAndDecoding() throws {
        let rule = UpdateTargetingRule.serve(1.0, when: [When.email.endsWithAnyOf(["@example.com"])])
        #expect(try JSONDecoder().decode(UpdateTargetingRule.self, from: try JSONEncoder().encode(rule)) == rule)
        #expect(try json(SettingValue.int(1)) == #"{"intValue":1}"#)
    }

    @Test func jsonValuesAreLiteralsAndText() throws {
        let value: JsonValue = ["a": [.null, true, -7, 1.5, "ü"], "b": [:]]
        #expect(try value.text() == #"{"a":[null,true,-7,1.5,"ü"],"b":{}}"#)
        #expect(try JsonValue(parsing: value.text()) == value)
        #expect(try JSONDecoder().decode(JsonValue.self, from: try JSONEncoder().encode(value)) == value)
        #expect(value["a"]?[1]?.bool == true && value["a"]?[2]?.int == -7 && value["a"]?[3]?.double == 1.5)
        #expect(value["a"]?[4]?.string == "ü" && value["a"]?[0]?.isNull == true && value["a"]?[9] == nil)
        #expect(value["a"]?.array?.count == 5 && value.object?.count == 2 && value["c"] == nil)
        #expect(throws: ConfigCatError.self) { try JsonValue(parsing: "Unquoted") }
        #expect(throws: ConfigCatError.self) { try JsonValue.number(.infinity).text() }
    }
}
