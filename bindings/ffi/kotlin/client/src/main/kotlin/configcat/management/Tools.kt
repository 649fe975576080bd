@file:JvmName("Tools")

package configcat.management

import configcat.management.bridge.ConfigCatException as CallException
import configcat.management.models.PatchOperation
import configcat.management.models.VerificationException
import java.time.Duration
import configcat.management.bridge.jsonPatchDiff as nativeDiff
import configcat.management.bridge.verifyWebhook as nativeVerify

/**
 * The smallest JSON Patch (RFC 6902) that turns one JSON document into another.
 *
 * @throws ConfigCatException.BadRequest when a text is not JSON
 */
public fun jsonPatchDiff(before: String, after: String): List<PatchOperation> = try {
    nativeDiff(before, after)
} catch (e: CallException) {
    throw ConfigCatException.of(e)
}

/** A webhook request that is not to be trusted. */
public class WebhookException internal constructor(message: String, cause: Throwable) : Exception(message, cause)

/**
 * Verifies webhook calls with one signing key, or with two while keys are being changed.
 *
 * @param keys the signing keys
 * @param tolerance how old, or how far in the future, a call may be; `null` for any
 */
public class WebhookVerifier @JvmOverloads constructor(
    private val keys: List<String>,
    private val tolerance: Duration? = Duration.ofMinutes(5),
) {
    /**
     * Checks a call.
     *
     * @param id the header `X-ConfigCat-Webhook-ID`
     * @param timestamp the header `X-ConfigCat-Webhook-Timestamp`
     * @param signature the header `X-ConfigCat-Webhook-Signature-V1`
     * @param body the body as it came
     * @throws WebhookException when it is not to be trusted
     */
    public fun verify(id: String, timestamp: String, signature: String, body: ByteArray) {
        try {
            nativeVerify(keys, id, timestamp, signature, body, tolerance)
        } catch (e: VerificationException) {
            val why = when (e) {
                is VerificationException.NoKey -> "there is no signing key to verify with"
                is VerificationException.BadTimestamp -> "the timestamp is not a number of seconds"
                is VerificationException.TooOld -> "the timestamp is outside of the tolerance"
                is VerificationException.WrongSignature -> "no signature matches"
            }
            throw WebhookException(why, e)
        }
    }
}
