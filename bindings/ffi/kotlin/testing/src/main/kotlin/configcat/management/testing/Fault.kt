package configcat.management.testing

/** When a [Fault] resets the connection. */
public enum class Reset {
    /** Before the request is carried out. */
    BEFORE,

    /** After the request was carried out, before its response is sent. */
    AFTER,
}

/**
 * What happens to selected requests of a [Simulator]. The first properties select requests, and an absent one matches every request;
 * the others say what happens. With [status], or [reset] before, the request is not carried out.
 *
 * ```
 * simulator.addFault(Fault(operation = "products.list", status = 503, times = 1))
 * ```
 *
 * In Java: `new Fault().withOperation("products.list").withStatus(503).withTimes(1)`.
 *
 * @property operation the operation, such as `settings.create`; `*` matches any characters
 * @property method an HTTP method
 * @property path a path; `*` matches any characters
 * @property credential user name of the caller
 * @property skip number of matching requests that pass before the first failure
 * @property times maximum number of failures; no limit if `null`
 * @property probability probability of the failure, from 0 to 1
 * @property seed seed of the random numbers, so that the same requests fail in every run
 * @property delayMs delay before anything else, in milliseconds
 * @property reset resets the connection
 * @property status responds with this HTTP status
 * @property retryAfter value of the header `Retry-After`, in seconds
 * @property headers additional headers of the response
 * @property body responds with this body, which is sent as it is
 * @property contentType value of the header `Content-Type`
 * @property cutBodyAt breaks the connection after this number of bytes of the body
 * @property badJson sends only half of the body
 */
public data class Fault @JvmOverloads constructor(
    val operation: String? = null,
    val method: String? = null,
    val path: String? = null,
    val credential: String? = null,
    val skip: Long? = null,
    val times: Long? = null,
    val probability: Double? = null,
    val seed: Long? = null,
    val delayMs: Long? = null,
    val reset: Reset? = null,
    val status: Int? = null,
    val retryAfter: Long? = null,
    val headers: Map<String, String> = emptyMap(),
    val body: String? = null,
    val contentType: String? = null,
    val cutBodyAt: Long? = null,
    val badJson: Boolean = false,
) {
    /** Returns a copy for an operation, for Java. */
    public fun withOperation(operation: String): Fault = copy(operation = operation)

    /** Returns a copy that responds with an HTTP status, for Java. */
    public fun withStatus(status: Int): Fault = copy(status = status)

    /** Returns a copy with a maximum number of failures, for Java. */
    public fun withTimes(times: Long): Fault = copy(times = times)

    /** Returns a copy with a delay in milliseconds, for Java. */
    public fun withDelayMs(delayMs: Long): Fault = copy(delayMs = delayMs)

    /** Returns a copy with a `Retry-After` header in seconds, for Java. */
    public fun withRetryAfter(retryAfter: Long): Fault = copy(retryAfter = retryAfter)

    /** Returns a copy that responds with a body, for Java. */
    public fun withBody(body: String): Fault = copy(body = body)

    /** Returns a copy that resets the connection, for Java. */
    public fun withReset(reset: Reset): Fault = copy(reset = reset)

    internal fun json(): String {
        val members = listOf(
            "operation" to operation?.quoted(),
            "method" to method?.quoted(),
            "path" to path?.quoted(),
            "credential" to credential?.quoted(),
            "skip" to skip,
            "times" to times,
            "probability" to probability,
            "seed" to seed,
            "delayMs" to delayMs,
            "reset" to reset?.name?.lowercase()?.quoted(),
            "status" to status,
            "retryAfter" to retryAfter,
            "headers" to headers.entries.joinToString(",", "{", "}") { (name, value) -> "${name.quoted()}:${value.quoted()}" },
            "body" to body?.quoted(),
            "contentType" to contentType?.quoted(),
            "cutBodyAt" to cutBodyAt,
            "badJson" to badJson,
        )
        return members.filter { it.second != null }.joinToString(",", "{", "}") { (name, value) -> "\"$name\":$value" }
    }
}

/** Returns a JSON string. */
internal fun String.quoted(): String = buildString {
    append('"')
    for (char in this@quoted) {
        when {
            char == '"' || char == '\\' -> append('\\').append(char)
            char < ' ' -> append("\\u%04x".format(char.code))
            else -> append(char)
        }
    }
    append('"')
}
