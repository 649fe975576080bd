package configcat.management.tests

import configcat.management.CassetteMode
import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.ManagementClient
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
        val body = """{"product_id":"${shop.product.productId}","name":"ops"}"""
        val created = client.call("tags.create", body)
        assertEquals(201 to 1, created.status to created.attempts)
        assertTrue(""""name":"ops"""" in created.value, created.value)
        val tag = client.tags.find(shop.product.productId, "ops").tagId
        assertEquals("null", client.call("tags.delete", """{"tag_id":$tag}""").value)
        assertTrue("simulator@example.com" in client.call("me.get").value)
    }

    @Test
    fun `invalid calls by name are refused before sending`() = simulated { client, simulator ->
        for ((name, arguments, message) in listOf(
            Triple("tags.paint", null, "unknown operation \"tags.paint\""),
            Triple("me.get", "[]", "not a JSON object"),
            Triple("me.get", "{", "not JSON"),
            Triple("tags.create", """{"nam":1}""", "did you mean name?"),
        )) {
            val error = failing<ConfigCatException.BadRequest> { client.call(name, arguments) }
            assertTrue(message in error.message.orEmpty(), error.message)
        }
        assertEquals("[]", simulator.admin("GET", "/journal").body)
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
