package configcat.management

import configcat.management.models.JsonValue
import kotlinx.coroutines.flow.Flow
import java.time.Duration
import java.util.function.Consumer

/**
 * A client for the ConfigCat Public Management API.
 *
 * It paces requests by the rate limit that the service reports, retries what is safe to retry, and checks the documented
 * limits before it sends anything. Any number of coroutines may share a client: threads of the library send the requests, and
 * [kotlinx.coroutines.Dispatchers.Default] decodes the responses. Cancelling a coroutine cancels its request.
 *
 * ```
 * ManagementClient("user", "password").use { client ->
 *     for (product in client.products.list()) println(product.name)
 * }
 * ```
 *
 * Close it when it is no longer needed: calls in progress then fail with [ConfigCatException.Cancelled].
 */
public class ManagementClient private constructor(
    internal val connection: Connection,
    private val root: Boolean,
) : Resources(connection), AutoCloseable {
    /**
     * Creates a client that keeps its credentials in native memory, which is wiped when it is freed.
     *
     * @param username user name of a Public API credential
     * @param password its password
     * @param options settings; absent ones have their defaults
     * @param observer receives the client's events
     * @throws ConfigCatException.Configuration if a setting is invalid
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
     * Creates a client that requests the credentials for each call and keeps none.
     *
     * @param credentials provides them, for example from a key store
     * @param options settings; absent ones have their defaults
     * @param observer receives the client's events
     * @throws ConfigCatException.Configuration if a setting is invalid
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

    /** Returns the same resources with functions that return a [java.util.concurrent.CompletableFuture], for Java. */
    public fun futures(): Futures = Futures(connection)

    /**
     * Returns the same resources with functions that block the calling thread, for Java and for programs without coroutines. The
     * calling thread sends the request, so that no switch between threads delays it. Do not use it on a thread that must not
     * wait, such as the main thread of an app. Closing the client ends the calls.
     */
    public fun blocking(): Blocking = Blocking(connection.waiting())

    /** Current rate limit state, as known to the client. */
    public val rateLimit: RateLimit
        get() = connection.native.rateLimit()

    /** Emits the current rate limit state, and again when it has changed after a call. */
    public val rateLimits: Flow<RateLimit>
        get() = connection.rateLimits()

    /**
     * Calls a listener with the current rate limit state, and again when it has changed after a call; [rateLimits] for Java.
     *
     * @param listener runs on [kotlinx.coroutines.Dispatchers.Default]; it is not called while it runs, and may miss states
     * @return ends the calls of the listener when it is closed
     */
    public fun onRateLimit(listener: Consumer<RateLimit>): AutoCloseable = connection.onRateLimit(listener)

    /** Totals of this client and its views. */
    public val usage: Usage
        get() = connection.native.usage()

    /**
     * Makes a request by method and path, for endpoints that this version does not have.
     *
     * It is paced, retried, redacted and limited in time like any other call: GET, PUT and DELETE are repeated after a lost
     * response, POST and PATCH are not. [withOptions] sets headers and limits.
     *
     * ```
     * val response = client.request("GET", "/v1/products", query = mapOf("pageSize" to 10))
     * println("${response.status}: ${response.value[0]}")
     * ```
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path path relative to the base URL; characters that a path cannot have must be percent-encoded
     * @param query parameters of the query, which are encoded; a value may be a collection, and `null` leaves out a parameter
     * @param body any JSON, such as `jsonValue(mapOf("name" to "Core"))`, which is sent without a check of its fields
     * @return a response whose value is JSON: null if the body is empty or is not JSON
     * @throws ConfigCatException.BadRequest if method, path or body is invalid
     * @throws ConfigCatException if the call fails
     */
    public suspend fun request(
        method: String,
        path: String,
        query: Map<String, Any?> = emptyMap(),
        body: JsonValue? = null,
    ): Response<JsonValue> = connection.call { raw(method, path, query, body) }

    /**
     * Calls an operation by name, for programs that choose it at run time. Arguments are checked like those of other calls.
     *
     * ```
     * val flags = client.call("settings.list", mapOf("config_id" to configId)).value
     * ```
     *
     * @param operation the name of the resource and the method with underscores, such as `flag_values.get_all`; `settings.find` and
     *   the like find the only item of a list with a name
     * @param arguments the parameters and the fields of the body by name, with values that [jsonValue] accepts; a JSON Patch is the
     *   member `patch`
     * @return a response whose value is JSON: null if the body is empty
     * @throws ConfigCatException.BadRequest if there is no such operation, or an argument is invalid
     * @throws ConfigCatException if the call fails, or if a search does not find exactly one item
     */
    public suspend fun call(operation: String, arguments: Map<String, Any?> = emptyMap()): Response<JsonValue> =
        connection.call { byName(operation, arguments) }

    /**
     * Reads a product as a document, with as few requests as possible. What the service does not return is not part of it: members,
     * secrets, history.
     *
     * @param product name or id of the product
     * @throws ConfigCatException.NotFound with a similar name, if there is no such product
     * @throws ConfigCatException.Conflict if several products have the name
     * @throws ConfigCatException if a call fails
     */
    public suspend fun export(product: String): ProductDocument =
        ProductDocument(connection.call { exportProduct(product) })

    /**
     * Compares a document with its product, and returns the steps from one to the other with their price. Only reads.
     *
     * ```
     * val plan = client.plan(ProductDocument.parse(yaml), PlanOptions(reason = "Launch"))
     * println(plan)
     * ```
     *
     * @param document the desired state
     * @param options options of the plan
     * @throws ConfigCatException.BadRequest with every name that does not exist, by its place in the document, or for a wrong option
     * @throws ConfigCatException if a call fails
     */
    public suspend fun plan(document: ProductDocument, options: PlanOptions = PlanOptions()): Plan =
        Plan(connection.call { planDocument(document.native, options) })

    /**
     * Applies a plan, if nothing has moved: it is made again first, and a step that differs is a conflict, which does not stop the
     * others. Applying again continues: what is done is not repeated, and nothing is created twice.
     *
     * Cancelling the coroutine cancels the requests in flight, and there is no report; [ApplyProgress.stop] returns one.
     *
     * ```
     * val report = client.apply(plan) { progress -> show(progress.completed, progress.total) }
     * ```
     *
     * @param plan the plan
     * @param progress called after each request, in the context of the coroutine
     * @return the result of each step; calls that fail to write are in it
     * @throws ConfigCatException.BadRequest if the service would refuse steps of the plan
     * @throws ConfigCatException if a call that reads fails
     */
    public suspend fun apply(plan: Plan, progress: (ApplyProgress) -> Unit = {}): Report =
        connection.carryOut(applying(plan), progress)

    /**
     * Makes a plan and applies it at once, without reading again in between; see [apply].
     *
     * @param document the desired state
     * @param options options of the plan
     * @param progress called after each request, in the context of the coroutine
     * @throws ConfigCatException as [plan] and [apply] do
     */
    public suspend fun applyDocument(
        document: ProductDocument,
        options: PlanOptions = PlanOptions(),
        progress: (ApplyProgress) -> Unit = {},
    ): Report = connection.carryOut(applying(document, options), progress)

    /**
     * Plans to give flags of an environment the values that they have in another one.
     *
     * ```
     * val plan = client.promote(Promotion("Web Shop", "Storefront", "Staging", "Production", flags = listOf("newCheckout")))
     * ```
     *
     * @param promotion which values are promoted, and where to
     * @param options options of the plan
     * @throws ConfigCatException.NotFound with a similar name for a product, config, environment or flag that does not exist
     * @throws ConfigCatException as [plan] does
     */
    public suspend fun promote(promotion: Promotion, options: PlanOptions = PlanOptions()): Plan =
        Plan(connection.call { promoteValues(promotion, options) })

    /**
     * Returns what differs between two products: the steps that would make the second one like the first one.
     *
     * @param from name or id of the product to be like
     * @param to name or id of the product that the steps would change
     * @throws ConfigCatException as [export] and [plan] do
     */
    public suspend fun compare(from: String, to: String): Plan = Plan(connection.call { compareProducts(from, to) })

    /**
     * Plans to create a copy of a product under another name, or in another organization. Members and secrets are not copied.
     *
     * @param product name or id of the product
     * @param name name of the copy
     * @param organization name or id of the organization of the copy; `null` if there is only one
     * @throws ConfigCatException.Conflict if a product has the name already
     * @throws ConfigCatException as [export] and [plan] do
     */
    public suspend fun cloneProduct(product: String, name: String, organization: String? = null): Plan =
        Plan(connection.call { cloneProduct(product, name, organization) })

    /**
     * Makes a call, and returns its value with the response: status, headers, body and history.
     *
     * ```
     * val response = client.withResponse { products.list() }
     * ```
     *
     * @param call makes one call of its receiver; if it makes several, the response is that of the last one
     * @throws IllegalStateException if it makes none
     */
    public suspend fun <T> withResponse(call: suspend ManagementClient.() -> T): Response<T> {
        val view = connection.recording()
        return view.recorded(ManagementClient(view, root = false).call())
    }

    /**
     * Returns a view of this client with other limits for its calls. It shares connections and rate limiter, is closed with
     * this client, and need not be closed itself.
     *
     * @param timeout timeout for a whole call, including waits and retries; unchanged if `null`
     * @param maxAttempts maximum number of times to send a request, at least 1; unchanged if `null`
     * @param headers extra headers, in addition to those of this client or in their place
     */
    @JvmOverloads
    public fun withOptions(
        timeout: Duration? = null,
        maxAttempts: Int? = null,
        headers: Map<String, String>? = null,
    ): ManagementClient = ManagementClient(connection.view(CallOptions(timeout, maxAttempts, headers)), root = false)

    /**
     * Reports a network change: another Wi-Fi, from Wi-Fi to mobile data, back from the background.
     *
     * Connections of the old network are discarded. Attempts in progress fail immediately instead of waiting for a timeout,
     * and are retried where that is safe. Call it from `ConnectivityManager.NetworkCallback`.
     */
    public fun networkChanged() {
        connection.native.networkChanged()
    }

    /** Cancels calls in progress, including those of views; later calls throw [IllegalStateException]. */
    override fun close() {
        if (root && !connection.native.uniffiIsDestroyed) connection.native.callOff()
        connection.native.close()
    }

    public companion object {
        /**
         * Creates a client from environment variables: `CONFIGCAT_API_USER`, `CONFIGCAT_API_PASS`, and `CONFIGCAT_BASE_URL`
         * or `CONFIGCAT_API_HOST` if [options] have no base URL.
         *
         * @throws ConfigCatException.Configuration if a credential is missing
         */
        @JvmStatic
        @JvmOverloads
        public fun fromEnvironment(options: ClientOptions = ClientOptions(), observer: Observer? = null): ManagementClient =
            ManagementClient(
                open { NativeClient.fromEnvironment(Binding.KOTLIN, options, observer?.guarded()) },
                root = true,
            )

        private fun open(native: () -> NativeClient): Connection = Connection(translated { native() })
    }
}
