package configcat.management.tests

import configcat.management.BulkResult
import configcat.management.ConfigCatException
import configcat.management.ManagementClient
import configcat.management.bulk
import configcat.management.models.CreateProduct
import configcat.management.models.CreateTag
import configcat.management.models.Product
import configcat.management.testing.Simulator
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.atomic.AtomicInteger

private const val SHOP = "20000000-0000-4000-8000-000000000001"
private const val MISSING = "20000000-0000-4000-8000-00000000ffff"

private fun demo(test: suspend (ManagementClient, Simulator) -> Unit) = Simulator(seed = "demo").use { simulator ->
    simulator.client().use { client -> runBlocking { test(client, simulator) } }
}

class FindTest {
    @Test
    fun `items are found by the first or the second field`() = demo { client, _ ->
        assertEquals(SHOP, client.products.find("Web Shop").productId)
        val config = client.configs.find(SHOP, "Storefront")
        val flag = client.settings.find(config.configId, "newCheckout")
        assertEquals(flag, client.settings.find(config.configId, "New checkout"))
        val ada = client.members.findForProduct(SHOP, "ada@shop.example")
        assertEquals(ada, client.blocking().members.findForProduct(SHOP, ada.fullName!!))
        assertEquals("Test", client.futures().environments.find(SHOP, "Test").get().name)
    }

    @Test
    fun `errors name similar items or the ids of ambiguous ones`() = demo { client, _ ->
        val missing = failing<ConfigCatException.NotFound> { client.products.find("web shp") }
        assertTrue("did you mean 'Web Shop'?" in missing.message!!, missing.message)
        val tags = List(2) { client.tags.create(SHOP, CreateTag("twin")) }
        val ambiguous = failing<ConfigCatException.Conflict> { client.tags.find(SHOP, "twin") }
        assertTrue(tags.all { "${it.tagId}" in ambiguous.message!! }, ambiguous.message)
        val organization = client.organizations.find("Corner Shop").organizationId
        val empty = client.products.create(organization, CreateProduct("New")).productId
        val none = failing<ConfigCatException.NotFound> { client.configs.find(empty, "Main") }
        assertTrue("the list is empty" in none.message!!, none.message)
        val unnamed = failing<ConfigCatException.BadRequest> { client.settings.find(SHOP, "") }
        assertEquals(listOf("must not be empty"), unnamed.fieldErrors["keyOrName"])
        assertEquals(0, unnamed.attempts)
    }
}

class BulkTest {
    private suspend fun products(client: ManagementClient, progress: (Int) -> Unit = {}): BulkResult<Product> {
        val ids = List(50) { if (it == 17) MISSING else SHOP }
        return bulk(ids.map { id -> suspend { client.products.get(id) } }, concurrency = 8, progress)
    }

    @Test
    fun `outcomes are in order and one error ends one call`() = demo { client, _ ->
        val reported = mutableListOf<Int>()
        val result = products(client) { reported += it }
        assertEquals((0..<50).toList(), result.map { it.index })
        assertEquals((1..50).toList(), reported)
        assertEquals(List(49) { "Web Shop" }, result.values.map { it.name })
        assertEquals(listOf(17), result.failed.map { it.index })
        assertTrue(result[17].error is ConfigCatException.NotFound && !result[17].isSuccess)
        assertThrows(ConfigCatException.NotFound::class.java) { result[17].value }
        assertThrows(ConfigCatException.NotFound::class.java) { result.getOrThrow() }
        assertTrue(result.toString().startsWith("BulkResult(49 succeeded, 1 failed; call 17: ConfigCatException.NotFound"))
        assertEquals(50L, client.usage.requests)
        assertEquals(emptyList<Product>(), bulk(emptyList<suspend () -> Product>()).getOrThrow())
    }

    @Test
    fun `concurrency bounds the calls in flight`() = demo { client, simulator ->
        simulator.admin("POST", "/faults", """{"operation":"me.get","delayMs":20}""")
        val now = AtomicInteger()
        val most = AtomicInteger()
        val calls = List(20) {
            suspend {
                most.accumulateAndGet(now.incrementAndGet(), ::maxOf)
                client.me.get().also { now.decrementAndGet() }
            }
        }
        bulk(calls, concurrency = 5).getOrThrow()
        assertEquals(5, most.get())
        val error = assertThrows(IllegalArgumentException::class.java) { runBlocking { bulk(calls, concurrency = 0) } }
        assertEquals("concurrency: must be at least 1, not 0", error.message)
    }

    @Test
    fun `cancelling a bulk leaves no call running`() = demo { client, simulator ->
        simulator.admin("POST", "/faults", """{"operation":"me.get","delayMs":20000,"skip":10}""")
        val done = AtomicInteger()
        val running = launchBulk(client, done)
        eventually("ten calls have completed and four are in flight") {
            done.get() == 10 && client.usage.requests == 14L
        }
        running.cancel()
        running.join()
        eventually("no call is in flight") { client.rateLimit.inFlight == 0L }
        delay(50)
        assertEquals(14L, client.usage.requests)
    }

    private fun launchBulk(client: ManagementClient, done: AtomicInteger) =
        kotlinx.coroutines.CoroutineScope(Dispatchers.Default).launch {
            bulk(List(50) { suspend { client.me.get() } }, concurrency = 4) { done.set(it) }
        }

    @Test
    fun `a call that is cancelled alone does not end the others`() = demo { client, _ ->
        val calls = listOf<suspend () -> Any>({ throw CancellationException("alone") }, { client.me.get() })
        val result = bulk(calls)
        assertTrue(result[0].error is CancellationException && result[1].isSuccess)
    }
}
