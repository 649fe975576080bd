package configcat.management.tests

import configcat.management.LogLevel
import configcat.management.setLog
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.parallel.ResourceLock
import java.util.concurrent.ConcurrentLinkedQueue

/** The log of the process. Lines of other tests, which run at the same time, are received too. */
@ResourceLock("log")
class LogTest {
    @Test
    fun `a log handler receives lines until it is removed`() = simulated { client, simulator ->
        val lines = ConcurrentLinkedQueue<Pair<LogLevel, String>>()
        setLog(LogLevel.DEBUG) { level, message ->
            lines += level to message
            error("exceptions are ignored")
        }
        client.request("GET", "/v1/me")
        setLog(LogLevel.DEBUG, null)
        val seen = lines.toList()
        assertTrue(seen.any { (level, line) -> level == LogLevel.DEBUG && "attempt=1 status=200" in line }, "$seen")
        assertFalse(seen.any { (_, line) -> simulator.password in line.removePrefix("configcat_management") }, "$seen")
        client.request("GET", "/v1/me")
        assertEquals(seen, lines.toList())
    }

    @Test
    fun `the level limits what is logged`() = simulated { client, _ ->
        val levels = ConcurrentLinkedQueue<LogLevel>()
        setLog(LogLevel.INFO) { level, _ -> levels += level }
        client.request("GET", "/v1/me")
        setLog(LogLevel.INFO, null)
        assertFalse(LogLevel.DEBUG in levels, "$levels")
    }
}
