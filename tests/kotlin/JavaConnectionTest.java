package configcat.management.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import configcat.management.AttemptEvent;
import configcat.management.ClientOptions;
import configcat.management.ConfigCatException;
import configcat.management.CredentialProvider;
import configcat.management.Credentials;
import configcat.management.JsonValues;
import configcat.management.Log;
import configcat.management.ManagementClient;
import configcat.management.Observer;
import configcat.management.OutcomeEvent;
import configcat.management.models.CassetteMode;
import configcat.management.models.LogLevel;
import configcat.management.testing.Simulator;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Connections, credentials and events of clients, as used from Java. */
class JavaConnectionTest {
    @Test
    void observerReceivesAttemptsAndOutcomes() {
        try (Simulator simulator = new Simulator()) {
            simulator.admin(
                "POST", "/faults", "{\"operation\":\"products.list\",\"status\":503,\"retryAfter\":0,\"times\":1}");
            var seen = new ConcurrentLinkedQueue<String>();
            var observer = new Observer() {
                @Override
                public void attempt(AttemptEvent event) {
                    seen.add("attempt " + event.getOperation() + " " + event.getAttempt());
                }

                @Override
                public void outcome(OutcomeEvent event) {
                    seen.add("outcome " + event.getStatus());
                    throw new IllegalStateException("ignored");
                }
            };
            try (ManagementClient client = simulator.client(new ClientOptions(), observer)) {
                client.blocking().getProducts().list();
            }
            var expected = List.of("attempt products.list 1", "outcome 503", "attempt products.list 2", "outcome 200");
            assertEquals(expected, List.copyOf(seen));
        }
    }

    @Test
    void credentialProviderIsCalledOncePerCall() {
        try (Simulator simulator = new Simulator()) {
            var options = new ClientOptions().withBaseUrl(simulator.getUrl());
            var calls = new AtomicInteger();
            var provider = CredentialProvider.of(() -> {
                calls.incrementAndGet();
                return new Credentials(simulator.getUsername(), simulator.getPassword());
            });
            try (ManagementClient client = new ManagementClient(provider, options)) {
                client.blocking().getOrganizations().list();
                client.futures().getProducts().list().join();
            }
            assertEquals(2, calls.get());
            var later = CredentialProvider.ofFuture(() -> CompletableFuture.supplyAsync(
                () -> new Credentials(simulator.getUsername(), simulator.getPassword())));
            try (ManagementClient client = new ManagementClient(later, options)) {
                assertEquals(0, client.blocking().getProducts().list().size());
            }
            var locked = CredentialProvider.of(() -> {
                throw new IllegalStateException("the key store is locked");
            });
            try (ManagementClient client = new ManagementClient(locked, options)) {
                var products = client.blocking().getProducts();
                var error = assertThrows(ConfigCatException.Authentication.class, products::list);
                assertTrue(error.getMessage().contains("the key store is locked"), error.getMessage());
                assertEquals(0, error.getAttempts());
            }
        }
    }

