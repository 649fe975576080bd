package configcat.management.tests

import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.asString
import configcat.management.get
import configcat.management.jsonValue
import configcat.management.models.CreateTag
import configcat.management.models.RateLimitPolicy
import configcat.management.testing.Fault
import configcat.management.testing.Reset
import configcat.management.testing.Simulator
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.time.Duration

/** The simulator in the process of a test: faults, journal, clock, seed. */
class SimulatorTest {
    @Test
    fun `typed faults apply to their requests`() = simulated { client, simulator ->
        val body = """{"message":"slow \"down\""}"""
        simulator.addFault(
            Fault("me.get", status = 429, retryAfter = 7, times = 1, headers = mapOf("X-Note" to "a \"quoted\"\ttext"), body = body),
        )
        val once = client.withOptions(maxAttempts = 1)
        val error = failing<ConfigCatException.RateLimited> { once.me.get() }
        assertEquals(listOf(true, 1, Duration.ofSeconds(7)), listOf(error.isRetryable, error.attempts, error.retryAfter))
        assertTrue("slow" in error.message.orEmpty(), error.message)
        once.me.get()
        assertTrue(simulator.addFault(Fault(path = "/v1/me", reset = Reset.BEFORE)).isNotEmpty())
        failing<ConfigCatException.Connection> { once.me.get() }
        simulator.clearFaults()
        once.me.get()
        assertThrows(IllegalArgumentException::class.java) { simulator.addFault(Fault(probability = 2.0)) }
    }

    @Test
    fun `a fault sends any text as its body`() = simulated { client, simulator ->
        simulator.addFault(Fault("me.get", status = 200, body = "\"oops\", said\nno JSON"))
        val error = failing<ConfigCatException.Decode> { client.me.get() }
        assertEquals("\"oops\", said\nno JSON", error.body.decodeToString())
    }

    @Test
    fun `the journal counts and lists requests`() = simulated { client, simulator ->
        client.me.get()
        client.products.list()
        assertEquals(listOf(2, 1, 0), listOf(simulator.requests(), simulator.requests("me.*"), simulator.requests("me.get", 404)))
        assertEquals(listOf("/v1/me", "/v1/products"), simulator.journal().map { it.path })
        assertEquals(listOf("me.get"), simulator.journal("me.*", 200).map { it.operation })
        simulator.clearJournal()
        assertEquals(0, simulator.requests())
    }

    @Test
    fun `the journal has requests with their bodies`() = simulated { client, simulator ->
        val product = client.shop().product.productId
        simulator.clearJournal()
        client.withOptions(headers = mapOf("X-Team" to "web")).tags.create(product, CreateTag("ops"))
        client.auditLogs.list(product, pageSize = 2)
        val (created, listed) = simulator.journal()
        assertEquals(listOf("POST", "/v1/products/$product/tags", 201), listOf(created.method, created.path, created.status))
        assertEquals(jsonValue(mapOf("name" to "ops")), created.requestBody)
        assertEquals("ops", created.responseBody?.get("name")?.asString)
        assertEquals("web", created.requestHeaders["x-team"])
        assertEquals("pageSize=2" to null, listed.query to listed.requestBody)
        assertTrue("\"requestBody\":{\"name\":\"ops\"}" in created.toString(), created.toString())
    }

    @Test
    fun `the clock can be advanced`() = Simulator(rateLimit = "1/3600").use { simulator ->
        simulator.client(ClientOptions(rateLimitPolicy = RateLimitPolicy.OFF, maxAttempts = 1)).use { client ->
            runBlocking {
                client.me.get()
                failing<ConfigCatException.RateLimited> { client.me.get() }
                simulator.freezeClock()
                simulator.advanceClock(Duration.ofHours(2))
                client.me.get()
                simulator.resumeClock()
            }
        }
    }

    @Test
    fun `a seed plants what it describes`() {
        Simulator(seed = """{"organizations":[{"name":"Mine","products":[{"name":"P"}]}]}""").use { simulator ->
            simulator.client().use { client -> runBlocking { assertEquals("P", client.products.list().single().name) } }
        }
        val error = assertThrows(IllegalArgumentException::class.java) { Simulator(seed = """{"organizations":[{"nam":"x"}]}""") }
        assertTrue("organizations[0].nam" in error.message.orEmpty(), error.message)
    }
}
