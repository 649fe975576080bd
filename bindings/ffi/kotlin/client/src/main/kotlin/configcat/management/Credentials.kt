package configcat.management

import configcat.management.bridge.CallException
import configcat.management.bridge.NativeCredentialProvider
import configcat.management.bridge.NativeCredentials
import configcat.management.bridge.ProviderException
import kotlinx.coroutines.CancellationException
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
        // Whatever the application throws has to arrive as the one error that the other side knows.
        @Suppress("TooGenericExceptionCaught")
        override suspend fun credentials(): NativeCredentials = try {
            val given = provider.credentials()
            NativeCredentials(given.username, given.password)
        } catch (e: CancellationException) {
            throw e
        } catch (e: CallException.Configuration) {
            throw ProviderException.Failed(e.details.message)
        } catch (e: Exception) {
            throw ProviderException.Failed(e.message ?: e.javaClass.simpleName)
        }
    }
}
