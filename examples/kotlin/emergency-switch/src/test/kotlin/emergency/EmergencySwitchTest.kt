package emergency

import configcat.management.ClientOptions
import configcat.management.Field
import configcat.management.ManagementClient
import configcat.management.jsonValue
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
        val on = PatchOperation(PatchOperationType.Replace, "/defaultValue/boolValue", value = Field.of(jsonValue(true)))
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
    fun `turning a flag off turns it off and sends the reason`() = runBlocking {
        assertTrue(flag().on)
        assertEquals(Outcome.Off, switch.turnOff(flag(), "Orders fail"))
        assertFalse(flag().on)
        assertTrue("Orders%20fail" in simulator.admin("GET", "/journal").body)
    }

    @Test
    fun `turning off a flag that has changed is a conflict`() = runBlocking {
        val seen = flag()
        assertEquals(Outcome.Off, switch.turnOff(seen, "first"))
        assertEquals(Outcome.Changed, switch.turnOff(seen, "second"))
    }

    @Test
    fun `a required approval can be bypassed`() = runBlocking {
        client.products.updatePreferences(productId, UpdatePreferences(approveRequired = Field.of(true)))
        assertEquals(Outcome.ApprovalRequired(mayBypass = true), switch.turnOff(flag(), "now"))
        assertTrue(flag().on)
        assertEquals(Outcome.Off, switch.turnOff(flag(), "now", bypassApproval = true))
    }

    @Test
    fun `each rejection has its own outcome`() = runBlocking {
        fault(""""status":401,"times":1""")
        assertEquals(Outcome.SignedOut, switch.turnOff(flag(), "now"))
        fault(""""status":403,"times":1""")
        assertTrue(switch.turnOff(flag(), "now") is Outcome.NotAllowed)
        fault(""""status":422,"times":1""")
        assertTrue(switch.turnOff(flag(), "now") is Outcome.Failed)
        assertTrue(flag().on)
    }

    @Test
    fun `a broken connection reports that it may be done`() = runBlocking {
        val seen = flag()
        fault(""""reset":"after"""")
        ManagementClient(simulator.username, simulator.password, ClientOptions(baseUrl = simulator.url, maxAttempts = 1))
            .use { assertEquals(Outcome.Offline(maybeApplied = true), EmergencySwitch(it).turnOff(seen, "now")) }
    }

    @Test
    fun `without a network the outcome is offline and not done`() = runBlocking {
        val seen = flag()
        ManagementClient("u", "p", ClientOptions(baseUrl = "http://127.0.0.1:1", maxAttempts = 1)).use {
            assertEquals(Outcome.Offline(maybeApplied = false), EmergencySwitch(it).turnOff(seen, "now"))
        }
    }

    @Test
    fun `a model reloads flags and cancels requests with its scope`() = runBlocking {
        val scope = CoroutineScope(Dispatchers.Default + Job())
        val model = SwitchModel(switch, productId, scope)
        model.refresh().join()
        model.turnOff(model.state.value.flags.single(), "now").join()
        assertEquals(SwitchState(flags = listOf(flag()), last = Outcome.Off), model.state.value)

        fault(""""delayMs":500""")
        val cancelled = model.turnOff(model.state.value.flags.single(), "too late")
        delay(100)
        scope.cancel()
        cancelled.join()
        delay(700)
        assertFalse("too%20late" in simulator.admin("GET", "/journal").body)
    }

    @Test
    fun `a model shows the error of a failed refresh`() = runBlocking {
        simulator.admin("POST", "/faults", """{"operation":"environments.list","status":403}""")
        val model = SwitchModel(switch, productId, CoroutineScope(Dispatchers.Default))
        model.refresh().join()
        assertTrue("403" in model.state.value.problem.orEmpty(), model.state.value.problem)
        assertFalse(model.state.value.busy)
    }
}
