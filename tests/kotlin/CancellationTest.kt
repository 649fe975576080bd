package configcat.management.tests

import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.ManagementClient
import configcat.management.models.CreateProduct
import configcat.management.testing.Simulator
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** A server that accepts one request and never responds; signals when the request arrives and when its connection is closed. */
private class SilentServer : AutoCloseable {
    private val server = ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress())
    val arrived = CompletableFuture<Unit>()
    val closed = CompletableFuture<Unit>()
    val options = ClientOptions(baseUrl = "http://127.0.0.1:${server.localPort}", maxAttempts = 1)

    init {
        thread(isDaemon = true) { server.accept().use(::serve) }
    }

    private fun serve(socket: Socket) {
        val input = socket.getInputStream()
        input.read()
        arrived.complete(Unit)
        runCatching { input.transferTo(java.io.OutputStream.nullOutputStream()) }
        closed.complete(Unit)
    }

    override fun close() = server.close()
}

class CancellationTest {
    @Test
    fun `cancelling a coroutine closes the connection of its call`() = SilentServer().use { silent ->
        ManagementClient("u", "p", silent.options).use { client ->
            runBlocking(Dispatchers.Default) {
                val call = launch { client.products.list() }
                silent.arrived.get(10, TimeUnit.SECONDS)
                call.cancel()
                silent.closed.get(2, TimeUnit.SECONDS)
                call.join()
                assertTrue(call.isCancelled)
            }
        }
    }

    @Test
    fun `cancelling a future closes the connection of its call`() {
        SilentServer().use { silent ->
            ManagementClient("u", "p", silent.options).use { client ->
                val call = client.futures().products.list()
                silent.arrived.get(10, TimeUnit.SECONDS)
                assertTrue(call.cancel(true))
                silent.closed.get(2, TimeUnit.SECONDS)
            }
        }
    }

    @Test
    fun `a call cancelled during a delay is not applied`() = simulated { client, simulator ->
        simulator.admin("POST", "/faults", """{"operation":"products.create","delayMs":400}""")
        val organization = client.organizations.list().first().organizationId
        assertNull(withTimeoutOrNull(100) { client.products.create(organization, CreateProduct("Never")) })
        delay(600)
        assertEquals(emptyList<Any>(), client.products.list())
        assertTrue("\"operation\":\"products.create\"" !in simulator.admin("GET", "/journal").body)
    }

    @Test
    fun `closing the client cancels its calls`() = SilentServer().use { silent ->
        val client = ManagementClient("u", "p", silent.options)
        val view = client.withOptions(maxAttempts = 1)
        runBlocking(Dispatchers.Default) {
            val call = async { runCatching { view.products.list() } }
            silent.arrived.get(10, TimeUnit.SECONDS)
            client.close()
            silent.closed.get(2, TimeUnit.SECONDS)
            assertTrue(call.await().exceptionOrNull() is ConfigCatException.Cancelled, "${call.await()}")
        }
    }

    @Test
    fun `many cancelled calls leave none in flight`() = simulated { client, simulator ->
        simulator.admin("POST", "/faults", """{"operation":"products.list","delayMs":50}""")
        repeat(20) {
            coroutineScope {
                val calls = List(50) { launch(Dispatchers.Default) { client.products.list() } }
                delay(2)
                calls.forEach { it.cancel() }
            }
        }
        eventually("calls are still in flight") { client.rateLimit.inFlight == 0L && client.rateLimit.waiting == 0L }
        simulator.admin("DELETE", "/faults")
        assertEquals(emptyList<Any>(), client.products.list())
    }

    @Test
    fun `a network change fails an attempt immediately`() = SilentServer().use { silent ->
        ManagementClient("u", "p", silent.options).use { client ->
            runBlocking(Dispatchers.Default) {
                val call = async { runCatching { client.products.list() } }
                silent.arrived.get(10, TimeUnit.SECONDS)
                client.networkChanged()
                val error = call.await().exceptionOrNull() as ConfigCatException.Connection
                assertTrue(error.isRetryable && "network" in error.message.orEmpty(), error.message)
            }
        }
    }

    @Test
    fun `a cancelled call throws CancellationException`() = Simulator().use { simulator ->
        simulator.admin("POST", "/faults", """{"operation":"products.list","delayMs":5000}""")
        simulator.client().use { client ->
            runBlocking {
                var caught: Throwable? = null
                val call = launch(Dispatchers.Default) {
                    try {
                        client.products.list()
                    } catch (e: CancellationException) {
                        caught = e
                        throw e
                    }
                }
                delay(100)
                call.cancel()
                call.join()
                assertTrue(caught is CancellationException)
            }
        }
    }
}
