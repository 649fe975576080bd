package configcat.management

import configcat.management.models.PrerequisiteComparator
import configcat.management.models.SegmentComparator
import configcat.management.models.SegmentId
import configcat.management.models.SettingId
import configcat.management.models.SettingValue
import configcat.management.models.UpdateCondition
import configcat.management.models.UpdateFlagValue
import configcat.management.models.UpdatePercentageOption
import configcat.management.models.UpdatePrerequisiteFlagCondition
import configcat.management.models.UpdateSegmentCondition
import configcat.management.models.UpdateTargetingRule

/**
 * What a condition of a targeting rule is about.
 *
 * ```
 * Rules.serve(settingValue(true), When.email().endsWithAnyOf("@example.com"))
 * ```
 */
public object When {
    /** The attribute `Identifier` of the user. */
    @JvmStatic
    public fun identifier(): Attribute = Attribute("Identifier")

    /** The attribute `Email` of the user. */
    @JvmStatic
    public fun email(): Attribute = Attribute("Email")

    /** The attribute `Country` of the user. */
    @JvmStatic
    public fun country(): Attribute = Attribute("Country")

    /** An attribute of the user, by its [name]: 1 to 1000 characters, case-sensitive. */
    @JvmStatic
    public fun attribute(name: String): Attribute = Attribute(name)

    /** A segment, by its [id]. */
    @JvmStatic
    public fun segment(id: SegmentId): Segment = Segment(id)

    /** Another flag of the config, by its [id]. */
    @JvmStatic
    public fun flag(id: SettingId): Flag = Flag(id)
}

/** A segment. See [When]. */
public data class Segment(public val id: SegmentId) {
    /** Condition that the user is in the segment. */
    public fun isIn(): UpdateCondition = compare(SegmentComparator.IsIn)

    /** Condition that the user is not in the segment. */
    public fun isNotIn(): UpdateCondition = compare(SegmentComparator.IsNotIn)

    private fun compare(comparator: SegmentComparator): UpdateCondition =
        UpdateCondition.Segment(UpdateSegmentCondition(id, comparator))
}

/** Another flag of the config: a prerequisite. See [When]. */
public data class Flag(public val id: SettingId) {
    /** Condition that the flag serves this [value], which has the flag's type. */
    public fun equalTo(value: SettingValue): UpdateCondition = compare(PrerequisiteComparator.Equals, value)

    /** Condition that the flag serves another value than this one, which has the flag's type. */
    public fun doesNotEqual(value: SettingValue): UpdateCondition =
        compare(PrerequisiteComparator.DoesNotEqual, value)

    private fun compare(comparator: PrerequisiteComparator, value: SettingValue): UpdateCondition =
        UpdateCondition.PrerequisiteFlag(UpdatePrerequisiteFlagCondition(id, comparator, UpdateFlagValue(value)))
}

/** Targeting rules on one line. */
public object Rules {
    /** A rule that serves a [value] to the users for whom all [conditions] match. */
    @JvmStatic
    public fun serve(value: SettingValue, vararg conditions: UpdateCondition): UpdateTargetingRule =
        UpdateTargetingRule(
            conditions = Field.of(conditions.asList()),
            value = Field.of(UpdateFlagValue(value)),
        )

    /**
     * A rule that serves values by percentage to the users for whom all [conditions] match.
     *
     * ```
     * Rules.split(mapOf(settingValue(true) to 20, settingValue(false) to 80))
     * ```
     *
     * @param options the percentage of each value, in the order of the map; together 100. Who gets which value depends on the order,
     *   and `Map.of` in Java has none: pass a list of [percentage] there.
     */
    @JvmStatic
    public fun split(options: Map<SettingValue, Int>, vararg conditions: UpdateCondition): UpdateTargetingRule =
        split(options.map { (value, share) -> percentage(share, value) }, *conditions)

    /**
     * A rule that serves values by percentage to the users for whom all [conditions] match. In Java:
     *
     * ```
     * Rules.split(List.of(Rules.percentage(20, settingValue(true)), Rules.percentage(80, settingValue(false))))
     * ```
     *
     * @param options the options in their order; their percentages add up to 100
     */
    @JvmStatic
    public fun split(options: List<UpdatePercentageOption>, vararg conditions: UpdateCondition): UpdateTargetingRule =
        UpdateTargetingRule(conditions = Field.of(conditions.asList()), percentageOptions = Field.of(options))

    /** An option of [split] that serves a [value] to a [percentage] of the users. */
    @JvmStatic
    public fun percentage(percentage: Int, value: SettingValue): UpdatePercentageOption =
        UpdatePercentageOption(percentage, UpdateFlagValue(value))
}
