package emergency

import configcat.management.ConfigCatException
import configcat.management.ManagementClient
import kotlinx.coroutines.runBlocking
import kotlin.system.exitProcess

private const val USAGE = "usage: emergency-switch [list | off KEY ENVIRONMENT REASON]"

/** Command line: `list` shows every flag, `off` turns one off; without arguments it is interactive. */
fun main(arguments: Array<String>) {
    val done = try {
        ManagementClient.fromEnvironment().use { client ->
            runBlocking { run(EmergencySwitch(client), arguments.toList()) }
        }
    } catch (e: ConfigCatException) {
        System.err.println("That did not work: ${e.message}")
        false
    }
    if (!done) exitProcess(1)
}

private suspend fun run(switch: EmergencySwitch, arguments: List<String>): Boolean {
    val flags = switch.products().flatMap { switch.flags(it.productId) }
    return when {
        arguments.firstOrNull() == "list" -> {
            flags.forEach { println("${if (it.on) "on " else "off"}  ${it.key}  (${it.environment})") }
            true
        }
        arguments.size == 4 && arguments[0] == "off" -> off(switch, flags, arguments[1], arguments[2], arguments[3])
        arguments.isEmpty() -> interactive(switch, flags.filter { it.on })
        else -> {
            System.err.println(USAGE)
            false
        }
    }
}

private suspend fun interactive(switch: EmergencySwitch, on: List<Flag>): Boolean {
    on.forEachIndexed { n, flag -> println("${n + 1}  ${flag.key}  (${flag.environment})") }
    print("Which one has to go? ")
    val flag = readlnOrNull()?.toIntOrNull()?.let { on.getOrNull(it - 1) } ?: return false
    print("Why? ")
    val reason = readlnOrNull().orEmpty()
    return report(switch.turnOff(flag, reason)) || (
        flag.approvalRequired && flag.mayBypassApproval && yes("Turn it off without an approval?") &&
            report(switch.turnOff(flag, reason, bypassApproval = true))
        )
}

private fun yes(question: String): Boolean {
    print("$question [y/N] ")
    return readlnOrNull().equals("y", ignoreCase = true)
}

private suspend fun off(
    switch: EmergencySwitch,
    flags: List<Flag>,
    key: String,
    environment: String,
    reason: String,
): Boolean {
    val flag = flags.find { it.key == key && it.environment == environment }
    if (flag == null) {
        System.err.println("There is no flag $key in $environment.")
        return false
    }
    return report(switch.turnOff(flag, reason))
}

private fun report(outcome: Outcome): Boolean {
    println(
        when (outcome) {
            Outcome.Off -> "It is off."
            is Outcome.ApprovalRequired ->
                if (outcome.mayBypass) "This environment asks for an approval; you may go without." else "Ask for an approval."
            Outcome.Changed -> "It was changed in the meantime. Reload and try again."
            Outcome.SignedOut -> "The credentials are not accepted."
            is Outcome.NotAllowed -> "You may not do that: ${outcome.why}"
            is Outcome.Offline ->
                if (outcome.maybeApplied) "No response. It may be off: reload to check." else "No connection. Nothing was sent."
            is Outcome.Failed -> "That did not work: ${outcome.why}"
        },
    )
    return outcome == Outcome.Off
}
