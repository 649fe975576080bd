package configcat.management.tests

import configcat.management.ConfigCatException
import configcat.management.Field
import configcat.management.asBoolean
import configcat.management.asDouble
import configcat.management.asList
import configcat.management.asLong
import configcat.management.asObject
import configcat.management.asString
import configcat.management.get
import configcat.management.jsonValue
import configcat.management.models.JsonValue
import configcat.management.models.PatchOperation
import configcat.management.models.PatchOperationType
import configcat.management.parseJsonValue
import configcat.management.plain
import configcat.management.text
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** JSON values. */
class JsonTest {
    @Test
    fun `values of the language become JSON and come back`() {
        val plain = mapOf("a" to listOf(null, true, -7L, 1.5, "ü \" $"), "b" to mapOf("c" to emptyList<Any>()))
        val json = jsonValue(plain)
        assertEquals(plain, json.plain)
        assertEquals("""{"a":[null,true,-7,1.5,"ü \" $"],"b":{"c":[]}}""", json.text)
        assertEquals(json.text, json.toString())
        assertEquals("null", JsonValue.Null.toString())
        assertEquals(json, parseJsonValue(json.text))
        val items = checkNotNull(json["a"])
        assertEquals(true, items[1]?.asBoolean)
        assertEquals(-7L, items[2]?.asLong)
        assertEquals(-7.0, items[2]?.asDouble)
        assertEquals("ü \" $", items[4]?.asString)
        assertEquals(5, items.asList?.size)
        assertEquals(setOf("a", "b"), json.asObject?.keys)
        assertNull(items[5] ?: json["c"] ?: items["a"])
    }

    @Test
    fun `what is not JSON is an error with its place`() {
        for ((value, message) in listOf(
            Any() to "must be a boolean, a number, a string, a map or a collection, not a java.lang.Object",
            listOf(1, mapOf("a" to Double.NaN)) to "[1].a: must be finite, not NaN",
            mapOf(1 to 2) to "the keys of a map must be strings, not 1",
        )) {
            val error = assertThrows(ConfigCatException.BadRequest::class.java) { jsonValue(value) }
            assertTrue(message in error.message.orEmpty(), error.message)
        }
        val text = assertThrows(ConfigCatException.BadRequest::class.java) { parseJsonValue("Unquoted") }
        assertTrue("not JSON" in text.message.orEmpty(), text.message)
    }

    @Test
    fun `a string in a patch needs no quotes`() = simulated { client, _ ->
        val shop = client.shop()
        val renamed = PatchOperation(PatchOperationType.Replace, "/name", value = Field.of(jsonValue("Unquoted")))
        assertEquals("Unquoted", client.settings.patch(shop.flag.settingId, listOf(renamed)).name)
        val infinite = PatchOperation(PatchOperationType.Replace, "/name", value = Field.of(JsonValue.Number(Double.NaN)))
        val error = failing<ConfigCatException.BadRequest> { client.settings.patch(shop.flag.settingId, listOf(infinite)) }
        assertTrue("JSON has no number NaN" in error.message.orEmpty(), error.message)
    }
}
