package configcat.management.tests

import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.Field
import configcat.management.ManagementClient
import configcat.management.models.CreateProduct
import configcat.management.models.CreateSetting
import configcat.management.models.RateLimitPolicy
import configcat.management.models.SettingType
import configcat.management.testing.Simulator
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.net.ServerSocket
import java.time.Duration
import java.time.Instant

private const val UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"

class ErrorsTest {
    /** Returns the error of listing products while a fault is injected. */
    private inline fun <reified E : ConfigCatException> faulty(fault: String): E {
        lateinit var error: E
        simulated { client, simulator ->
            simulator.admin("POST", "/faults", """{"operation":"products.list",$fault}""")
            error = failing<E> { client.withOptions(maxAttempts = 1).products.list() }
        }
        return error
    }

    @Test
    fun `validation before sending names the invalid field`() = simulated { client, _ ->
        val organization = client.organizations.list().first().organizationId
        val error = failing<ConfigCatException.BadRequest> {
            client.products.create(organization, CreateProduct("x".repeat(1001)))
        }
        assertEquals(0, error.attempts)
        assertNull(error.status)
        assertTrue("1000" in error.fieldErrors.getValue("name").single(), "${error.fieldErrors}")
        assertEquals("products.create", error.operation)
        assertFalse(error.maybeApplied)
    }

    @Test
    fun `a 400 response names the invalid field`() = simulated { client, _ ->
        val shop = client.shop()
        val error = failing<ConfigCatException.BadRequest> {
            client.settings.create(
                shop.config.configId,
                CreateSetting(name = "Again", key = "checkout", settingType = SettingType.Boolean, hint = Field.Null),
            )
        }
        assertEquals(400, error.status)
        assertTrue(error.fieldErrors.isNotEmpty())
        assertTrue(error.body.isNotEmpty())
        assertTrue(error.request.orEmpty().startsWith("POST /v1/configs/"), error.request)
    }

    @Test
    fun `each error status throws its own exception`() = simulated { client, _ ->
        val error = failing<ConfigCatException.NotFound> { client.products.get(UNKNOWN_ID) }
        assertEquals(404, error.status)
        assertEquals("ConfigCatException.NotFound: ${error.message}", error.toString())
        assertEquals(403, faulty<ConfigCatException.Permission>(""""status":403""").status)
        assertEquals(409, faulty<ConfigCatException.Conflict>(""""status":409""").status)
        val unavailable = faulty<ConfigCatException.Server>(""""status":503,"retryAfter":7""")
        assertEquals(Duration.ofSeconds(7), unavailable.retryAfter)
        assertTrue(unavailable.isRetryable)
    }

    @Test
    fun `wrong credentials are neither accepted nor shown`() = Simulator().use { simulator ->
        ManagementClient("simulator", "hunter2", ClientOptions(baseUrl = simulator.url)).use { client ->
            runBlocking {
                val error = failing<ConfigCatException.Authentication> { client.products.list() }
                assertEquals(401, error.status)
                assertFalse("hunter2" in "$error ${error.stackTraceToString()} $client")
            }
        }
    }

    @Test
    fun `a closed port is a connection error`() {
        val port = ServerSocket(0).use { it.localPort }
        val options = ClientOptions(baseUrl = "http://127.0.0.1:$port", maxAttempts = 1)
        ManagementClient("u", "p", options).use { client ->
            val error = runBlocking { failing<ConfigCatException.Connection> { client.products.list() } }
            assertFalse(error.maybeApplied)
            assertTrue(error.isRetryable)
        }
    }

    @Test
    fun `a connection broken after the request sets maybeApplied`() = simulated { client, simulator ->
        simulator.admin("POST", "/faults", """{"operation":"products.create","reset":"after"}""")
        val organization = client.organizations.list().first().organizationId
        val error = failing<ConfigCatException.Connection> { client.products.create(organization, CreateProduct("Shop")) }
        assertTrue(error.maybeApplied)
        assertEquals(1, client.products.list().size)
    }

