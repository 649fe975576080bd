package configcat.management

import configcat.management.models.JsonValue
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.function.Function

/** The value of a call with its response: status, headers, body and history. */
public class Response<T> internal constructor(
    /** The value. */
    public val value: T,
    private val details: ResponseDetails,
) {
    /** HTTP status. */
    public val status: Int
        get() = details.status

    /** Headers by name in lower case; values of repeated headers are joined by commas. */
    public val headers: Map<String, String>
        get() = details.headers

    /** Body as it was received. */
    public val body: ByteArray
        get() = details.body

    /** Rate limit state after the response. */
    public val rateLimit: RateLimit
        get() = details.rateLimit

    /** Number of times the request was sent. */
    public val attempts: Int
        get() = details.attempts

    /** Duration of the whole call, including waits and retries. */
    public val elapsed: Duration
        get() = details.elapsed

    /** How much of [elapsed] the call waited for the rate limit. */
    public val waited: Duration
        get() = details.waited

    /** Whether a deletion found nothing because an earlier attempt of the same call had already done it. */
    public val alreadyDeleted: Boolean
        get() = details.alreadyDeleted

    override fun toString(): String = "Response($status, attempts=$attempts)"
}

/** Makes a request by method and path. */
internal suspend fun NativeClient.raw(
    method: String,
    path: String,
    query: Map<String, Any?>,
    body: JsonValue?,
): Response<JsonValue> {
    val parameters = query.flatMap { (name, value) ->
        val values = if (value is Iterable<*>) value else listOf(value)
        values.filterNotNull().map { QueryParameter(name, it.toString()) }
    }
    val response = request(method, path, parameters, body)
    return Response(response.value, response.details)
}

/** Calls an operation by name. */
internal suspend fun NativeClient.byName(operation: String, arguments: Map<String, Any?>): Response<JsonValue> {
    val response = callNamed(operation, arguments.mapValues { (name, value) -> named(name) { converted(value) } })
    return Response(response.value, response.details)
}

/** What the functions that return futures have in addition to the resources. */
public abstract class FutureRequests internal constructor(connection: Connection) : FutureChanges(connection) {
    /**
     * Makes a request by method and path; see [ManagementClient.request].
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path path relative to the base URL
     * @param query parameters of the query; a value may be a collection
     * @param body any JSON, such as `jsonValue(mapOf("name" to "Core"))`
     */
    @JvmOverloads
    public fun request(
        method: String,
        path: String,
        query: Map<String, Any?> = emptyMap(),
        body: JsonValue? = null,
    ): CompletableFuture<Response<JsonValue>> = connection.future { raw(method, path, query, body) }

    /**
     * Calls an operation by name; see [ManagementClient.call].
     *
     * @param operation the name, such as `products.list`
     * @param arguments the parameters and the fields of the body by name
     */
    @JvmOverloads
    public fun call(
        operation: String,
        arguments: Map<String, Any?> = emptyMap(),
    ): CompletableFuture<Response<JsonValue>> =
        connection.future { byName(operation, arguments) }

    /**
     * Makes a call, and returns its value with the response; see [ManagementClient.withResponse].
     *
     * @param call makes one call of its argument
     */
    public fun <T> withResponse(call: Function<Futures, CompletableFuture<T>>): CompletableFuture<Response<T>> {
        val view = connection.recording()
        return call.apply(Futures(view)).thenApply { view.recorded(it) }
    }
}

/** What the functions that block have in addition to the resources. */
public abstract class BlockingRequests internal constructor(connection: Connection) : BlockingChanges(connection) {
    /**
     * Makes a request by method and path; see [ManagementClient.request].
     *
     * @param method GET, POST, PUT, PATCH or DELETE
     * @param path path relative to the base URL
     * @param query parameters of the query; a value may be a collection
     * @param body any JSON, such as `jsonValue(mapOf("name" to "Core"))`
     * @throws ConfigCatException if the call fails
     */
    @JvmOverloads
    public fun request(
        method: String,
        path: String,
        query: Map<String, Any?> = emptyMap(),
        body: JsonValue? = null,
    ): Response<JsonValue> = connection.wait { raw(method, path, query, body) }

    /**
     * Calls an operation by name; see [ManagementClient.call].
     *
     * @param operation the name, such as `products.list`
     * @param arguments the parameters and the fields of the body by name
     * @throws ConfigCatException if the call fails
     */
    @JvmOverloads
    public fun call(operation: String, arguments: Map<String, Any?> = emptyMap()): Response<JsonValue> =
        connection.wait { byName(operation, arguments) }

    /**
     * Makes a call, and returns its value with the response; see [ManagementClient.withResponse].
     *
     * @param call makes one call of its argument
     */
    public fun <T> withResponse(call: Function<Blocking, T>): Response<T> {
        val view = connection.recording()
        return view.recorded(call.apply(Blocking(view)))
    }
}
