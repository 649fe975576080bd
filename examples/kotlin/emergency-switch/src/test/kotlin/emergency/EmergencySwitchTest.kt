package emergency

import configcat.management.ClientOptions
import configcat.management.Field
import configcat.management.ManagementClient
import configcat.management.models.CreateConfig
import configcat.management.models.CreateEnvironment
import configcat.management.models.CreateProduct
import configcat.management.models.CreateSetting
import configcat.management.models.EvaluationVersion
import configcat.management.models.PatchOperation
import configcat.management.models.PatchOperationType
import configcat.management.models.SettingType
import configcat.management.models.UpdatePreferences
import configcat.management.testing.Simulator
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test

class EmergencySwitchTest {
    private val simulator = Simulator()
    private val client = simulator.client()
    private val switch = EmergencySwitch(client)
    private lateinit var productId: String

    @BeforeEach
    fun shop() = runBlocking {
        val organization = client.organizations.list().first().organizationId
        productId = client.products.create(organization, CreateProduct("Shop")).productId
        val config = client.configs.create(productId, CreateConfig("Main", evaluationVersion = EvaluationVersion.V2))
        val environment = client.environments.create(productId, CreateEnvironment("Production"))
        val flag = client.settings.create(
            config.configId,
            CreateSetting(name = "Checkout", key = "checkout", settingType = SettingType.Boolean),
        )
        val on = PatchOperation(PatchOperationType.Replace, "/defaultValue/boolValue", value = Field.of("true"))
        client.flagValues.patch(environment.environmentId, flag.settingId, listOf(on))
        Unit
    }

    @AfterEach
    fun stop() {
        client.close()
        simulator.close()
    }

    private suspend fun flag(): Flag = switch.flags(productId).single()

    private fun fault(fault: String) {
        simulator.admin("POST", "/faults", """{"operation":"flag_values.replace",$fault}""")
    }

    @Test
    fun `a flag that is on is turned off for everyone, with a reason`() = runBlocking {
        assertTrue(flag().on)
        assertEquals(Outcome.Off, switch.turnOff(flag(), "Orders fail"))
        assertFalse(flag().on)
        assertTrue("Orders%20fail" in simulator.admin("GET", "/journal").body)
    }

    @Test
    fun `a change in between is seen`() = runBlocking {
        val seen = flag()
        assertEquals(Outcome.Off, switch.turnOff(seen, "first"))
        assertEquals(Outcome.Changed, switch.turnOff(seen, "second"))
    }

    @Test
    fun `an approval is asked for, and may be gone without`() = runBlocking {
        client.products.updatePreferences(productId, UpdatePreferences(approveRequired = Field.of(true)))
        assertEquals(Outcome.ApprovalRequired(mayBypass = true), switch.turnOff(flag(), "now"))
        assertTrue(flag().on)
        assertEquals(Outcome.Off, switch.turnOff(flag(), "now", bypassApproval = true))
    }

    @Test
    fun `refusals have words of their own`() = runBlocking {
        fault(""""status":401,"times":1""")
        assertEquals(Outcome.SignedOut, switch.turnOff(flag(), "now"))
        fault(""""status":403,"times":1""")
        assertTrue(switch.turnOff(flag(), "now") is Outcome.NotAllowed)
        fault(""""status":422,"times":1""")
        assertTrue(switch.turnOff(flag(), "now") is Outcome.Failed)
        assertTrue(flag().on)
    }

    @Test
    fun `a connection that breaks leaves it open whether it is off`() = runBlocking {
        val seen = flag()
        fault(""""reset":"after"""")
        ManagementClient(simulator.username, simulator.password, ClientOptions(baseUrl = simulator.url, maxAttempts = 1))
            .use { assertEquals(Outcome.Offline(maybeDone = true), EmergencySwitch(it).turnOff(seen, "now")) }
    }

    @Test
    fun `without a network nothing is sent`() = runBlocking {
        val seen = flag()
        ManagementClient("u", "p", ClientOptions(baseUrl = "http://127.0.0.1:1", maxAttempts = 1)).use {
            assertEquals(Outcome.Offline(maybeDone = false), EmergencySwitch(it).turnOff(seen, "now"))
        }
    }

    @Test
    fun `a screen shows what is and ends its work when it is left`() = runBlocking {
        val scope = CoroutineScope(Dispatchers.Default + Job())
        val model = SwitchModel(switch, productId, scope)
        model.refresh().join()
        model.turnOff(model.state.value.flags.single(), "now").join()
        assertEquals(SwitchState(flags = listOf(flag()), last = Outcome.Off), model.state.value)

        fault(""""delayMs":500""")
        val left = model.turnOff(model.state.value.flags.single(), "too late")
        delay(100)
        scope.cancel()
        left.join()
        delay(700)
        assertFalse("too%20late" in simulator.admin("GET", "/journal").body)
    }

    @Test
    fun `a screen says what went wrong with looking`() = runBlocking {
        simulator.admin("POST", "/faults", """{"operation":"environments.list","status":403}""")
        val model = SwitchModel(switch, productId, CoroutineScope(Dispatchers.Default))
        model.refresh().join()
        assertTrue("403" in model.state.value.problem.orEmpty(), model.state.value.problem)
        assertFalse(model.state.value.busy)
    }
}
