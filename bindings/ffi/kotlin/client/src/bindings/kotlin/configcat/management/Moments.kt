package configcat.management

import java.time.Instant

private const val TICKS_PER_SECOND = 10_000_000L
private const val NANOS_PER_TICK = 100L

/** Converts the native representation of a timestamp: ticks of 100 ns since 1970. */
internal fun instantOfTicks(ticks: Long): Instant = Instant.ofEpochSecond(
    Math.floorDiv(ticks, TICKS_PER_SECOND),
    Math.floorMod(ticks, TICKS_PER_SECOND) * NANOS_PER_TICK,
)

internal fun Instant.ticks(): Long =
    Math.addExact(Math.multiplyExact(epochSecond, TICKS_PER_SECOND), nano / NANOS_PER_TICK)
