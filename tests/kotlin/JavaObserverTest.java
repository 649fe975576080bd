package configcat.management.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import configcat.management.AttemptEvent;
import configcat.management.ClientOptions;
import configcat.management.ConfigCatException;
import configcat.management.ManagementClient;
import configcat.management.Observer;
import configcat.management.testing.Fault;
import configcat.management.testing.Simulator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Observers as used from Java. */
class JavaObserverTest {
    @Test
    void observerOfTheDocumentationMakesSpans() {
        var spans = new CopyOnWriteArrayList<JavaSpanObserver.Span>();
        try (Simulator simulator = new Simulator();
                ManagementClient client = simulator.client(new ClientOptions(), new JavaSpanObserver(spans::add))) {
            simulator.addFault(new Fault().withOperation("products.get").withStatus(503).withTimes(1).withRetryAfter(0));
            var products = client.blocking().getProducts();
            assertThrows(ConfigCatException.NotFound.class, () -> products.get("20000000-0000-4000-8000-00000000ffff"));
        }
        var attempt = "GET /v1/products/{productId}";
        assertEquals(List.of(attempt, attempt, "products.get"), spans.stream().map(JavaSpanObserver.Span::name).toList());
        var errors = spans.stream().map(span -> span.attributes().get("error.type")).toList();
        assertEquals(List.of("503", "404", "not_found"), errors);
        assertEquals(1, spans.get(1).attributes().get("http.request.resend_count"));
        assertEquals("127.0.0.1", spans.get(1).attributes().get("server.address"));
        assertTrue(spans.stream().allMatch(span -> span.call() == spans.get(0).call()));
    }

    @Test
    void headersOfAnAttemptAreMadeForEachOne() {
        var tracer = new Observer() {
            @Override
            public Map<String, String> headers(AttemptEvent event) {
                return Map.of("X-Token", "token-" + event.getAttempt(), "X-Team", event.getOperation());
            }
        };
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client(new ClientOptions(), tracer)) {
            simulator.addFault(new Fault().withOperation("me.get").withStatus(503).withTimes(1).withRetryAfter(0));
            client.withOptions(null, null, Map.of("X-Team", "mine")).blocking().getMe().get();
            var sent = simulator.journal("me.get");
            var tokens = sent.stream().map(entry -> entry.getRequestHeaders().get("x-token")).toList();
            assertEquals(List.of("token-1", "token-2"), tokens);
            assertTrue(sent.stream().allMatch(entry -> entry.getRequestHeaders().get("x-team").equals("mine")));
        }
    }
}
