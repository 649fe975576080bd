package configcat.management.tests

import configcat.management.AttemptEvent
import configcat.management.FinishedEvent
import configcat.management.Observer
import configcat.management.OutcomeEvent
import java.util.concurrent.ConcurrentHashMap

/** A finished span, with the attributes of OpenTelemetry for HTTP clients. */
data class Span(val call: Long, val name: String, val seconds: Double, val attributes: Map<String, Any?>)

/** Passes a span for each attempt and for each call to a tracer. */
class SpanObserver(private val tracer: (Span) -> Unit) : Observer {
    private val servers = ConcurrentHashMap<Long, Map<String, Any?>>()

    override fun attempt(event: AttemptEvent) {
        servers[event.call] = mapOf("server.address" to event.serverAddress, "server.port" to event.serverPort)
    }

    override fun outcome(event: OutcomeEvent) {
        val attributes = servers.remove(event.call).orEmpty() + mapOf(
            "http.request.method" to event.method,
            "url.template" to event.pathTemplate,
            "http.response.status_code" to event.status,
            "http.request.resend_count" to (event.attempt - 1).takeIf { it > 0 },
            "error.type" to event.error?.let { event.status?.toString() ?: it },
        )
        tracer(Span(event.call, "${event.method} ${event.pathTemplate}", seconds(event.elapsed), attributes))
    }

    override fun finished(event: FinishedEvent) {
        servers.remove(event.call)
        tracer(Span(event.call, event.operation, seconds(event.elapsed), mapOf("error.type" to event.error)))
    }

    private fun seconds(duration: java.time.Duration) = duration.toNanos() / 1e9
}