    @Test
    fun `a malformed response names the JSON path`() {
        val error = faulty<ConfigCatException.Decode>(""""status":200,"body":[{"productId":7}]""")
        assertTrue(error.path.orEmpty().startsWith("[0]"), "${error.path}: ${error.message}")
        assertFalse(error.isRetryable)
    }

    @Test
    fun `failing fast at the rate limit sets retryAfter`() = Simulator(rateLimit = "2/60").use { simulator ->
        simulator.client(ClientOptions(rateLimitPolicy = RateLimitPolicy.FAIL_FAST)).use { client ->
            runBlocking {
                repeat(2) { client.organizations.list() }
                val error = failing<ConfigCatException.RateLimited> { client.organizations.list() }
                assertTrue(error.retryAfter!! > Duration.ofSeconds(50), "${error.retryAfter}")
            }
        }
    }

    @Test
    fun `half of a surrogate pair is an error with its field`() = simulated { client, simulator ->
        val organization = client.organizations.list().first().organizationId
        simulator.clearJournal()
        val error = failing<ConfigCatException.BadRequest> {
            client.products.create(organization, CreateProduct("Web \uD83D shop"))
        }
        assertTrue("position 4" in error.fieldErrors.getValue("name").single(), "${error.fieldErrors}")
        val argument = failing<ConfigCatException.BadRequest> { client.products.get("\uDE00") }
        assertEquals(setOf("productId"), argument.fieldErrors.keys)
        val nested = failing<ConfigCatException.BadRequest> {
            client.products.create(organization, CreateProduct("Shop", description = Field.of("\uDE00")))
        }
        assertEquals(setOf("description"), nested.fieldErrors.keys)
        assertEquals(0, simulator.requests())
    }

    @Test
    fun `an instant beyond the years of the service is an error`() = simulated { client, simulator ->
        val product = client.shop().product.productId
        simulator.clearJournal()
        for (instant in listOf(Instant.MAX, Instant.MIN, Instant.parse("-0001-01-01T00:00:00Z"))) {
            val error = failing<ConfigCatException.BadRequest> {
                client.auditLogs.list(product, fromUtcDateTime = instant)
            }
            assertTrue("years 1 to 9999" in error.fieldErrors.getValue("fromUtcDateTime").single(), error.message)
        }
        assertEquals(0, simulator.requests())
    }

    @Test
    fun `options out of range are errors that name them`() = simulated { client, simulator ->
        for ((options, message) in listOf(
            ClientOptions(maxAttempts = -1) to "maxAttempts: must be at least 1, not -1",
            ClientOptions(maxResponseSize = 0) to "maxResponseSize: must be at least 1, not 0",
            ClientOptions(timeout = Duration.ofSeconds(-1)) to "timeout: must not be negative, not PT-1S",
            ClientOptions(userAgent = "a\uD83D") to "userAgent: must be Unicode",
        )) {
            val error = assertThrows(ConfigCatException.Configuration::class.java) { simulator.client(options) }
            assertTrue(message in error.message.orEmpty(), error.message)
        }
        val refused = failing<ConfigCatException.Configuration> { client.withOptions(maxAttempts = 0).me.get() }
        assertTrue("maxAttempts: must be at least 1, not 0" in refused.message.orEmpty(), refused.message)
        assertThrows(ConfigCatException.Configuration::class.java) { client.withOptions(timeout = Duration.ofNanos(-1)) }
        client.withOptions(timeout = Duration.ofSeconds(Long.MAX_VALUE)).me.get()
    }

    @Test
    fun `invalid settings fail the constructor`() {
        val options = ClientOptions(baseUrl = "http://example.com")
        val error = assertThrows(ConfigCatException.Configuration::class.java) { ManagementClient("u", "p", options) }
        assertTrue("unencrypted" in error.message.orEmpty(), error.message)
        assertThrows(ConfigCatException.Configuration::class.java) { ManagementClient("a:b", "p") }
    }
}