    @Test
    void networkChangeFailsAnAttemptImmediately() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            silent.setSoTimeout(10_000);
            var options = new ClientOptions()
                .withBaseUrl("http://127.0.0.1:" + silent.getLocalPort())
                .withProxy("")
                .withMaxAttempts(1);
            try (ManagementClient client = new ManagementClient("user", "hunter2", options)) {
                var call = client.futures().getProducts().list();
                try (var connection = silent.accept()) {
                    assertTrue(connection.getInputStream().read() >= 0);
                    client.networkChanged();
                    var error = assertThrows(CompletionException.class, call::join);
                    var cause = assertInstanceOf(ConfigCatException.Connection.class, error.getCause());
                    assertTrue(cause.isRetryable() && cause.getMessage().contains("network"), cause.getMessage());
                }
            }
        }
    }

    @Test
    void clientCertificateIsSentToAServerThatRequiresOne() {
        var options = new ClientOptions()
            .withBaseUrl(variable("MUTUAL_URL"))
            .withProxy("")
            .withMaxAttempts(1)
            .withRootCertificates(List.of(variable("MUTUAL_AUTHORITY")));
        try (ManagementClient client = new ManagementClient("user", "hunter2", options)) {
            var me = client.blocking().getMe();
            assertThrows(ConfigCatException.Connection.class, me::get);
        }
        var identified = options.withClientCertificate(variable("MUTUAL_CERTIFICATE"));
        try (ManagementClient client = new ManagementClient("user", "hunter2", identified)) {
            var me = client.blocking().getMe();
            assertEquals(400, assertThrows(ConfigCatException.BadRequest.class, me::get).getStatus());
        }
    }

    private static String variable(String name) {
        return Objects.requireNonNull(System.getenv(name), "run the tests by `cargo xtask test kotlin`");
    }

    @Test
    void unknownFieldsOfAResponseAreKept() {
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client()) {
            var body = "{\"email\":\"a@example.com\",\"fullName\":\"A\",\"shoeSize\":{\"eu\":42}}";
            simulator.admin("POST", "/faults", "{\"operation\":\"me.get\",\"body\":" + body + "}");
            var size = client.blocking().getMe().get().getExtra().get("shoeSize");
            assertEquals(42L, JsonValues.getAsLong(JsonValues.get(size, "eu")));
        }
    }

    @Test
    void rateLimitIsReportedAfterEachChange() throws Exception {
        try (Simulator simulator = new Simulator(null, "50/60"); ManagementClient client = simulator.client()) {
            var seen = new LinkedBlockingQueue<Long>();
            try (var ignored = client.onRateLimit(limit -> seen.add(limit.getRemaining() == null ? -1 : limit.getRemaining()))) {
                assertEquals(-1, seen.poll(10, TimeUnit.SECONDS));
                client.blocking().getOrganizations().list();
                assertEquals(49, seen.poll(10, TimeUnit.SECONDS));
            }
            client.blocking().getOrganizations().list();
            assertNull(seen.poll(200, TimeUnit.MILLISECONDS));
            assertEquals(48, client.getRateLimit().getRemaining());
        }
    }

    @Test
    void errorsTellWhetherARetryMayHelp() {
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client()) {
            simulator.admin("POST", "/faults", "{\"operation\":\"me.get\",\"status\":429,\"retryAfter\":7}");
            var me = client.withOptions(Duration.ofSeconds(5), 1).blocking().getMe();
            var error = assertThrows(ConfigCatException.RateLimited.class, me::get);
            assertTrue(error.isRetryable());
            assertEquals(1, error.getAttempts());
            assertEquals(Duration.ofSeconds(7), error.getRetryAfter());
        }
    }

    @Test
    @ResourceLock("log")
    void logHandlerReceivesLinesUntilItIsRemoved() {
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client()) {
            var lines = new ConcurrentLinkedQueue<String>();
            Log.setLog(LogLevel.DEBUG, (level, message) -> lines.add(level + " " + message));
            client.blocking().getMe().get();
            Log.setLog(LogLevel.DEBUG, null);
            var seen = List.copyOf(lines);
            var found = seen.stream().anyMatch(line -> line.startsWith("DEBUG") && line.contains("status=200"));
            assertTrue(found, seen.toString());
            client.blocking().getMe().get();
            assertEquals(seen, List.copyOf(lines));
        }
    }

    @Test
    void operationsCanBeCalledByName() throws Exception {
        try (Simulator simulator = new Simulator("demo"); ManagementClient client = simulator.client()) {
            var shop = client.blocking().getProducts().find("Web Shop").getProductId();
            var tag = client.blocking().call("tags.create", Map.of("product_id", shop, "name", "ops"));
            assertEquals(201, tag.getStatus());
            var me = client.futures().call("me.get").get().getValue();
            assertEquals("simulator@example.com", JsonValues.getAsString(JsonValues.get(me, "email")));
        }
    }

    @Test
    void recordingIsPlayedBackWithoutAServer(@TempDir Path directory) {
        var options = new ClientOptions().withCassette(directory.resolve("me.jsonl").toString());
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client(options)) {
            client.blocking().getMe().get();
        }
        var replay = options.withCassetteMode(CassetteMode.REPLAY).withBaseUrl("http://127.0.0.1:1");
        try (ManagementClient client = new ManagementClient("user", "hunter2", replay)) {
            var me = client.blocking().getMe();
            assertEquals("***@example.com", me.get().getEmail());
            assertThrows(ConfigCatException.Configuration.class, me::get);
        }
    }

    @Test
    void requestsAreSentThroughTheProxy() {
        try (Simulator simulator = new Simulator()) {
            // The simulator is the proxy of a host that does not exist.
            var options = new ClientOptions()
                .withBaseUrl("http://configcat.invalid")
                .withAllowHttp(true)
                .withProxy(simulator.getUrl());
            try (ManagementClient client =
                new ManagementClient(simulator.getUsername(), simulator.getPassword(), options)) {
                assertEquals("simulator@example.com", client.blocking().getMe().get().getEmail());
            }
            var broken = options.withRootCertificates(List.of("no certificate"));
            assertThrows(
                ConfigCatException.Configuration.class, () -> new ManagementClient("user", "hunter2", broken));
        }
    }
}
