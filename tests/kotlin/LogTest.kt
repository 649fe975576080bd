package configcat.management.tests

import configcat.management.Slf4jLogHandler
import configcat.management.models.LogLevel
import configcat.management.setLog
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.parallel.ResourceLock
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.logging.Handler
import java.util.logging.Level
import java.util.logging.LogRecord
import java.util.logging.Logger

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
    fun `lines reach the logger of SLF4J`() = simulated { client, _ ->
        val seen = ConcurrentLinkedQueue<LogRecord>()
        // The provider of the tests is that of java.util.logging.
        val logger = Logger.getLogger("configcat.management").apply { level = Level.ALL }
        val handler = object : Handler() {
            override fun publish(record: LogRecord) {
                seen += record
            }

            override fun flush() = Unit

            override fun close() = Unit
        }
        logger.addHandler(handler)
        setLog(LogLevel.DEBUG, Slf4jLogHandler())
        client.request("GET", "/v1/me")
        setLog(LogLevel.DEBUG, null)
        logger.removeHandler(handler)
        assertTrue(seen.any { it.level == Level.FINE && "attempt=1 status=200" in it.message }, "${seen.map { it.message }}")
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
