package configcat.management.tests

import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.ManagementClient
import configcat.management.asString
import configcat.management.get
import configcat.management.jsonValue
import configcat.management.models.JsonValue
import configcat.management.parseJsonValue
import configcat.management.testing.Simulator
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.time.Duration

private const val TOKEN = "s3cr3t/t0ken+value"
private const val MISSING = "08d5a03c-feb7-af1e-a1fa-40b3329f8bed"

/** Escape hatches: extra headers, requests by method and path, whole responses, what errors tell, client certificates. */
class HatchesTest {
    private fun journal(simulator: Simulator): String {
        val text = simulator.admin("GET", "/journal").body
        simulator.admin("DELETE", "/journal")
        return text
    }

    @Test
    fun `headers of a view replace those of the client`() = Simulator().use { simulator ->
        simulator.client(ClientOptions(headers = mapOf("X-Team" to "from-client", "X-Other" to "kept"))).use { client ->
            runBlocking {
                client.me.get()
                assertTrue("from-client" in journal(simulator))
                client.withOptions(headers = mapOf("x-team" to "from-view")).me.get()
                val seen = journal(simulator)
                assertTrue("from-view" in seen && "kept" in seen && "from-client" !in seen, seen)
            }
        }
    }

    @Test
    fun `a header that the client sets is refused before sending`() = simulated { client, simulator ->
        for (name in listOf("Authorization", "HOST", "Content-Length", "Accept")) {
            val view = client.withOptions(headers = mapOf(name to TOKEN))
            val error = failing<ConfigCatException.BadRequest> { view.me.get() }
            assertTrue("header \"$name\" is set by the client" in error.message!! && TOKEN !in error.toString())
            assertEquals(0, error.attempts)
            assertThrows(ConfigCatException.Configuration::class.java) {
                simulator.client(ClientOptions(headers = mapOf(name to TOKEN)))
            }
        }
        val broken = client.withOptions(headers = mapOf("X-Note" to "a\r\nb: c"))
        failing<ConfigCatException.BadRequest> { broken.request("GET", "/v1/me") }
        assertFalse("/v1/me" in journal(simulator))
    }

    @Test
    fun `options do not print secrets`() {
        val options = ClientOptions(headers = mapOf("X-Token" to TOKEN), clientCertificate = "secret-key", proxy = "http://u:secret@p")
        assertFalse(TOKEN in options.toString() || "secret" in options.toString(), options.toString())
    }

    @Test
    fun `a raw request reads and writes`() = simulated { client, simulator ->
        val organization = client.organizations.list().first().organizationId
        val created = client.request("POST", "/v1/organizations/$organization/products", body = jsonValue(mapOf("name" to "Raw")))
        assertEquals(201, created.status)
        assertEquals("Raw", created.value["name"]?.asString)
        assertEquals(created.value, parseJsonValue(String(created.body)))
        client.request("GET", "/v1/me", query = mapOf("a" to listOf(1, "b c"), "none" to null))
        assertTrue(""""query":"a=1&a=b%20c"""" in journal(simulator))
        val missing = failing<ConfigCatException.NotFound> { client.request("GET", "/v1/nothing") }
        assertEquals("GET /v1/nothing" to "GET", missing.operation to missing.method)
        failing<ConfigCatException.BadRequest> { client.request("GET", "/v1/../me") }
        val infinite = JsonValue.Number(Double.POSITIVE_INFINITY)
        failing<ConfigCatException.BadRequest> { client.request("POST", "/v1/me", body = infinite) }
    }

    @Test
    fun `raw requests are paced and retried like others`() = simulated { client, simulator ->
        simulator.admin("POST", "/faults", """{"path":"/v1/me","status":429,"retryAfter":1,"times":1}""")
        val paced = client.request("GET", "/v1/me")
        assertEquals(2, paced.attempts)
        assertTrue(paced.waited >= Duration.ofMillis(900), "${paced.waited}")
        simulator.admin("POST", "/faults", """{"path":"/v1/nothing","reset":"before","times":1}""")
        val lost = failing<ConfigCatException.Connection> { client.request("POST", "/v1/nothing", body = jsonValue(emptyMap<String, Any>())) }
        assertEquals(1 to true, lost.attempts to lost.maybeApplied)
    }

    @Test
    fun `withResponse returns value status headers and body`() = simulated { client, _ ->
        val response = client.withResponse { me.get() }
        assertEquals("simulator@example.com", response.value.email)
        assertEquals(200 to 1, response.status to response.attempts)
        assertTrue("json" in response.headers.getValue("content-type") && response.value.email in String(response.body))
        val error = assertThrows(IllegalStateException::class.java) { runBlocking { client.withResponse { } } }
        assertEquals("withResponse: the block made no call", error.message)
    }

    @Test
    fun `an error has masked headers method and path template`() = simulated { client, simulator ->
        simulator.admin("POST", "/faults", """{"status":400,"headers":{"x-echo":"$TOKEN","x-id":"17"},"body":"$TOKEN"}""")
        val view = client.withOptions(headers = mapOf("X-Gateway" to "Bearer $TOKEN"))
        val error = failing<ConfigCatException.BadRequest> { view.configs.get(MISSING) }
        assertEquals("GET" to "/v1/configs/{configId}", error.method to error.pathTemplate)
        assertEquals("***" to "17", error.headers["x-echo"] to error.headers["x-id"])
        assertFalse("s3cr3t" in "$error ${String(error.body)}")
    }

    @Test
    fun `a client certificate is sent to a server that requires one`() {
        fun variable(name: String) = checkNotNull(System.getenv(name)) { "run the tests by `cargo xtask test kotlin`" }
        val options = ClientOptions(
            baseUrl = variable("MUTUAL_URL"),
            proxy = "",
            maxAttempts = 1,
            rootCertificates = listOf(variable("MUTUAL_AUTHORITY")),
        )
        val certificate = variable("MUTUAL_CERTIFICATE")
        runBlocking {
            ManagementClient("user", "hunter2", options).use {
                failing<ConfigCatException.Connection> { it.me.get() }
            }
            ManagementClient("user", "hunter2", options.copy(clientCertificate = certificate)).use {
                assertEquals(400, failing<ConfigCatException.BadRequest> { it.me.get() }.status)
            }
        }
        val error = assertThrows(ConfigCatException.Configuration::class.java) {
            ManagementClient("user", "hunter2", options.copy(clientCertificate = "nothing"))
        }
        assertTrue("invalid client_certificate" in error.message!!)
    }

    @Test
    fun `requests are sent through the proxy`() = Simulator().use { simulator ->
        // The simulator is the proxy of a host that does not exist.
        val options = ClientOptions(baseUrl = "http://configcat.invalid", allowHttp = true, proxy = simulator.url)
        ManagementClient(simulator.username, simulator.password, options).use { client ->
            assertEquals("simulator@example.com", runBlocking { client.me.get().email })
        }
        val error = assertThrows(ConfigCatException.Configuration::class.java) {
            ManagementClient("user", "hunter2", options.copy(rootCertificates = listOf("no certificate")))
        }
        assertTrue("root_certificate" in error.message!!)
    }
}
