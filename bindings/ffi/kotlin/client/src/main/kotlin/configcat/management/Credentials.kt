package configcat.management

import configcat.management.bridge.NativeCredentialProvider
import configcat.management.bridge.NativeCredentialRequest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import java.util.function.Supplier

/**
 * User name and password of a Public API credential, on their way to a call. Nothing shows them.
 *
 * @param username the user name
 * @param password the password
 */
public class Credentials(internal val username: String, internal val password: String) {
    override fun toString(): String = "Credentials(***)"
}

/**
 * Gives the credentials for a call, from wherever an application keeps them.
 *
 * It is asked once per call, before anything is sent, on a thread of the library and within the call's time limit; the
 * library forgets the answer with the call. What it throws ends the call as [ConfigCatException.Authentication].
 */
public fun interface CredentialProvider {
    /** Gives the credentials for a call. */
    public suspend fun credentials(): Credentials

    public companion object {
        /** A provider that does not suspend, for Java. */
        @JvmStatic
        public fun of(supplier: Supplier<Credentials>): CredentialProvider = CredentialProvider { supplier.get() }
    }
}

internal fun CredentialProvider.native(): NativeCredentialProvider {
    val provider = this
    return object : NativeCredentialProvider {
        override fun begin(request: NativeCredentialRequest) {
            CoroutineScope(Dispatchers.Default).launch { request.use { provider.answer(it) } }
        }
    }
}

// Whatever the application throws is a refusal.
@Suppress("TooGenericExceptionCaught")
private suspend fun CredentialProvider.answer(request: NativeCredentialRequest) {
    try {
        val given = credentials()
        request.give(given.username, given.password)
    } catch (e: Exception) {
        request.refuse(e.message ?: e.javaClass.simpleName)
    }
}
