/// What a condition of a targeting rule is about.
///
/// ```swift
/// UpdateTargetingRule.serve(true, when: [When.email.endsWithAnyOf(["@example.com"])])
/// ```
public enum When {
    /// The attribute `Identifier` of the user.
    public static var identifier: Attribute { Attribute("Identifier") }

    /// The attribute `Email` of the user.
    public static var email: Attribute { Attribute("Email") }

    /// The attribute `Country` of the user.
    public static var country: Attribute { Attribute("Country") }

    /// An attribute of the user, by its name: 1 to 1000 characters, case-sensitive.
    public static func attribute(_ name: String) -> Attribute { Attribute(name) }

    /// A segment, by its id.
    public static func segment(_ id: SegmentId) -> Segment { Segment(id: id) }

    /// Another flag of the config, by its id.
    public static func flag(_ id: SettingId) -> Flag { Flag(id: id) }

    /// A segment.
    public struct Segment: Sendable, Hashable {
        let id: SegmentId

        /// Condition that the user is in the segment.
        public func isIn() -> UpdateCondition { compare(.isIn) }

        /// Condition that the user is not in the segment.
        public func isNotIn() -> UpdateCondition { compare(.isNotIn) }

        private func compare(_ comparator: SegmentComparator) -> UpdateCondition {
            .segment(UpdateSegmentCondition(segmentId: id, comparator: comparator))
        }
    }

    /// Another flag of the config: a prerequisite.
    public struct Flag: Sendable, Hashable {
        let id: SettingId

        /// Condition that the flag serves this value, which has the flag's type.
        public func equals(_ value: SettingValue) -> UpdateCondition { compare(.equals, value) }

        /// Condition that the flag serves another value than this one, which has the flag's type.
        public func doesNotEqual(_ value: SettingValue) -> UpdateCondition { compare(.doesNotEqual, value) }

        private func compare(_ comparator: PrerequisiteComparator, _ value: SettingValue) -> UpdateCondition {
            .prerequisiteFlag(
                UpdatePrerequisiteFlagCondition(
                    prerequisiteSettingId: id, comparator: comparator,
                    prerequisiteComparisonValue: UpdateFlagValue(value: value)))
        }
    }
}

extension UpdateTargetingRule {
    /// A rule that serves a value to the users for whom all conditions match.
    public static func serve(_ value: SettingValue, when conditions: [UpdateCondition]) -> UpdateTargetingRule {
        UpdateTargetingRule(conditions: .value(conditions), value: .value(UpdateFlagValue(value: value)))
    }

    /// A rule that serves values by percentage to the users for whom all conditions match. The percentages add up to 100.
    /// Without a condition it has to be the last rule.
    public static func split(
        _ options: [(percentage: Int32, value: SettingValue)], when conditions: [UpdateCondition] = []
    ) -> UpdateTargetingRule {
        let options = options.map { UpdatePercentageOption(percentage: $0.percentage, value: UpdateFlagValue(value: $0.value)) }
        return UpdateTargetingRule(conditions: .value(conditions), percentageOptions: .value(options))
    }
}
