package configcat.management.contract

import configcat.management.ClientOptions
import configcat.management.ManagementClient
import kotlinx.coroutines.runBlocking
import java.time.Instant

/** Base URL of the server that plays the contract vectors. */
private val player: String = checkNotNull(System.getenv("CONTRACT_PLAYER")) {
    "CONTRACT_PLAYER is not set: run the tests by `cargo xtask test kotlin`"
}

/**
 * Makes the call of a vector and checks its result. The player responds with 418 to a request that differs from the vector's.
 */
fun <T> vector(file: String, number: Int, call: suspend (ManagementClient) -> T, check: (T) -> Unit) = runBlocking {
    val options = ClientOptions(baseUrl = "$player/$file/$number", maxAttempts = 1)
    ManagementClient("user", "pass", options).use { check(call(it)) }
}

fun timestamp(text: String): Instant = Instant.parse(text)
