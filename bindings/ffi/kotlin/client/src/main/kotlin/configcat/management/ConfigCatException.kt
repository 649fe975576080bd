package configcat.management

import java.time.Duration

/**
 * An error of a call, by kind. No error ever holds a credential. It is unchecked: Java may catch it, and need not.
 *
 * ```
 * try {
 *     client.flagValues.patch(environmentId, settingId, patch)
 * } catch (e: ConfigCatException.Conflict) {
 *     reload()
 * } catch (e: ConfigCatException) {
 *     show(e.message, retry = e.isRetryable)
 * }
 * ```
 */
public sealed class ConfigCatException private constructor(
    private val details: ErrorDetails,
    cause: Throwable? = null,
) : RuntimeException(details.message, cause) {
    /** HTTP status; `null` if there was no response. */
    public val status: Int?
        get() = details.status

    /** Error messages by field, from the response or from validation before sending. */
    public val fieldErrors: Map<String, List<String>>
        get() = details.fieldErrors

    /** Time to wait before a retry, if the service or the rate limiter set one. */
    public val retryAfter: Duration?
        get() = details.retryAfter

    /** Number of times the request was sent; 0 if it was never sent. */
    public val attempts: Int
        get() = details.attempts

    /** Whether the service may have applied the request although the call failed. */
    public val maybeApplied: Boolean
        get() = details.maybeApplied

    /** The operation, such as `configs.create`; method and path of a raw request. */
    public val operation: String?
        get() = details.operation

    /** HTTP method, path and query of the request. */
    public val request: String?
        get() = details.request

    /** HTTP method of the operation. */
    public val method: String?
        get() = details.method

    /** Path of the operation with the names of its parameters, such as `/v1/configs/{configId}`. */
    public val pathTemplate: String?
        get() = details.pathTemplate

    /** Headers of the response without credentials, by name in lower case; empty if there was no response. */
    public val headers: Map<String, String>
        get() = details.headers

    /** JSON path of the value that could not be decoded. */
    public val path: String?
        get() = details.path

    /** Response body, at most its first 16 KiB. */
    public val body: ByteArray
        get() = details.body

    /**
     * Whether the same call may succeed later, because the request itself is valid: the rate limit was used up, the service
     * or the connection failed, or a timeout expired.
     */
    public val isRetryable: Boolean
        get() = details.isRetryable

    override fun toString(): String = "ConfigCatException.${javaClass.simpleName}: $message"

    /** The client is misconfigured: a missing credential, an invalid URL. */
    public class Configuration internal constructor(details: ErrorDetails, cause: Throwable? = null) :
        ConfigCatException(details, cause)

    /** The request is invalid: found before sending, or rejected with 400 or another 4xx. */
    public class BadRequest internal constructor(details: ErrorDetails, cause: Throwable? = null) :
        ConfigCatException(details, cause)

    /** The credentials are missing or wrong (401), or the credential provider failed. */
    public class Authentication internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The credentials lack the required permission (403). */
    public class Permission internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** Not found, or not visible to the credentials (404). */
    public class NotFound internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The request conflicts with a newer state (409, 412). */
    public open class Conflict internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The rate limit is used up (429), or the wait for it would be too long. */
    public class RateLimited internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The service failed (5xx), or responded with a status that no other class covers. */
    public class Server internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** A timeout expired. */
    public class Timeout internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The connection could not be established, or it broke. */
    public class Connection internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The response does not match the OpenAPI document. */
    public class Decode internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The client was closed during the call. A cancelled coroutine throws `CancellationException` as usual. */
    public class Cancelled internal constructor(details: ErrorDetails) : ConfigCatException(details)

    internal companion object {
        fun of(e: NativeException): ConfigCatException = when (e) {
            is NativeException.Configuration -> Configuration(e.details)
            is NativeException.BadRequest -> BadRequest(e.details)
            is NativeException.Authentication -> Authentication(e.details)
            is NativeException.Permission -> Permission(e.details)
            is NativeException.NotFound -> NotFound(e.details)
            is NativeException.Conflict -> Conflict(e.details)
            is NativeException.RateLimited -> RateLimited(e.details)
            is NativeException.Server -> Server(e.details)
            is NativeException.Timeout -> Timeout(e.details)
            is NativeException.Connection -> Connection(e.details)
            is NativeException.Decode -> Decode(e.details)
            is NativeException.Cancelled -> Cancelled(e.details)
        }
    }
}
