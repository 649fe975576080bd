@file:JvmName("Tools")

package configcat.management

import configcat.management.models.VerificationException
import java.time.Duration
import java.time.Instant

/** The verification of a webhook request failed. */
public class WebhookException internal constructor(message: String, cause: Throwable) : RuntimeException(message, cause)

/**
 * Verifies webhook requests with one signing key, or with two during key rotation.
 *
 * @param keys the signing keys
 * @param tolerance maximum difference between a request's timestamp and the current time; `null` for no limit
 * @param anyId whether to accept ids of any form. By default, only 32 hexadecimal digits, with or without dashes, are accepted:
 *   the signature covers id, timestamp and body without separators, so that a recorded request could be divided differently
 * @throws IllegalArgumentException if the tolerance is negative
 */
public class WebhookVerifier @JvmOverloads constructor(
    private val keys: List<String>,
    private val tolerance: Duration? = Duration.ofMinutes(5),
    private val anyId: Boolean = false,
) {
    init {
        require(tolerance?.isNegative != true) { "tolerance must not be negative, not $tolerance" }
    }

    /**
     * Verifies a request.
     *
     * @param id the header `X-ConfigCat-Webhook-ID`
     * @param timestamp the header `X-ConfigCat-Webhook-Timestamp`
     * @param signature the header `X-ConfigCat-Webhook-Signature-V1`
     * @param body the body as received
     * @throws WebhookException if the verification fails
     */
    public fun verify(id: String, timestamp: String, signature: String, body: ByteArray) {
        try {
            translated { verifyWebhook(keys, id, timestamp, signature, body, tolerance, anyId) }
        } catch (e: VerificationException) {
            val reason = when (e) {
                is VerificationException.NoKey -> "no signing key to verify with"
                is VerificationException.BadTolerance -> "the tolerance must not be negative"
                is VerificationException.BadId ->
                    "the id must have 32 hexadecimal digits, with or without dashes, not \"${e.found}\""
                is VerificationException.BadTimestamp -> "the timestamp must have 10 digits, not \"${e.found}\""
                is VerificationException.BadSignature ->
                    "the signatures must be 1 to 4 of 32 bytes in Base64, not \"${e.found}\""
                is VerificationException.TooOld -> "the timestamp is outside of the tolerance"
                is VerificationException.WrongSignature -> "no signature matches"
            }
            throw WebhookException(reason, e)
        }
    }
}

/**
 * Returns the headers of a signed webhook request, ready to send, for tests of webhook receivers.
 *
 * @param keys signing keys: one, or two for a request as it is sent during a key rotation
 * @param body the body
 * @param id id of the request; a random one if `null`
 * @param timestamp timestamp of the request, in whole seconds; now if `null`
 * @throws IllegalArgumentException if there is no key
 */
@JvmOverloads
public fun webhookSignedHeaders(
    keys: List<String>,
    body: ByteArray,
    id: String? = null,
    timestamp: Instant? = null,
): Map<String, String> {
    require(keys.any { it.isNotEmpty() }) { "keys: signed headers need a signing key" }
    return translated { signWebhook(keys, body, id, timestamp?.epochSecond) }
}
