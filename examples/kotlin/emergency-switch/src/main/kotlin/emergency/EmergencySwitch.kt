package emergency

import configcat.management.ConfigCatException
import configcat.management.ManagementClient
import configcat.management.asBoolean
import configcat.management.models.ConfigSettingFormula
import configcat.management.models.EnvironmentId
import configcat.management.models.EvaluationVersion
import configcat.management.models.Product
import configcat.management.models.ProductId
import configcat.management.models.SettingId
import configcat.management.models.SettingType
import configcat.management.models.UpdateEvaluationFormula
import configcat.management.models.UpdateFlagValue
import configcat.management.models.VersionId
import configcat.management.settingValue
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope

/** A boolean flag in an environment. */
data class Flag(
    val key: String,
    val name: String,
    val settingId: SettingId,
    val environmentId: EnvironmentId,
    val environment: String,
    /** Whether the flag may be on for some users: it is on by default, or a rule turns it on. */
    val on: Boolean,
    val reasonRequired: Boolean,
    val approvalRequired: Boolean,
    val mayBypassApproval: Boolean,
    /** The version that was read: turning off another version is a conflict. */
    val version: VersionId,
)

/** Result of turning a flag off, for display to a user. */
sealed interface Outcome {
    data object Off : Outcome

    /** The environment requires an approval; with [mayBypass], a second call with `bypassApproval` succeeds. */
    data class ApprovalRequired(val mayBypass: Boolean) : Outcome

    /** The flag has been changed since it was read: read it again before you decide. */
    data object Changed : Outcome

    data object SignedOut : Outcome

    data class NotAllowed(val why: String) : Outcome

    /** No connection. With [maybeApplied], the request may have been applied: read the flag again. */
    data class Offline(val maybeApplied: Boolean) : Outcome

    data class Failed(val why: String) : Outcome
}

/** Turns flags off for all users. Independent of any user interface. */
class EmergencySwitch(private val client: ManagementClient) {
    suspend fun products(): List<Product> = client.products.list()

    /** Returns the boolean flags of a product, in every environment. */
    suspend fun flags(productId: ProductId): List<Flag> = coroutineScope {
        val environments = client.environments.list(productId)
        val configs = client.configs.list(productId).filter { it.evaluationVersion == EvaluationVersion.V2 }
        val values = configs.flatMap { config ->
            environments.map { environment ->
                async { client.flagValues.getAll(config.configId, environment.environmentId) }
            }
        }
        values.awaitAll().flatMap { all ->
            all.settingFormulas.filter { it.setting.settingType == SettingType.Boolean }.map { formula ->
                Flag(
                    key = formula.setting.key,
                    name = formula.setting.name,
                    settingId = formula.setting.settingId,
                    environmentId = all.environment.environmentId,
                    environment = all.environment.name,
                    on = formula.mayBeOn(),
                    reasonRequired = all.reasonRequired,
                    approvalRequired = all.approveRequired,
                    mayBypassApproval = all.canBypassApproval,
                    version = formula.lastVersionId,
                )
            }
        }
    }

    /** Turns a flag off for all users: sets the default to off and removes all rules. */
    suspend fun turnOff(flag: Flag, reason: String, bypassApproval: Boolean = false): Outcome {
        if (flag.approvalRequired && !bypassApproval) return Outcome.ApprovalRequired(flag.mayBypassApproval)
        return try {
            client.flagValues.replace(
                flag.environmentId,
                flag.settingId,
                UpdateEvaluationFormula(defaultValue = UpdateFlagValue(settingValue(false))),
                reason = reason,
                bypassApproval = bypassApproval.takeIf { it },
                latestVersionId = flag.version,
            )
            Outcome.Off
        } catch (e: ConfigCatException) {
            outcome(e)
        }
    }

    private fun outcome(e: ConfigCatException): Outcome = when (e) {
        is ConfigCatException.Authentication -> Outcome.SignedOut
        is ConfigCatException.Permission -> Outcome.NotAllowed(e.message.orEmpty())
        is ConfigCatException.Conflict -> Outcome.Changed
        is ConfigCatException.Connection, is ConfigCatException.Timeout -> Outcome.Offline(e.maybeApplied)
        else -> Outcome.Failed(e.message.orEmpty())
    }
}

private fun ConfigSettingFormula.mayBeOn(): Boolean =
    defaultValue.value?.asBoolean == true ||
        targetingRules.any { rule ->
            rule.value?.value?.asBoolean == true || rule.percentageOptions.any { it.value.value?.asBoolean == true }
        }
