package configcat.management.tests

import configcat.management.ClientOptions
import configcat.management.CredentialProvider
import configcat.management.Credentials
import configcat.management.ManagementClient
import configcat.management.models.CreateProduct
import configcat.management.testing.Simulator
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.parallel.Isolated
import java.io.File

@Isolated // Measures the memory of the process.
class ConcurrencyTest {
    @Test
    fun `a thousand coroutines share one client`() = simulated { client, _ ->
        val organization = client.organizations.list().first().organizationId
        coroutineScope {
            List(1_000) { n ->
                async(Dispatchers.Default) { client.products.create(organization, CreateProduct("Product $n")) }
            }.awaitAll()
        }
        val names = client.products.list().map { it.name }.toSet()
        assertEquals(1_000, names.size)
        assertEquals(0L, client.rateLimit.inFlight)
    }

    @Test
    fun `ten thousand objects leak no native memory`() = Simulator().use { simulator ->
        simulator.client().use { client ->
            fun views(count: Int) = repeat(count) { client.withOptions(maxAttempts = 2).close() }
            fun calls(count: Int) = runBlocking { repeat(count) { client.organizations.list() } }
            fun clients(count: Int) = repeat(count) {
                val options = ClientOptions(baseUrl = simulator.url)
                ManagementClient(CredentialProvider { Credentials("u", "p") }, options).close()
            }
            views(2_000)
            calls(2_000)
            clients(20)
            // A leak grows in every window; the heap and the compiled code of the virtual machine do not.
            val sizes = List(5) { window ->
                if (window > 0) {
                    views(2_500)
                    calls(2_500)
                    clients(25)
                }
                resident()
            }
            val growth = sizes.zipWithNext { before, after -> after - before }
            assertTrue(growth.min() < 6 * 1024, "grew by $growth KiB")
        }
    }

    /** Returns the resident memory in KiB, after garbage collection. */
    private fun resident(): Long {
        repeat(3) {
            System.gc()
            Thread.sleep(50)
        }
        val line = File("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }
        return line.filter(Char::isDigit).toLong()
    }
}
