package configcat.management.tests

import configcat.management.WebhookException
import configcat.management.WebhookVerifier
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.time.Duration
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
}
