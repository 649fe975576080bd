@file:JvmName("Steps")

package configcat.management

import configcat.management.models.Step
import java.time.Duration

/** The path of the entity for people: `Storefront / newCheckout / Production`. */
public val Step.place: String
    get() = path.joinToString(" / ")

/**
 * Ordered steps from the actual state of a product to the one of a document, with their price.
 *
 * It can be shown, saved, and applied later if nothing has moved. It is immutable. Plans with the same steps for the same document
 * are equal.
 */
public class Plan internal constructor(internal val native: NativePlan) {
    /** The desired state. */
    public val document: ProductDocument by lazy { ProductDocument(native.document()) }

    /** Steps, in the order in which they are applied. */
    public val steps: List<Step> by lazy { native.steps() }

    /** Requests that apply the steps. */
    public val requests: List<PlannedRequest> by lazy { native.requests() }

    /** What it costs. */
    public val price: Price
        get() = native.price()

    /** Whether there is nothing to do. */
    public val isEmpty: Boolean
        get() = steps.isEmpty()

    /** Steps that the service would refuse. A plan with such steps is not applied. */
    public val refused: List<Step>
        get() = steps.filter { it.refused != null }

    /** One line: the number of steps by action, and the price. */
    public val summary: String
        get() = native.summary()

    /**
     * Returns the least time that the requests wait for the rate limit; `null` if the service has reported none.
     *
     * @param rateLimit state of the rate limit, such as [ManagementClient.rateLimit]
     */
    public fun leastWait(rateLimit: RateLimit): Duration? = native.leastWait(rateLimit)

    /**
     * Returns the plan for a terminal.
     *
     * @param color whether to color it with escape sequences
     */
    @JvmOverloads
    public fun toText(color: Boolean = false): String = native.text(color)

    /** Returns the plan as Markdown, for pull requests. */
    public fun toMarkdown(): String = native.markdown()

    /** Returns the plan as a table of HTML. */
    public fun toHtml(): String = native.html()

    /** Returns the plan as JSON, which [parse] reads. */
    public fun toJson(): String = native.json()

    override fun equals(other: Any?): Boolean = other is Plan && native.sameAs(other.native)

    override fun hashCode(): Int = summary.hashCode()

    /** The plan for a terminal, without colors. */
    override fun toString(): String = toText()

    public companion object {
        /**
         * Parses a plan that was saved with [toJson].
         *
         * @throws ConfigCatException.BadRequest if it is not a plan, or one of a newer format
         */
        @JvmStatic
        public fun parse(json: String): Plan = Plan(translated { NativePlan.parse(json) })
    }
}
