package configcat.management.tests

import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.ManagementClient
import configcat.management.models.CreateProduct
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import java.time.Duration

/** The password and the `Authorization` header, plain or escaped as the servers do. */
private val LEAKS = listOf("hunter2", "dXNlcjpodW50", "u0068", "hunt\\u0065r2", "%68unter2")

private const val ID = "08d5a03c-feb7-af1e-a1fa-40b3329f8bed"

/** Calls servers that inject faults. The table has their URLs and the expected results: see tests/faults. */
class FaultsTest {
    private val table: List<List<String>> = checkNotNull(System.getenv("FAULTS")) {
        "FAULTS is not set: run the tests by `cargo xtask test kotlin`"
    }.lines().map { it.split("\t") }

    private fun client(url: String): ManagementClient {
        val numbers = table.first().drop(1).map { it.toLong() }
        val (connect, attempt, timeout, wait) = numbers.map { Duration.ofMillis(it) }
        val options = ClientOptions(
            baseUrl = url,
            proxy = "",
            connectTimeout = connect,
            attemptTimeout = attempt,
            timeout = timeout,
            maxRateLimitWait = wait,
            maxAttempts = numbers[4].toInt(),
            maxResponseSize = numbers[5],
        )
        return ManagementClient("user", "hunter2", options)
    }

    /** Returns the result of a call: the kind of its error, and whether the request may have been applied. */
    private suspend fun ManagementClient.makeCall(method: String): Pair<String, Boolean> = try {
        if (method == "get") products.get(ID) else products.create(ID, CreateProduct("Shop"))
        "response" to false
    } catch (e: ConfigCatException) {
        val shown = "$e ${e.stackTraceToString()} ${e.fieldErrors} ${e.path} ${String(e.body)} ${e.cause}"
        assertEquals(emptyList<String>(), LEAKS.filter { it in shown }, shown)
        assertEquals(usage.requests, e.attempts.toLong())
        e.javaClass.simpleName.lowercase() to e.maybeApplied
    }

    @TestFactory
    fun `a fault has the same result as in Rust`(): List<DynamicTest> = table.drop(1).map { (name, method, url, kind, sent) ->
        val maybe = table.first { it[2] == url }[5]
        dynamicTest("$name, $method") {
            client(url).use { client ->
                val result = runBlocking { client.makeCall(method) }
                assertEquals(kind.replace("_", "") to maybe.toBoolean(), result)
                assertEquals(sent.toLong(), client.usage.requests)
            }
        }
    }
}
