package configcat.management.tests

import configcat.management.ConfigCatException
import configcat.management.Field
import configcat.management.Rules
import configcat.management.When
import configcat.management.asBoolean
import configcat.management.models.ComparisonValue
import configcat.management.models.Condition
import configcat.management.models.CreateSetting
import configcat.management.models.SettingType
import configcat.management.models.UpdateCondition
import configcat.management.models.UpdateEvaluationFormula
import configcat.management.models.UpdateFlagValue
import configcat.management.models.UserComparator
import configcat.management.models.UserCondition
import configcat.management.models.listValue
import configcat.management.models.segmentCondition
import configcat.management.models.userCondition
import configcat.management.settingValue
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class RulesTest {
    @Test
    fun `rules of every type fit on a line`() = simulated { client, _ ->
        val shop = client.shop()
        val rules = listOf(
            Rules.serve(settingValue(true), When.email().endsWithAnyOf("@example.com"), When.attribute("Age").numberLess(18.0)),
            Rules.split(mapOf(settingValue(true) to 20, settingValue(false) to 80), When.country().equalTo("Norway")),
        )
        val formula = UpdateEvaluationFormula(UpdateFlagValue(settingValue(false)), Field.of(rules))
        val state = client.flagValues.replace(shop.environment.environmentId, shop.flag.settingId, formula)
        val (email, age) = state.targetingRules[0].conditions
        assertEquals(UserComparator.TextEndsWithAnyOf, email.userCondition?.comparator)
        assertEquals("@example.com", email.userCondition?.comparisonValue?.listValue?.single()?.value)
        assertNull(email.segmentCondition)
        val user = (age as Condition.User).v1
        assertEquals(ComparisonValue.Double(18.0), user.comparisonValue)
        assertEquals(listOf(20, 80), state.targetingRules[1].percentageOptions.map { it.percentage })
    }

    @Test
    fun `a condition without a member is refused`() = simulated { client, _ ->
        val shop = client.shop()
        val rule = Rules.serve(settingValue(true), UpdateCondition.Unknown(emptyMap()))
        val formula = UpdateEvaluationFormula(UpdateFlagValue(settingValue(false)), Field.of(listOf(rule)))
        val error = failing<ConfigCatException.BadRequest> {
            client.flagValues.replace(shop.environment.environmentId, shop.flag.settingId, formula)
        }
        assertTrue("targetingRules[0].conditions[0]: must have exactly one of" in error.message.orEmpty(), error.message)
    }

    @Test
    fun `a flag is turned on and off and by percentage`() = simulated { client, _ ->
        val shop = client.shop()
        val (environment, flag) = shop.environment.environmentId to shop.flag.settingId
        assertEquals(true, client.flagValues.turnOn(environment, flag, reason = "Launch")?.defaultValue?.value?.asBoolean)
        val split = client.flagValues.setPercentage(environment, flag, 20)
        assertEquals(listOf(20, 80), split?.targetingRules?.single()?.percentageOptions?.map { it.percentage })
        val off = client.flagValues.turnOff(environment, flag)
        assertEquals(false, off?.defaultValue?.value?.asBoolean)
        assertEquals(0, off?.targetingRules?.size)
        val text = CreateSetting(name = "Colour", key = "colour", settingType = SettingType.String)
        val colour = client.settings.create(shop.config.configId, text).settingId
        val error = failing<ConfigCatException.BadRequest> { client.flagValues.turnOn(environment, colour) }
        assertEquals("cannot turn on the flag colour: its type is string, not boolean", error.message)
    }

    @Test
    fun `models of responses can be constructed`() {
        val user = UserCondition("Email", UserComparator.TextEquals, ComparisonValue.String("a"))
        assertEquals(user, Condition.User(user).userCondition)
    }
}
