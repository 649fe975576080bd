package configcat.management.tests

import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.Field
import configcat.management.ManagementClient
import configcat.management.RateLimitPolicy
import configcat.management.models.CreateProduct
import configcat.management.models.CreateSetting
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
    fun `invalid settings fail the constructor`() {
        val options = ClientOptions(baseUrl = "http://example.com")
        val error = assertThrows(ConfigCatException.Configuration::class.java) { ManagementClient("u", "p", options) }
        assertTrue("unencrypted" in error.message.orEmpty(), error.message)
        assertThrows(ConfigCatException.Configuration::class.java) { ManagementClient("a:b", "p") }
    }
}
