@file:JvmName("Tools")

package configcat.management

import configcat.management.bridge.ConfigCatException as CallException
import configcat.management.models.PatchOperation
import configcat.management.models.VerificationException
import java.time.Duration
import configcat.management.bridge.jsonPatchDiff as nativeDiff
import configcat.management.bridge.verifyWebhook as nativeVerify

/**
 * Returns the smallest JSON Patch (RFC 6902) that turns one JSON document into another.
 *
 * @throws ConfigCatException.BadRequest if a document is not JSON
 */
public fun jsonPatchDiff(before: String, after: String): List<PatchOperation> = try {
    nativeDiff(before, after)
} catch (e: CallException) {
    throw ConfigCatException.of(e)
}

/** The verification of a webhook request failed. */
public class WebhookException internal constructor(message: String, cause: Throwable) : Exception(message, cause)

/**
 * Verifies webhook requests with one signing key, or with two during key rotation.
 *
 * @param keys the signing keys
 * @param tolerance maximum difference between a request's timestamp and the current time; `null` for no limit
 */
public class WebhookVerifier @JvmOverloads constructor(
    private val keys: List<String>,
    private val tolerance: Duration? = Duration.ofMinutes(5),
) {
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
            nativeVerify(keys, id, timestamp, signature, body, tolerance)
        } catch (e: VerificationException) {
            val reason = when (e) {
                is VerificationException.NoKey -> "no signing key to verify with"
                is VerificationException.BadTimestamp -> "the timestamp is not a number of seconds"
                is VerificationException.TooOld -> "the timestamp is outside of the tolerance"
                is VerificationException.WrongSignature -> "no signature matches"
            }
            throw WebhookException(reason, e)
        }
    }
}
