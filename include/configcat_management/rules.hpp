// Targeting rules on one line.
//
//     using namespace configcat::management;
//     auto rule = rules::serve(true, {when::email().ends_with_any_of({"@example.com"})});

#ifndef CONFIGCAT_MANAGEMENT_RULES_HPP
#define CONFIGCAT_MANAGEMENT_RULES_HPP

#include "generated/rules.hpp"

#include <string>
#include <utility>
#include <vector>

namespace configcat::management {

/// What a condition of a targeting rule is about.
namespace when {

/// The attribute `Identifier` of the user.
[[nodiscard]] inline Attribute identifier() { return Attribute("Identifier"); }
/// The attribute `Email` of the user.
[[nodiscard]] inline Attribute email() { return Attribute("Email"); }
/// The attribute `Country` of the user.
[[nodiscard]] inline Attribute country() { return Attribute("Country"); }
/// An attribute of the user, by its name: 1 to 1000 characters, case-sensitive.
[[nodiscard]] inline Attribute attribute(std::string name) { return Attribute(std::move(name)); }

/// A segment.
class Segment {
  public:
    /// A segment by its id.
    explicit Segment(SegmentId id) : id_(std::move(id)) {}

    /// Condition that the user is in the segment.
    [[nodiscard]] UpdateCondition is_in() const { return compare(SegmentComparator::is_in); }
    /// Condition that the user is not in the segment.
    [[nodiscard]] UpdateCondition is_not_in() const { return compare(SegmentComparator::is_not_in); }

  private:
    [[nodiscard]] UpdateCondition compare(SegmentComparator comparator) const {
        UpdateCondition condition;
        condition.segment_condition = UpdateSegmentCondition(id_, comparator);
        return condition;
    }

    SegmentId id_;
};

/// Another flag of the config: a prerequisite.
class Flag {
  public:
    /// A flag by its id.
    explicit Flag(SettingId id) : id_(id) {}

    /// Condition that the flag serves this value, which has the flag's type.
    [[nodiscard]] UpdateCondition equals(UpdateFlagValue value) const {
        return compare(PrerequisiteComparator::equals, std::move(value));
    }
    /// Condition that the flag serves another value than this one, which has the flag's type.
    [[nodiscard]] UpdateCondition does_not_equal(UpdateFlagValue value) const {
        return compare(PrerequisiteComparator::does_not_equal, std::move(value));
    }

  private:
    [[nodiscard]] UpdateCondition compare(PrerequisiteComparator comparator, UpdateFlagValue value) const {
        UpdateCondition condition;
        condition.prerequisite_flag_condition = UpdatePrerequisiteFlagCondition(id_, comparator, std::move(value));
        return condition;
    }

    SettingId id_;
};

/// A segment, by its id.
[[nodiscard]] inline Segment segment(SegmentId id) { return Segment(std::move(id)); }
/// Another flag of the config, by its id.
[[nodiscard]] inline Flag flag(SettingId id) { return Flag(id); }

} // namespace when

/// Targeting rules.
namespace rules {

/// A rule that serves a value to the users for whom all conditions match.
[[nodiscard]] inline UpdateTargetingRule serve(UpdateFlagValue value, std::vector<UpdateCondition> conditions) {
    UpdateTargetingRule rule;
    rule.conditions = std::move(conditions);
    rule.value = std::move(value);
    return rule;
}

/// A rule that serves values by percentage to the users for whom all conditions match. The percentages add up to 100. Without a
/// condition it has to be the last rule.
[[nodiscard]] inline UpdateTargetingRule split(std::vector<UpdatePercentageOption> options,
                                               std::vector<UpdateCondition> conditions = {}) {
    UpdateTargetingRule rule;
    rule.conditions = std::move(conditions);
    rule.percentage_options = std::move(options);
    return rule;
}

} // namespace rules

} // namespace configcat::management

#endif
