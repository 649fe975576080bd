package configcat.management.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import configcat.management.BulkResult;
import configcat.management.ConfigCatException;
import configcat.management.Field;
import configcat.management.JsonValues;
import configcat.management.ManagementClient;
import configcat.management.Rules;
import configcat.management.SettingValues;
import configcat.management.WebhookException;
import configcat.management.WebhookVerifier;
import configcat.management.When;
import configcat.management.models.CreateProduct;
import configcat.management.models.CreateTag;
import configcat.management.models.Me;
import configcat.management.models.Product;
import configcat.management.models.UpdateComparisonValue;
import configcat.management.models.UpdateCondition;
import configcat.management.models.UserComparators;
import configcat.management.testing.Simulator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
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
    void errorsCanBeCaughtWhereTheyAreThrown() {
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client()) {
            String caught = "nothing";
            try {
                client.blocking().getProducts().get("\uD83D");
            } catch (ConfigCatException.BadRequest e) {
                caught = e.getFieldErrors().keySet().toString();
            }
            assertEquals("[productId]", caught);
            try {
                new WebhookVerifier(List.of("key")).verify("id", "1", "signature", new byte[0]);
            } catch (WebhookException e) {
                caught = e.getMessage();
            }
            assertTrue(caught.startsWith("the id must have"), caught);
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
            var body = new String(raw.getBody(), StandardCharsets.UTF_8);
            assertEquals(raw.getValue(), JsonValues.parseJsonValue(body));
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
    void itemsAreFoundByName() {
        try (Simulator simulator = new Simulator("demo"); ManagementClient client = simulator.client()) {
            var shop = client.blocking().getProducts().find("Web Shop");
            var call = client.futures().getConfigs().find(shop.getProductId(), "Storefrnt");
            var error = assertThrows(CompletionException.class, call::join);
            assertInstanceOf(ConfigCatException.NotFound.class, error.getCause());
            assertTrue(error.getCause().getMessage().contains("did you mean 'Storefront'?"));
        }
    }

    @Test
    void bulkCollectsOutcomesInOrder() {
        try (Simulator simulator = new Simulator("demo"); ManagementClient client = simulator.client()) {
            var futures = client.futures();
            var id = client.blocking().getProducts().find("Web Shop").getProductId();
            var calls = Stream.of(id, "20000000-0000-4000-8000-00000000ffff", id)
                .<Supplier<CompletableFuture<Product>>>map(product -> () -> futures.getProducts().get(product))
                .toList();
            var done = new AtomicInteger();
            BulkResult<Product> result = futures.bulk(calls, 2, done::set).join();
            assertEquals(3, done.get());
            assertEquals("Web Shop", result.get(2).getValue().getName());
            assertInstanceOf(ConfigCatException.NotFound.class, result.get(1).getError());
            assertEquals(1, result.getFailed().size());
            assertEquals(2, result.getValues().size());
            assertThrows(ConfigCatException.NotFound.class, result::getOrThrow);
            assertThrows(IllegalArgumentException.class, () -> futures.bulk(calls, 0));
        }
    }

    @Test
    void cancelledBulkLeavesNoCallRunning() throws Exception {
        try (Simulator simulator = new Simulator("demo"); ManagementClient client = simulator.client()) {
            simulator.admin("POST", "/faults", "{\"operation\":\"me.get\",\"delayMs\":20000}");
            List<Supplier<CompletableFuture<Me>>> calls = Collections.nCopies(50, () -> client.futures().getMe().get());
            var bulk = client.futures().bulk(calls, 4);
            while (client.getRateLimit().getInFlight() < 4) {
                Thread.sleep(5);
            }
            assertTrue(bulk.cancel(true));
            for (int i = 0; i < 400 && client.getRateLimit().getInFlight() > 0; i++) {
                Thread.sleep(5);
            }
            assertEquals(0, client.getRateLimit().getInFlight());
            assertEquals(4, client.getUsage().getRequests());
        }
    }

    @Test
    void streamOfPagesIsLazy() {
        try (Simulator simulator = new Simulator("demo"); ManagementClient client = simulator.client()) {
            var blocking = client.blocking();
            var product = blocking.getProducts().find("Web Shop").getProductId();
            for (int i = 0; i < 5; i++) {
                blocking.getTags().create(product, new CreateTag("tag " + i));
            }
            var before = client.getUsage().getRequests();
            try (var entries = blocking.getAuditLogs().iterate(product, null, null, null, null, null, 2)) {
                assertEquals(before, client.getUsage().getRequests());
                assertEquals(3, entries.limit(3).count());
            }
            assertEquals(before + 2, client.getUsage().getRequests());
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

    @Test
    void rulesFitOnALine() {
        var rule = Rules.serve(SettingValues.settingValue(true), When.email().endsWithAnyOf("@example.com"));
        var condition = rule.getConditions().valueOrNull().get(0);
        var user = assertInstanceOf(UpdateCondition.User.class, condition).getV1();
        assertEquals("Email", user.getComparisonAttribute());
        assertEquals(UserComparators.TEXT_ENDS_WITH_ANY_OF, user.getComparator());
        assertInstanceOf(UpdateComparisonValue.List.class, user.getComparisonValue());
    }
}
