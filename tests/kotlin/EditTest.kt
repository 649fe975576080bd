package configcat.management.tests

import configcat.management.ConfigCatException
import configcat.management.Field
import configcat.management.ManagementClient
import configcat.management.Rules
import configcat.management.SettingFormulaConflictException
import configcat.management.When
import configcat.management.asBoolean
import configcat.management.jsonPatchDiff
import configcat.management.models.CreateTag
import configcat.management.models.SettingFormula
import configcat.management.models.UpdateEvaluationFormula
import configcat.management.models.UpdateFlagValue
import configcat.management.models.UpdateTargetingRule
import configcat.management.settingValue
import configcat.management.testing.Simulator
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.fail
import java.util.concurrent.CompletionException

class EditTest {
    private fun flagValue(value: Boolean) = UpdateFlagValue(settingValue(value))

    private fun rule(value: Boolean): UpdateTargetingRule =
        Rules.serve(settingValue(value), When.email().isOneOf("a@example.com"))

    private fun patches(simulator: Simulator): String =
        simulator.admin("GET", "/journal/count?operation=flag_values.patch").body

    private suspend fun ManagementClient.edit(
        shop: Shop,
        rebase: Int = 0,
        change: suspend (UpdateEvaluationFormula) -> UpdateEvaluationFormula,
    ): SettingFormula? =
        flagValues.edit(shop.environment.environmentId, shop.flag.settingId, "test", rebase = rebase, change = change)

    private suspend inline fun conflict(block: () -> Unit): SettingFormulaConflictException = try {
        block()
        fail("no conflict")
    } catch (e: SettingFormulaConflictException) {
        e
    }

    @Test
    fun `an edit sends only what changed`() = simulated { client, simulator ->
        val shop = client.shop()
        client.edit(shop) { it.copy(targetingRules = Field.of(listOf(rule(true), rule(false)))) }
        val after = client.edit(shop) { it.copy(defaultValue = flagValue(true)) }
        assertEquals(true, after?.defaultValue?.value?.asBoolean)
        assertEquals(2, after?.targetingRules?.size)
        val sent = simulator.admin("GET", "/journal?operation=flag_values.patch").body
        assertTrue(""""requestBody":[{"op":"replace","path":"/defaultValue/boolValue","value":true}]""" in sent, sent)
    }

    @Test
    fun `an unchanged draft sends nothing`() = simulated { client, simulator ->
        val shop = client.shop()
        assertNull(client.edit(shop) { it })
        assertNull(client.edit(shop) { it.copy(defaultValue = flagValue(false)) })
        assertTrue("\"count\":0" in patches(simulator), patches(simulator))
    }

    @Test
    fun `a conflict has all states and the patch`() = simulated { client, _ ->
        val shop = client.shop()
        val conflict = conflict {
            client.edit(shop, rebase = 5) {
                client.edit(shop) { theirs -> theirs.copy(targetingRules = Field.of(listOf(rule(false)))) }
                it.copy(targetingRules = Field.of(listOf(rule(true))))
            }
        }
        assertEquals(409, conflict.status)
        assertEquals(0, conflict.base.targetingRules.size)
        assertEquals(false, conflict.theirs.targetingRules.single().value?.value?.asBoolean)
        assertEquals(Field.of(listOf(rule(true))), conflict.mine.targetingRules)
        assertEquals(1, conflict.patch.size)
        assertTrue((conflict as ConfigCatException) is ConfigCatException.Conflict)
    }

    @Test
    fun `rebase keeps changes of other members`() = simulated { client, _ ->
        val shop = client.shop()
        val change: suspend (UpdateEvaluationFormula) -> UpdateEvaluationFormula = { mine ->
            client.edit(shop) { it.copy(percentageEvaluationAttribute = Field.of("Plan ${System.nanoTime()}")) }
            mine.copy(defaultValue = flagValue(true))
        }
        conflict { client.edit(shop, change = change) }
        val after = client.edit(shop, rebase = 1, change = change)
        assertEquals(true, after?.defaultValue?.value?.asBoolean)
        assertTrue(after?.percentageEvaluationAttribute.orEmpty().startsWith("Plan"))
    }

    @Test
    fun `edits work with futures and blocking functions`() = simulated { client, simulator ->
        val shop = client.shop()
        val (environment, flag) = shop.environment.environmentId to shop.flag.settingId
        val future = client.futures().flagValues.edit(environment, flag, { it.copy(defaultValue = flagValue(true)) })
        assertEquals(true, future.get()?.defaultValue?.value?.asBoolean)
        val blocking = client.blocking().flagValues
        assertNull(blocking.edit(environment, flag, { it.copy(defaultValue = flagValue(true)) }))
        val outdated = client.futures().flagValues.edit(environment, flag, { mine ->
            blocking.edit(environment, flag, { it.copy(percentageEvaluationAttribute = Field.of("Plan")) })
            mine.copy(defaultValue = flagValue(false))
        })
        val error = assertThrows(CompletionException::class.java) { outdated.join() }
        assertTrue(error.cause is SettingFormulaConflictException, "${error.cause}")
        assertTrue("\"count\":3" in patches(simulator), patches(simulator))
    }

    @Test
    fun `metadata of a flag is edited`() = simulated { client, _ ->
        val shop = client.shop()
        val tag = client.tags.create(shop.product.productId, CreateTag("ops")).tagId
        val after = client.settings.edit(shop.flag.settingId) { it.copy(tags = Field.of(listOf(tag))) }
        assertEquals(listOf(tag), after?.tags?.map { it.tagId })
        assertNull(client.settings.edit(shop.flag.settingId) { it.copy(tags = Field.of(listOf(tag))) })
    }

    @Test
    fun `a diff of drafts is accepted by the service`() = simulated { client, _ ->
        val shop = client.shop()
        val before = UpdateEvaluationFormula(flagValue(false))
        val patch = jsonPatchDiff(before, before.copy(defaultValue = flagValue(true)))
        val after = client.flagValues.patch(shop.environment.environmentId, shop.flag.settingId, patch)
        assertEquals(true, after?.defaultValue?.value?.asBoolean)
        assertTrue(jsonPatchDiff(before, before).isEmpty())
    }
}
