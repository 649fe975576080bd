package configcat.management.tests

import configcat.management.AttemptEvent
import configcat.management.ConfigCatException
import configcat.management.FinishedEvent
import configcat.management.Observer
import configcat.management.OutcomeEvent
import configcat.management.WaitEvent
import configcat.management.models.WaitReason
import configcat.management.testing.Fault
import configcat.management.testing.Simulator
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CopyOnWriteArrayList

class ObserverTest {
    private class Recorder : Observer {
        val events = CopyOnWriteArrayList<Any>()

        override fun attempt(event: AttemptEvent) {
            events += event
        }

        override fun wait(event: WaitEvent) {
            events += event
        }

        override fun outcome(event: OutcomeEvent) {
            events += event
        }

        override fun finished(event: FinishedEvent) {
            events += event
        }
    }

    @Test
    fun `events of a call have its id method and path template`() = Simulator().use { simulator ->
        val recorder = Recorder()
        simulator.client(observer = recorder).use { client ->
            runBlocking {
                val shop = client.shop()
                simulator.admin("POST", "/faults", """{"operation":"configs.list","status":503,"times":1}""")
                recorder.events.clear()
                client.configs.list(shop.product.productId)
            }
        }
        val (first, failed, wait, _, outcome) = recorder.events
        first as AttemptEvent
        assertEquals("GET /v1/products/{productId}/configs", "${first.method} ${first.pathTemplate}")
        assertEquals("127.0.0.1" to simulator.url.substringAfterLast(':').toInt(), first.serverAddress to first.serverPort)
        failed as OutcomeEvent
        assertEquals(listOf(503, "server", true), listOf(failed.status, failed.error, failed.willRetry))
        wait as WaitEvent
        assertEquals(WaitReason.RETRY to 2, wait.reason to wait.attempt)
        outcome as OutcomeEvent
        assertEquals(listOf(200, null, false, 0L), listOf(outcome.status, outcome.error, outcome.willRetry, outcome.requestBytes))
        assertTrue(outcome.responseBytes > 100)
        val end = recorder.events[5] as FinishedEvent
        assertEquals(6, recorder.events.size)
        assertEquals(listOf(2, 200, null), listOf(end.attempts, end.status, end.error))
        assertTrue(end.elapsed >= end.backoff && !end.backoff.isZero && end.waited.toMillis() < 1000)
        assertEquals(setOf(first.call), setOf(failed.call, wait.call, outcome.call, end.call))
    }

    @Test
    fun `a cancelled call ends as cancelled`() = Simulator().use { simulator ->
        simulator.admin("POST", "/faults", """{"operation":"me.get","delayMs":20000}""")
        val recorder = Recorder()
        simulator.client(observer = recorder).use { client ->
            runBlocking {
                assertNull(withTimeoutOrNull(300) { client.me.get() })
                eventually("the call ends") { recorder.events.size == 2 }
            }
        }
        assertEquals("cancelled", (recorder.events[1] as FinishedEvent).error)
    }

    @Test
    fun `the observer of the documentation makes spans`() = Simulator().use { simulator ->
        simulator.admin("POST", "/faults", """{"operation":"products.get","status":503,"times":1,"retryAfter":0}""")
        val spans = CopyOnWriteArrayList<Span>()
        simulator.client(observer = SpanObserver { spans += it }).use { client ->
            runBlocking {
                failing<ConfigCatException.NotFound> {
                    client.products.get("20000000-0000-4000-8000-00000000ffff")
                }
            }
        }
        val attempt = "GET /v1/products/{productId}"
        assertEquals(listOf(attempt, attempt, "products.get"), spans.map { it.name })
        assertEquals(listOf("503", "404", "not_found"), spans.map { it.attributes["error.type"] })
        assertEquals(listOf(null, 1), spans.take(2).map { it.attributes["http.request.resend_count"] })
        assertEquals("127.0.0.1", spans[1].attributes["server.address"])
        assertEquals(1, spans.map { it.call }.toSet().size)
    }

    @Test
    fun `headers of an attempt are made for each one`() = Simulator().use { simulator ->
        simulator.addFault(Fault("me.get", status = 503, times = 1, retryAfter = 0))
        val tracer = object : Observer {
            override fun headers(event: AttemptEvent) = mapOf("X-Token" to "token-${event.attempt}", "X-Team" to event.operation)
        }
        simulator.client(observer = tracer).use { client ->
            runBlocking {
                client.withOptions(headers = mapOf("X-Team" to "mine")).me.get()
                client.me.get()
            }
        }
        val sent = simulator.journal("me.get").map { it.requestHeaders }
        assertEquals(listOf("token-1", "token-2", "token-1"), sent.map { it["x-token"] })
        assertEquals(listOf("mine", "mine", "me.get"), sent.map { it["x-team"] })
    }

    @Test
    fun `headers that cannot be made are left out`() = Simulator().use { simulator ->
        val makers = listOf<() -> Map<String, String>>({ error("no context") }, { mapOf("X-Token" to "\ud800") })
        for (make in makers) {
            val tracer = object : Observer {
                override fun headers(event: AttemptEvent) = make()
            }
            simulator.client(observer = tracer).use { client -> runBlocking { client.me.get() } }
        }
        assertEquals(listOf(null, null), simulator.journal("me.get").map { it.requestHeaders["x-token"] })
    }
}
