package emergency

import configcat.management.ConfigCatException
import configcat.management.models.ProductId
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** State of a screen. */
data class SwitchState(
    val flags: List<Flag> = emptyList(),
    val busy: Boolean = false,
    val last: Outcome? = null,
    val problem: String? = null,
)

/**
 * Holds the state of a screen and performs its actions; on Android a view model has one (see `android/SwitchViewModel.kt`).
 *
 * Work runs in [scope]: when the screen is left, the scope is cancelled, which cancels the requests.
 */
class SwitchModel(
    private val switch: EmergencySwitch,
    private val productId: ProductId,
    private val scope: CoroutineScope,
) {
    private val mutable = MutableStateFlow(SwitchState())
    val state: StateFlow<SwitchState> = mutable.asStateFlow()

    fun refresh(): Job = work { show(switch.flags(productId)) }

    fun turnOff(flag: Flag, reason: String, bypassApproval: Boolean = false): Job = work {
        val outcome = switch.turnOff(flag, reason, bypassApproval)
        mutable.update { it.copy(last = outcome) }
        // Shows the current state, even if turning off failed.
        if (outcome !is Outcome.SignedOut && outcome !is Outcome.ApprovalRequired) show(switch.flags(productId))
    }

    private fun show(flags: List<Flag>) = mutable.update { it.copy(flags = flags, problem = null) }

    private fun work(block: suspend () -> Unit): Job = scope.launch {
        mutable.update { it.copy(busy = true) }
        try {
            block()
        } catch (e: ConfigCatException) {
            mutable.update { it.copy(problem = e.message) }
        } finally {
            mutable.update { it.copy(busy = false) }
        }
    }
}
