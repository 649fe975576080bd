package configcat.management

import configcat.management.bridge.ConfigCatException as CallException
import configcat.management.bridge.ErrorDetails
import java.time.Duration

/**
 * An error of a call, by kind. No error ever holds a credential.
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
public sealed class ConfigCatException(private val details: ErrorDetails) : Exception(details.message) {
    /** The HTTP status, when there was an answer. */
    public val status: Int?
        get() = details.status

    /** Messages by field: from the answer, or from the check before sending. */
    public val fieldErrors: Map<String, List<String>>
        get() = details.fieldErrors

    /** How long to wait before trying again, when the service or the pacing said so. */
    public val retryAfter: Duration?
        get() = details.retryAfter

    /** How often the request was sent; 0 when it never left. */
    public val attempts: Int
        get() = details.attempts

    /** Whether the service may have done what was asked although the call failed. */
    public val maybeApplied: Boolean
        get() = details.maybeApplied

    /** The operation, such as `configs.create`. */
    public val operation: String?
        get() = details.operation

    /** HTTP method, path and query of the request. */
    public val request: String?
        get() = details.request

    /** The JSON path of what could not be read. */
    public val path: String?
        get() = details.path

    /** The body of the answer, at most its first 16 KiB. */
    public val body: ByteArray
        get() = details.body

    /**
     * Whether the same call may succeed later, because nothing is wrong with it: the rate limit was used up, the service or
     * the connection failed, or time ran out.
     */
    public val isRetryable: Boolean
        get() = details.isRetryable

    override fun toString(): String = "ConfigCatException.${javaClass.simpleName}: $message"

    /** The client is set up wrong: a missing credential, a bad address. */
    public class Configuration internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The request breaks a rule; found before sending, or answered with 400 or another 4xx. */
    public class BadRequest internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The credentials are missing or wrong (401), or the application gave none. */
    public class Authentication internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The credentials lack the right (403). */
    public class Permission internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** Not found, or not visible to the credentials (404). */
    public class NotFound internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The request meets a newer state (409, 412). */
    public class Conflict internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The rate limit is used up (429), or the wait for it would be too long. */
    public class RateLimited internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The service failed (5xx), or answered with a status that is none of the others. */
    public class Server internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** Time ran out. */
    public class Timeout internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** No connection, or it broke. */
    public class Connection internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The answer is not what the description says. */
    public class Decode internal constructor(details: ErrorDetails) : ConfigCatException(details)

    /** The client was closed during the call. A coroutine that is cancelled ends with `CancellationException` as usual. */
    public class Cancelled internal constructor(details: ErrorDetails) : ConfigCatException(details)

    internal companion object {
        fun of(e: CallException): ConfigCatException = when (e) {
            is CallException.Configuration -> Configuration(e.details)
            is CallException.BadRequest -> BadRequest(e.details)
            is CallException.Authentication -> Authentication(e.details)
            is CallException.Permission -> Permission(e.details)
            is CallException.NotFound -> NotFound(e.details)
            is CallException.Conflict -> Conflict(e.details)
            is CallException.RateLimited -> RateLimited(e.details)
            is CallException.Server -> Server(e.details)
            is CallException.Timeout -> Timeout(e.details)
            is CallException.Connection -> Connection(e.details)
            is CallException.Decode -> Decode(e.details)
            is CallException.Cancelled -> Cancelled(e.details)
        }
    }
}
