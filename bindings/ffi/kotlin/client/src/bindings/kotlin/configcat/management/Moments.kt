package configcat.management

import java.time.Instant

private const val TICKS_PER_SECOND = 10_000_000L
private const val NANOS_PER_TICK = 100L

/** Converts the native representation of a timestamp: ticks of 100 ns since 1970. */
internal fun instantOfTicks(ticks: Long): Instant = Instant.ofEpochSecond(
    Math.floorDiv(ticks, TICKS_PER_SECOND),
    Math.floorMod(ticks, TICKS_PER_SECOND) * NANOS_PER_TICK,
)

/** Converts to ticks. What does not fit becomes the smallest number, which the library reports with the name of the field. */
internal fun Instant.ticks(): Long = try {
    Math.addExact(Math.multiplyExact(epochSecond, TICKS_PER_SECOND), nano / NANOS_PER_TICK)
} catch (e: ArithmeticException) {
    Long.MIN_VALUE
}
