package configcat.management.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import configcat.management.Blocking;
import configcat.management.ConfigCatException;
import configcat.management.Field;
import configcat.management.ManagementClient;
import configcat.management.Rules;
import configcat.management.SettingValues;
import configcat.management.When;
import configcat.management.models.ComparisonValue;
import configcat.management.models.Condition;
import configcat.management.models.UpdateCondition;
import configcat.management.models.UpdateEvaluationFormula;
import configcat.management.models.UpdateFlagValue;
import configcat.management.models.UserComparator;
import configcat.management.models.UserCondition;
import configcat.management.testing.Simulator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules and flags that are turned on, as used from Java. */
class JavaRulesTest {
    private static String environment(Blocking blocking) {
        var product = blocking.getProducts().find("Web Shop").getProductId();
        return blocking.getEnvironments().find(product, "Test").getEnvironmentId();
    }

    private static int flag(Blocking blocking) {
        var product = blocking.getProducts().find("Web Shop").getProductId();
        var config = blocking.getConfigs().find(product, "Storefront").getConfigId();
        return blocking.getSettings().find(config, "newCheckout").getSettingId();
    }

    @Test
    void flagIsTurnedOnAndOffAndByPercentage() {
        try (Simulator simulator = new Simulator("demo"); ManagementClient client = simulator.client()) {
            var blocking = client.blocking();
            var environment = environment(blocking);
            var flag = flag(blocking);
            var values = blocking.getFlagValues();
            values.turnOff(environment, flag);
            var on = values.turnOn(environment, flag, "Launch");
            assertEquals(true, SettingValues.getAsBoolean(on.getDefaultValue().getValue()));
            var rules = values.setPercentage(environment, flag, 20).getTargetingRules();
            var options = rules.get(rules.size() - 1).getPercentageOptions();
            assertEquals(List.of(20, 80), options.stream().map(option -> option.getPercentage()).toList());
            assertThrows(ConfigCatException.BadRequest.class, () -> values.setPercentage(environment, flag, 101));
        }
    }

    @Test
    void percentageOptionsKeepTheirOrder() {
        try (Simulator simulator = new Simulator("demo"); ManagementClient client = simulator.client()) {
            var blocking = client.blocking();
            var on = SettingValues.settingValue(true);
            var off = SettingValues.settingValue(false);
            var rule = Rules.split(List.of(Rules.percentage(20, on), Rules.percentage(80, off)), When.country().equalTo("Norway"));
            var values = blocking.getFlagValues();
            var after = values.edit(environment(blocking), flag(blocking), draft -> draft.withTargetingRules(Field.of(List.of(rule))));
            var written = after.getTargetingRules().get(0);
            assertEquals(1, written.getConditions().size());
            assertEquals(List.of(20, 80), written.getPercentageOptions().stream().map(option -> option.getPercentage()).toList());
            var served = written.getPercentageOptions().stream().map(option -> option.getValue().getValue()).toList();
            assertEquals(List.of(on, off), served);
        }
    }

    @Test
    void conditionWithoutAMemberIsRefused() {
        try (Simulator simulator = new Simulator("demo"); ManagementClient client = simulator.client()) {
            var blocking = client.blocking();
            var rule = Rules.serve(SettingValues.settingValue(true), new UpdateCondition.Unknown(Map.of()));
            var off = new UpdateFlagValue(SettingValues.settingValue(false));
            var formula = new UpdateEvaluationFormula(off, Field.of(List.of(rule)));
            var environment = environment(blocking);
            var flag = flag(blocking);
            var error = assertThrows(
                ConfigCatException.BadRequest.class,
                () -> blocking.getFlagValues().replace(environment, flag, formula));
            assertTrue(error.getMessage().contains("must have exactly one of"), error.getMessage());
        }
    }

    @Test
    void modelsOfResponsesCanBeConstructed() {
        var value = new ComparisonValue.String("a");
        var user = new UserCondition("Email", UserComparator.TextEquals.INSTANCE, value, Map.of());
        assertEquals(user, new Condition.User(user).getV1());
    }
}
