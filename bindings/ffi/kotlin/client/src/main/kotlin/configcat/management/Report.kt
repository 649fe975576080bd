package configcat.management

/**
 * What applying a plan did, with what is needed to take it back.
 *
 * ```
 * val report = client.apply(plan)
 * println(report.summary)
 * client.applyDocument(report.undo())
 * ```
 *
 * It is immutable. Reports with the same results of the same plan are equal.
 */
public class Report internal constructor(internal val native: NativeReport) {
    /** The plan. */
    public val plan: Plan by lazy { Plan(native.plan()) }

    /** The result of each step, in the order of the plan. */
    public val outcomes: List<StepOutcome> by lazy { native.outcomes() }

    /** Outcomes of the steps that did not succeed. */
    public val failures: List<StepOutcome>
        get() = outcomes.filterNot { it.isSuccess }

    /** Whether every step succeeded. */
    public val isComplete: Boolean
        get() = native.isComplete()

    /** Requests that were sent, without retries. */
    public val requests: Int
        get() = native.requests()

    /** One line: the number of steps by their results. */
    public val summary: String
        get() = native.summary()

    /**
     * Throws an exception if a step did not succeed. Its message names every such step.
     *
     * @throws ConfigCatException.Conflict if others have changed an entity since the plan was made
     * @throws ConfigCatException of the first call that failed
     */
    public fun throwForFailures() {
        translated { native.check() }
    }

    /**
     * Returns the document with the state from before, for everything that was done. Its plan shows what taking it back changes; what
     * was deleted comes back with new ids.
     */
    public fun undo(): ProductDocument = ProductDocument(native.undo())

    /** Returns the report for a terminal: a line for each step that was not applied, and the summary. */
    public fun toText(): String = native.text()

    /** Returns the report as a table of HTML: each step with its result. */
    public fun toHtml(): String = native.html()

    /** Returns the report as JSON, which [parse] reads. */
    public fun toJson(): String = native.json()

    override fun equals(other: Any?): Boolean = other is Report && native.sameAs(other.native)

    override fun hashCode(): Int = summary.hashCode()

    /** The report for a terminal. */
    override fun toString(): String = toText()

    public companion object {
        /**
         * Parses a report that was saved with [toJson].
         *
         * @throws ConfigCatException.BadRequest if it is not a report, or one of a newer format
         */
        @JvmStatic
        public fun parse(json: String): Report = Report(translated { NativeReport.parse(json) })
    }
}
