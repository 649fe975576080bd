package configcat.management.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import configcat.management.ConfigCatException;
import configcat.management.Field;
import configcat.management.ManagementClient;
import configcat.management.SettingValues;
import configcat.management.models.CreateProduct;
import configcat.management.models.Product;
import configcat.management.testing.Simulator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Kotlin package as used from Java. */
class JavaInteropTest {
    @Test
    void chainedFuturesComplete() {
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client()) {
            var futures = client.futures();
            Product product = futures.getOrganizations().list()
                .thenCompose(all -> futures.getProducts().create(
                    all.get(0).getOrganizationId(), new CreateProduct("Web shop", Field.of("All of it"))))
                .join();
            assertEquals("All of it", product.getDescription());
            assertEquals(1, futures.getProducts().list().join().size());
        }
    }

    @Test
    void optionalConstructorParametersCanBeOmitted() {
        assertEquals(new CreateProduct("Web shop", Field.absent()), new CreateProduct("Web shop"));
        assertEquals("true", SettingValues.getText(SettingValues.settingValue(true)));
    }

    @Test
    void notFoundIsTheCauseOfTheCompletionException() {
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client()) {
            var patient = client.withOptions(Duration.ofSeconds(10));
            var call = patient.futures().getProducts().get("00000000-0000-4000-8000-000000000000");
            var error = assertThrows(CompletionException.class, call::join);
            var cause = assertInstanceOf(ConfigCatException.NotFound.class, error.getCause());
            assertEquals(404, cause.getStatus());
        }
    }

    @Test
    void blockingCallsReturnValuesAndStreams() {
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client()) {
            var blocking = client.blocking();
            var organization = blocking.getOrganizations().list().get(0);
            var shop = blocking.getProducts().create(organization.getOrganizationId(), new CreateProduct("Web shop"));
            assertEquals("Web shop", blocking.getProducts().get(shop.getProductId()).getName());
            try (var entries = blocking.getAuditLogs().iterate(shop.getProductId())) {
                assertEquals(1, entries.count());
            }
            var missing = assertThrows(
                ConfigCatException.NotFound.class,
                () -> blocking.getProducts().get("00000000-0000-4000-8000-000000000000"));
            assertEquals(404, missing.getStatus());
        }
    }

    @Test
    void rawRequestsAndWholeResponsesNeedNoCoroutines() throws Exception {
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client()) {
            var blocking = client.blocking();
            var raw = blocking.request("GET", "/v1/me", Map.of("page", 1));
            assertEquals(200, raw.getStatus());
            assertEquals(raw.getValue(), new String(raw.getBody(), StandardCharsets.UTF_8));
            var whole = blocking.withResponse(calls -> calls.getMe().get());
            assertEquals("simulator@example.com", whole.getValue().getEmail());
            assertEquals(1, whole.getAttempts());
            var futures = client.withOptions(null, 1, Map.of("X-Team", "java")).futures();
            assertEquals(200, futures.request("GET", "/v1/me").get().getStatus());
            assertEquals(200, futures.withResponse(calls -> calls.getMe().get()).get().getStatus());
            var error = assertThrows(ConfigCatException.NotFound.class, () -> blocking.request("GET", "/v1/nothing"));
            assertEquals("/v1/nothing", error.getPathTemplate());
            assertEquals("GET /v1/nothing", error.getOperation());
        }
    }

    @Test
    void blockingCallsOfManyThreadsEndWithTheClient() throws Exception {
        try (Simulator simulator = new Simulator()) {
            ManagementClient client = simulator.client();
            var blocking = client.blocking();
            assertEquals(0, blocking.getProducts().list().size());
            var fault = simulator.admin("POST", "/faults", "{\"operation\":\"products.list\",\"delayMs\":20000}");
            assertEquals(2, fault.getStatus() / 100);
            var pool = Executors.newFixedThreadPool(8);
            var calls = Stream.generate(() -> pool.submit(() -> blocking.getProducts().list())).limit(8).toList();
            Thread.sleep(200);
            client.close();
            for (var call : calls) {
                var error = assertThrows(ExecutionException.class, () -> call.get(5, TimeUnit.SECONDS));
                assertInstanceOf(ConfigCatException.Cancelled.class, error.getCause());
            }
            pool.shutdown();
            assertThrows(IllegalStateException.class, () -> client.blocking());
        }
    }
}
