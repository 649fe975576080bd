package configcat.management.tests

import configcat.management.AttemptEvent
import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.CredentialProvider
import configcat.management.Credentials
import configcat.management.ManagementClient
import configcat.management.Observer
import configcat.management.OutcomeEvent
import configcat.management.WaitEvent
import configcat.management.models.WaitReason
import configcat.management.testing.Simulator
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger

class CredentialsTest {
    @Test
    fun `a credential provider is called once per call`() = Simulator().use { simulator ->
        val calls = AtomicInteger()
        val provider = CredentialProvider {
            delay(1)
            calls.incrementAndGet()
            Credentials(simulator.username, simulator.password)
        }
        ManagementClient(provider, ClientOptions(baseUrl = simulator.url)).use { client ->
            runBlocking {
                client.organizations.list()
                client.products.list()
            }
        }
        assertEquals(2, calls.get())
    }

    @Test
    fun `without credentials nothing is sent`() = Simulator().use { simulator ->
        val locked = CredentialProvider { error("the key store is locked") }
        ManagementClient(locked, ClientOptions(baseUrl = simulator.url)).use { client ->
            val error = runBlocking { failing<ConfigCatException.Authentication> { client.products.list() } }
            assertTrue("the key store is locked" in error.message.orEmpty(), error.message)
            assertEquals(0, error.attempts)
        }
        assertEquals("[]", simulator.admin("GET", "/journal").body)
    }

    @Test
    fun `invalid credentials fail with the reason`() = Simulator().use { simulator ->
        ManagementClient(CredentialProvider.of { Credentials("a:b", "x") }, ClientOptions(baseUrl = simulator.url))
            .use { client ->
                val error = runBlocking { failing<ConfigCatException.Authentication> { client.products.list() } }
                assertTrue("colon" in error.message.orEmpty(), error.message)
            }
    }

    @Test
    fun `string forms do not show credentials`() {
        val shown = "${Credentials("me", "hunter2")} ${ManagementClient("me", "hunter2")}"
        assertFalse("hunter2" in shown, shown)
    }

    @Test
    fun `an observer receives events and its exceptions are ignored`() = Simulator().use { simulator ->
        simulator.admin("POST", "/faults", """{"operation":"products.list","status":503,"retryAfter":0,"times":1}""")
        val seen = ConcurrentLinkedQueue<String>()
        val observer = object : Observer {
            override fun attempt(event: AttemptEvent) {
                seen += "attempt ${event.operation} ${event.attempt}"
                error("observers err")
            }

            override fun wait(event: WaitEvent) {
                seen += "wait ${event.reason == WaitReason.RETRY}"
            }

            override fun outcome(event: OutcomeEvent) {
                seen += "outcome ${event.status}"
            }
        }
        simulator.client(observer = observer).use { client -> runBlocking { client.products.list() } }
        val expected = listOf("attempt products.list 1", "outcome 503", "attempt products.list 2", "outcome 200")
        assertEquals(expected, seen.filter { !it.startsWith("wait") })
    }
}
