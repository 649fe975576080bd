package configcat.management

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import java.util.function.Supplier

/**
 * User name and password of a Public API credential, for one call. [toString] does not show them.
 *
 * @param username the user name
 * @param password the password
 */
public class Credentials(internal val username: String, internal val password: String) {
    override fun toString(): String = "Credentials(***)"
}

/**
 * Provides the credentials for a call, for example from a key store.
 *
 * It is called once per call, before anything is sent, on [Dispatchers.Default] and within the call's timeout. The library
 * discards the credentials after the call. An exception fails the call with [ConfigCatException.Authentication].
 */
public fun interface CredentialProvider {
    /** Returns the credentials for a call. */
    public suspend fun credentials(): Credentials

    public companion object {
        /** Creates a provider that does not suspend, for Java. */
        @JvmStatic
        public fun of(supplier: Supplier<Credentials>): CredentialProvider = CredentialProvider { supplier.get() }

        /** Creates a provider whose credentials arrive later, for Java. */
        @JvmStatic
        public fun ofFuture(supplier: Supplier<CompletableFuture<Credentials>>): CredentialProvider =
            CredentialProvider { supplier.get().await() }
    }
}

internal fun CredentialProvider.native(): NativeCredentialProvider {
    val provider = this
    return object : NativeCredentialProvider {
        override fun begin(request: NativeCredentialRequest) {
            CoroutineScope(Dispatchers.Default).launch { request.use { provider.complete(it) } }
        }
    }
}

// Any exception of the application fails the call.
@Suppress("TooGenericExceptionCaught")
private suspend fun CredentialProvider.complete(request: NativeCredentialRequest) {
    try {
        val provided = credentials()
        request.give(provided.username, provided.password)
    } catch (e: Exception) {
        request.refuse(e.message ?: e.javaClass.simpleName)
    }
}
