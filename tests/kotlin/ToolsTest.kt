package configcat.management.tests

import configcat.management.WebhookException
import configcat.management.WebhookVerifier
import configcat.management.webhookSignedHeaders
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.time.Duration
import java.time.Instant
import java.util.Base64
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

class ToolsTest {
    @Test
    fun `webhook requests are verified`() {
        val body = """{"a":1}""".toByteArray()
        val now = (System.currentTimeMillis() / 1000).toString()
        val mac = Mac.getInstance("HmacSHA256").apply { init(SecretKeySpec("key-2".toByteArray(), "HmacSHA256")) }
        val id = "b616ca659d154a5fb907dd8475792eeb"
        val other = id.replace('b', 'c')
        val signature = Base64.getEncoder().encodeToString(mac.doFinal("$id$now".toByteArray() + body))
        val verifier = WebhookVerifier(listOf("key-1", "key-2"))
        verifier.verify(id, now, signature, body)
        val wrong = assertThrows(WebhookException::class.java) { verifier.verify(other, now, signature, body) }
        assertEquals("no signature matches", wrong.message)
        val short = assertThrows(WebhookException::class.java) { verifier.verify("id-1", now, signature, body) }
        assertTrue("\"id-1\"" in short.message.orEmpty(), short.message)
        assertThrows(IllegalArgumentException::class.java) { WebhookVerifier(listOf("key"), Duration.ofSeconds(-1)) }
        assertThrows(WebhookException::class.java) { verifier.verify(id, "1", signature, body) }
        assertThrows(WebhookException::class.java) { WebhookVerifier(emptyList()).verify(id, now, signature, body) }
    }

    @Test
    fun `headers of webhook requests are signed`() {
        val body = """{"a":1}""".toByteArray()
        val headers = webhookSignedHeaders(listOf("key-1", "key-2"), body)
        val (id, time, signature) = listOf("ID", "Timestamp", "Signature-V1").map { headers.getValue("X-ConfigCat-Webhook-$it") }
        for (key in listOf("key-1", "key-2")) WebhookVerifier(listOf(key)).verify(id, time, signature, body)
        assertThrows(WebhookException::class.java) { WebhookVerifier(listOf("key-3")).verify(id, time, signature, body) }
        val old = webhookSignedHeaders(listOf("key"), body, "id-1", Instant.ofEpochMilli(1_669_629_035_900))
        assertEquals("id-1" to "1669629035", old["X-ConfigCat-Webhook-ID"] to old["X-ConfigCat-Webhook-Timestamp"])
        assertThrows(IllegalArgumentException::class.java) { webhookSignedHeaders(listOf(""), body) }
    }
}
