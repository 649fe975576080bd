package configcat.management.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import configcat.management.ConfigCatException;
import configcat.management.ManagementClient;
import configcat.management.ClientOptions;
import configcat.management.models.RateLimitPolicy;
import configcat.management.testing.Fault;
import configcat.management.testing.Simulator;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The simulator in the process of a test, as used from Java. */
class JavaSimulatorTest {
    @Test
    void typedFaultsApplyToTheirRequests() {
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client()) {
            simulator.addFault(new Fault().withOperation("me.get").withStatus(429).withRetryAfter(7).withTimes(1));
            var me = client.withOptions(null, 1).blocking().getMe();
            var error = assertThrows(ConfigCatException.RateLimited.class, me::get);
            assertTrue(error.isRetryable());
            assertEquals(Duration.ofSeconds(7), error.getRetryAfter());
            assertEquals("simulator@example.com", me.get().getEmail());
            assertEquals(2, simulator.requests("me.get"));
            var entries = simulator.journal("me.get", 429);
            assertEquals(1, entries.size());
            assertEquals("GET /v1/me", entries.get(0).getMethod() + " " + entries.get(0).getPath());
        }
    }

    @Test
    void clockCanBeAdvanced() {
        var options = new ClientOptions().withRateLimitPolicy(RateLimitPolicy.OFF).withMaxAttempts(1);
        try (Simulator simulator = new Simulator(null, "1/3600"); ManagementClient client = simulator.client(options)) {
            var me = client.blocking().getMe();
            me.get();
            assertThrows(ConfigCatException.RateLimited.class, me::get);
            simulator.advanceClock(Duration.ofHours(2));
            me.get();
        }
    }

    @Test
    void seedPlantsWhatItDescribes() {
        var seed = "{\"organizations\":[{\"name\":\"Mine\",\"products\":[{\"name\":\"P\"}]}]}";
        try (Simulator simulator = new Simulator(seed); ManagementClient client = simulator.client()) {
            assertEquals("P", client.blocking().getProducts().list().get(0).getName());
        }
    }
}
