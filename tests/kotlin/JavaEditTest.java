package configcat.management.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import configcat.management.Blocking;
import configcat.management.Edits;
import configcat.management.Field;
import configcat.management.ManagementClient;
import configcat.management.SettingFormulaConflictException;
import configcat.management.SettingValues;
import configcat.management.models.UpdateEvaluationFormula;
import configcat.management.models.UpdateFlagValue;
import configcat.management.testing.Simulator;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Edits and patches as used from Java. */
class JavaEditTest {
    /** A flag of the seed in an environment. */
    private record Place(String environment, int flag) {
        static Place of(Blocking blocking) {
            var product = blocking.getProducts().find("Web Shop").getProductId();
            var config = blocking.getConfigs().find(product, "Storefront").getConfigId();
            var environment = blocking.getEnvironments().find(product, "Test").getEnvironmentId();
            return new Place(environment, blocking.getSettings().find(config, "newCheckout").getSettingId());
        }
    }

    private static UpdateFlagValue flagValue(boolean value) {
        return new UpdateFlagValue(SettingValues.settingValue(value));
    }

    private static UpdateEvaluationFormula switched(UpdateEvaluationFormula draft, boolean value) {
        return draft.withDefaultValue(flagValue(value));
    }

    @Test
    void editSendsOnlyWhatChanged() {
        try (Simulator simulator = new Simulator("demo"); ManagementClient client = simulator.client()) {
            var blocking = client.blocking();
            var place = Place.of(blocking);
            var values = blocking.getFlagValues();
            values.edit(place.environment(), place.flag(), draft -> switched(draft, false));
            simulator.admin("DELETE", "/journal");
            var after = values.edit(place.environment(), place.flag(), draft -> switched(draft, true));
            assertEquals(true, SettingValues.getAsBoolean(after.getDefaultValue().getValue()));
            var sent = simulator.admin("GET", "/journal?operation=flag_values.patch").getBody();
            var patch = "\"requestBody\":[{\"op\":\"replace\",\"path\":\"/defaultValue/boolValue\",\"value\":true}]";
            assertTrue(sent.contains(patch), sent);
            assertNull(values.edit(place.environment(), place.flag(), draft -> switched(draft, true)));
        }
    }

    @Test
    void conflictIsTheCauseOfTheCompletionException() {
        try (Simulator simulator = new Simulator("demo"); ManagementClient client = simulator.client()) {
            var blocking = client.blocking();
            var place = Place.of(blocking);
            blocking.getFlagValues().edit(place.environment(), place.flag(), draft -> switched(draft, false));
            var edit = client.futures().getFlagValues().edit(place.environment(), place.flag(), mine -> {
                blocking.getFlagValues().edit(
                    place.environment(), place.flag(),
                    theirs -> theirs.withPercentageEvaluationAttribute(Field.of("Plan")));
                return switched(mine, true);
            });
            var error = assertThrows(CompletionException.class, edit::join);
            var conflict = assertInstanceOf(SettingFormulaConflictException.class, error.getCause());
            assertEquals("Plan", conflict.getTheirs().getPercentageEvaluationAttribute());
            assertEquals(flagValue(true), conflict.getMine().getDefaultValue());
            assertEquals(1, conflict.getPatch().size());
        }
    }

    @Test
    void patchOfTwoDraftsIsAcceptedByTheService() {
        try (Simulator simulator = new Simulator("demo"); ManagementClient client = simulator.client()) {
            var blocking = client.blocking();
            var place = Place.of(blocking);
            blocking.getFlagValues().edit(place.environment(), place.flag(), draft -> switched(draft, false));
            var before = new UpdateEvaluationFormula(flagValue(false));
            var patch = Edits.jsonPatchDiff(before, switched(before, true));
            var after = blocking.getFlagValues().patch(place.environment(), place.flag(), patch);
            assertEquals(true, SettingValues.getAsBoolean(after.getDefaultValue().getValue()));
            assertEquals(0, Edits.jsonPatchDiff(before, before).size());
        }
    }
}
