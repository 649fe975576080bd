package configcat.management.tests

import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.Field
import configcat.management.asBoolean
import configcat.management.jsonValue
import configcat.management.models.CreateProduct
import configcat.management.models.CreateTag
import configcat.management.models.PatchOperation
import configcat.management.models.PatchOperationType
import configcat.management.models.UpdateConfig
import configcat.management.settingValue
import configcat.management.testing.Simulator
import configcat.management.text
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.time.Duration

class ClientTest {
    @Test
    fun `created resources are listed`() = simulated { client, _ ->
        val shop = client.shop()
        assertEquals(listOf(shop.product), client.products.list())
        assertEquals(listOf("checkout"), client.settings.list(shop.config.configId).map { it.key })
    }

    @Test
    fun `unknown fields of a response are kept`() = simulated { client, simulator ->
        val body = """{"email":"a@example.com","fullName":"A","shoeSize":{"eu":42}}"""
        simulator.admin("POST", "/faults", """{"operation":"me.get","body":$body}""")
        val extra = client.me.get().extra
        assertEquals(mapOf("shoeSize" to jsonValue(mapOf("eu" to 42))), extra)
        assertEquals("""{shoeSize={"eu":42}}""", extra.toString())
    }

    @Test
    fun `absent fields are not sent and null fields are sent as null`() = simulated { client, simulator ->
        val id = client.shop().config.configId
        simulator.admin("DELETE", "/journal")
        client.configs.update(id, UpdateConfig(name = Field.of("Core")))
        client.configs.update(id, UpdateConfig(description = Field.Null))
        val journal = simulator.admin("GET", "/journal").body
        assertTrue(""""requestBody":{"name":"Core"}""" in journal, journal)
        assertTrue(""""requestBody":{"description":null}""" in journal, journal)
    }

    @Test
    fun `the value of a patched flag is read by type`() = simulated { client, _ ->
        val shop = client.shop()
        val (environment, flag) = shop.environment.environmentId to shop.flag.settingId
        val before = client.flagValues.get(environment, flag)
        assertEquals(false, before.defaultValue.value?.asBoolean)
        val on = PatchOperation(PatchOperationType.Replace, "/defaultValue/boolValue", value = Field.of(jsonValue(true)))
        val after = client.flagValues.patch(environment, flag, listOf(on), reason = "Launch")
        assertEquals(settingValue(true), after?.defaultValue?.value)
        assertEquals("true", after?.defaultValue?.value?.text)
    }

    @Test
    fun `iterate emits every item of every page`() = simulated { client, _ ->
        val shop = client.shop()
        repeat(25) { client.tags.create(shop.product.productId, CreateTag("tag $it")) }
        val all = client.auditLogs.iterate(shop.product.productId, pageSize = 10).toList()
        assertTrue(all.size >= 25, "${all.size}")
        assertEquals(all.size, all.map { it.auditLogId }.toSet().size)
        val firstPage = client.auditLogs.list(shop.product.productId, pageSize = 10)
        assertEquals(firstPage.data, all.take(10))
    }

    @Test
    fun `pacing spends the budget without a 429 response`() = simulated(rateLimit = "10/1") { client, _ ->
        coroutineScope { List(25) { async { client.organizations.list() } }.forEach { it.await() } }
        assertEquals(0, client.usage.rateLimited)
        assertEquals(25, client.usage.requests)
        assertTrue(client.usage.waited > Duration.ofMillis(500), "${client.usage.waited}")
    }

    @Test
    fun `the rate limit flow emits after a call`() = simulated(rateLimit = "50/60") { client, _ ->
        coroutineScope {
            val limit = async(Dispatchers.Default, CoroutineStart.UNDISPATCHED) {
                client.rateLimits.first { it.remaining != null }
            }
            client.organizations.list()
            assertEquals(49, limit.await().remaining)
        }
        assertEquals(49, client.rateLimit.remaining)
    }

    @Test
    fun `options of a view limit only the calls of the view`() = simulated { client, simulator ->
        simulator.admin("POST", "/faults", """{"operation":"products.list","delayMs":400}""")
        val impatient = client.withOptions(timeout = Duration.ofMillis(100))
        val error = failing<ConfigCatException.Timeout> { impatient.products.list() }
        assertTrue(error.isRetryable)
        assertEquals(emptyList<Any>(), client.products.list())
        impatient.close()
        assertEquals(emptyList<Any>(), client.products.list())
    }

    @Test
    fun `the application's product comes first in User-Agent`() = Simulator().use { simulator ->
        simulator.client(ClientOptions(userAgent = "switchboard/2.1", callerId = "switchboard/2.1")).use { client ->
            runBlocking { client.organizations.list() }
        }
        val journal = simulator.admin("GET", "/journal").body
        assertTrue("switchboard/2.1 configcat-management/0.1.0 (kotlin)" in journal, journal)
    }

    @Test
    fun `a call on a closed client throws IllegalStateException`() {
        Simulator().use { simulator ->
            val client = simulator.client()
            client.close()
            client.close()
            val error = assertThrows(IllegalStateException::class.java) { runBlocking { client.products.list() } }
            assertEquals("the client is closed", error.message)
        }
    }

    @Test
    fun `a long name with special characters is sent unchanged`() = simulated { client, _ ->
        val name = "Käse 🚦 \u0000 \\ \" </script> ${"x".repeat(200)}".replace("\u0000", "")
        val organization = client.organizations.list().first().organizationId
        assertEquals(name, client.products.create(organization, CreateProduct(name)).name)
    }
}
