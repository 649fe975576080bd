package configcat.management.tests

import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.ManagementClient
import configcat.management.asLong
import configcat.management.asString
import configcat.management.get
import configcat.management.models.CassetteMode
import configcat.management.models.JsonValue
import configcat.management.testing.Simulator
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.readText

/** Operations by name, and clients that record and play back. */
class NamedTest {
    @Test
    fun `operations can be called by name`() = simulated { client, _ ->
        val shop = client.shop()
        val created = client.call("tags.create", mapOf("product_id" to shop.product.productId, "name" to "ops"))
        assertEquals(201 to 1, created.status to created.attempts)
        assertEquals("ops", created.value["name"]?.asString)
        val tag = client.tags.find(shop.product.productId, "ops").tagId
        assertEquals(JsonValue.Null, client.call("tags.delete", mapOf("tag_id" to tag)).value)
        assertEquals("simulator@example.com", client.call("me.get").value["email"]?.asString)
    }

    @Test
    fun `invalid calls by name are refused before sending`() = simulated { client, simulator ->
        for ((name, arguments, message) in listOf(
            Triple("tags.paint_all", emptyMap<String, Any?>(), "unknown operation \"tags.paint_all\"; tags has list, find, create"),
            Triple("settings.lst", emptyMap(), "unknown operation \"settings.lst\"; did you mean settings.list?"),
            Triple("settings.find", mapOf("config_id" to "x"), "settings.find: keyOrName: is required"),
            Triple("tags.find", mapOf("product_id" to "x", "name" to 1), "tags.find: name: must be a string"),
            Triple("tags.create", mapOf("nam" to 1), "did you mean name?"),
            Triple("tags.create", mapOf("name" to Any()), "name: must be a boolean"),
            Triple("tags.create", mapOf("name" to Double.NaN), "name: must be finite"),
        )) {
            val error = failing<ConfigCatException.BadRequest> { client.call(name, arguments) }
            assertTrue(message in error.message.orEmpty(), error.message)
        }
        assertEquals("[]", simulator.admin("GET", "/journal").body)
    }

    @Test
    fun `items can be found by name and by operation`() = simulated { client, _ ->
        val shop = client.shop()
        val product = shop.product.productId
        for (name in listOf("ops", "web")) client.call("tags.create", mapOf("product_id" to product, "name" to name))
        val found = client.call("tags.find", mapOf("product_id" to product, "name" to "web")).value
        assertEquals(client.tags.find(product, "web").tagId, found["tagId"]?.asLong)
        val missing = failing<ConfigCatException.NotFound> {
            client.call("tags.find", mapOf("product_id" to product, "name" to "op"))
        }
        assertTrue("did you mean 'ops'?" in missing.message.orEmpty(), missing.message)
        for (argument in listOf("key_or_name", "keyOrName")) {
            val flag = client.call("settings.find", mapOf("config_id" to shop.config.configId, argument to "checkout"))
            assertEquals("checkout", flag.value["key"]?.asString)
        }
    }

    @Test
    fun `a recording is played back without a server`(@TempDir directory: Path) {
        val file = directory.resolve("me.jsonl")
        val options = ClientOptions(cassette = file.toString())
        Simulator().use { simulator ->
            simulator.client(options).use { runBlocking { it.me.get() } }
            assertTrue(file.exists())
            assertFalse(simulator.password in file.readText().replace("/v1/me", ""), file.readText())
        }
        val replay = options.copy(cassetteMode = CassetteMode.REPLAY, baseUrl = "http://127.0.0.1:1")
        ManagementClient("user", "hunter2", replay).use { client ->
            runBlocking {
                // The name of the user is a part of the credentials.
                assertEquals("***@example.com", client.me.get().email)
                val error = failing<ConfigCatException.Configuration> { client.me.get() }
                assertTrue("is recorded once" in error.message.orEmpty(), error.message)
            }
        }
    }
}
