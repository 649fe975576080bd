package configcat.management

import configcat.management.bridge.Binding
import configcat.management.bridge.ConfigCatException as CallException
import configcat.management.bridge.NativeClient
import kotlinx.coroutines.flow.Flow
import java.time.Duration

/**
 * A client for the ConfigCat Public Management API.
 *
 * It paces itself by the rate limit that the service reports, retries what is safe to retry, and checks the documented
 * limits before it sends anything. Any number of coroutines may share one: the thread that calls hands over a request, threads
 * of the library send it, and [kotlinx.coroutines.Dispatchers.Default] reads the answer. Cancelling a coroutine ends its request.
 *
 * ```
 * ManagementClient("user", "password").use { client ->
 *     for (product in client.products.list()) println(product.name)
 * }
 * ```
 *
 * Close it when it is no longer needed: that ends calls that are under way with [ConfigCatException.Cancelled].
 */
public class ManagementClient private constructor(
    private val connection: Connection,
    private val root: Boolean,
) : Resources(connection), AutoCloseable {
    /**
     * A client with credentials that stay with it, in native memory that is wiped at the end.
     *
     * @param username user name of a Public API credential
     * @param password its password
     * @param options settings; what is left out has its default
     * @param observer sees what the client does
     * @throws ConfigCatException.Configuration when a setting cannot be used
     */
    @JvmOverloads
    public constructor(
        username: String,
        password: String,
        options: ClientOptions = ClientOptions(),
        observer: Observer? = null,
    ) : this(
        open { NativeClient.withCredentials(Binding.KOTLIN, username, password, options, observer?.guarded()) },
        root = true,
    )

    /**
     * A client that asks for the credentials of each call and keeps none.
     *
     * @param credentials gives them, from a key store for example
     * @param options settings; what is left out has its default
     * @param observer sees what the client does
     * @throws ConfigCatException.Configuration when a setting cannot be used
     */
    @JvmOverloads
    public constructor(
        credentials: CredentialProvider,
        options: ClientOptions = ClientOptions(),
        observer: Observer? = null,
    ) : this(
        open { NativeClient.withProvider(Binding.KOTLIN, credentials.native(), options, observer?.guarded()) },
        root = true,
    )

    /** The same resources with functions that give a [java.util.concurrent.CompletableFuture], for Java. */
    public fun futures(): Futures = Futures(connection)

    /** What is known of the rate limit right now. */
    public val rateLimit: RateLimit
        get() = connection.native.rateLimit()

    /** What is known of the rate limit, now and after every call. */
    public val rateLimits: Flow<RateLimit>
        get() = connection.rateLimits()

    /** What this client and its views have sent and waited so far. */
    public val usage: Usage
        get() = connection.native.usage()

    /**
     * A view of this client with other bounds for its calls. It shares connections and rate limit and ends with this
     * client; closing it is not needed.
     *
     * @param timeout bounds a whole call with its waits and retries; as before when `null`
     * @param maxAttempts how often to send a request at most, from 1; as before when `null`
     */
    @JvmOverloads
    public fun withOptions(timeout: Duration? = null, maxAttempts: Int? = null): ManagementClient =
        ManagementClient(connection.view(CallOptions(timeout, maxAttempts)), root = false)

    /**
     * Says that the network has changed: another Wi-Fi, from Wi-Fi to mobile data, back from the background.
     *
     * Connections of the old network are given up. Attempts that are under way end at once instead of waiting for a time
     * limit, and what is safe to repeat is repeated. Call it from `ConnectivityManager.NetworkCallback`.
     */
    public fun networkChanged() {
        connection.native.networkChanged()
    }

    /** Ends calls that are under way, those of views too; later calls throw [IllegalStateException]. */
    override fun close() {
        if (root && !connection.native.uniffiIsDestroyed) connection.native.callOff()
        connection.native.close()
    }

    public companion object {
        /**
         * A client set up by the environment: `CONFIGCAT_API_USER`, `CONFIGCAT_API_PASS`, and `CONFIGCAT_BASE_URL` or
         * `CONFIGCAT_API_HOST` where [options] do not name an address.
         *
         * @throws ConfigCatException.Configuration when a credential is missing
         */
        @JvmStatic
        @JvmOverloads
        public fun fromEnvironment(options: ClientOptions = ClientOptions(), observer: Observer? = null): ManagementClient =
            ManagementClient(
                open { NativeClient.fromEnvironment(Binding.KOTLIN, options, observer?.guarded()) },
                root = true,
            )

        private fun open(native: () -> NativeClient): Connection = try {
            Connection(native())
        } catch (e: CallException) {
            throw ConfigCatException.of(e)
        }
    }
}
