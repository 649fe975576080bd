package configcat.management.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import configcat.management.ConfigCatException;
import configcat.management.ManagementClient;
import configcat.management.PagedItems;
import configcat.management.models.AuditLogEntry;
import configcat.management.models.CreateTag;
import configcat.management.testing.Fault;
import configcat.management.testing.Simulator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists with pages, as futures. The tests read pages of two entries. */
class JavaPagesTest {
    private static final String PAGES = "audit_logs.list";

    private final Simulator simulator = new Simulator("demo");
    private final ManagementClient client = simulator.client();
    private String product;

    @BeforeEach
    void addEntries() {
        product = client.blocking().getProducts().find("Web Shop").getProductId();
        for (int i = 0; i < 5; i++) {
            client.blocking().getTags().create(product, new CreateTag("tag " + i));
        }
    }

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    private PagedItems<AuditLogEntry> entries() {
        return client.futures().getAuditLogs().iterate(product, null, null, null, null, null, 2);
    }

    private List<AuditLogEntry> expected() {
        try (var all = client.blocking().getAuditLogs().iterate(product)) {
            var list = all.toList();
            simulator.clearJournal();
            return list;
        }
    }

    @Test
    void itemsOfEveryPageArePassedInOrder() {
        var expected = expected();
        var seen = new ArrayList<AuditLogEntry>();
        entries().forEach(seen::add).join();
        assertEquals(expected, seen);
        assertEquals((expected.size() + 1) / 2, simulator.requests(PAGES));
        assertEquals(expected, entries().toList().join());
    }

    @Test
    void pagesBeyondTheLimitAreNotFetched() {
        var first = expected().subList(0, 3);
        var limited = entries().limit(3);
        assertEquals(0, simulator.requests(PAGES));
        assertEquals(first, limited.toList().join());
        assertEquals(2, simulator.requests(PAGES));
        assertEquals(List.of(), entries().limit(0).toList().join());
        assertEquals(2, simulator.requests(PAGES));
        assertThrows(IllegalArgumentException.class, () -> entries().limit(-1));
    }

    @Test
    void errorOfAPageFailsTheFuture() {
        simulator.addFault(new Fault(PAGES).withStatus(403).withBody("{}").withTimes(1));
        var error = assertThrows(CompletionException.class, () -> entries().toList().join());
        assertInstanceOf(ConfigCatException.Permission.class, error.getCause());
        var own = assertThrows(CompletionException.class, () -> entries().forEach(entry -> {
            throw new IllegalStateException("enough");
        }).join());
        assertEquals("enough", own.getCause().getMessage());
    }

    @Test
    void cancelledFutureLeavesNoCallRunning() throws Exception {
        simulator.addFault(new Fault(PAGES).withDelayMs(20_000));
        var all = entries().toList();
        while (client.getRateLimit().getInFlight() < 1) {
            Thread.sleep(5);
        }
        all.cancel(true);
        for (int i = 0; i < 400 && client.getRateLimit().getInFlight() > 0; i++) {
            Thread.sleep(5);
        }
        assertEquals(0, client.getRateLimit().getInFlight());
    }

    @Test
    void subscriberReceivesWhatItRequests() throws Exception {
        var expected = expected();
        var subscriber = new Collector();
        entries().publisher().subscribe(subscriber);
        var subscription = subscriber.subscribed.get(5, TimeUnit.SECONDS);
        assertEquals(0, simulator.requests(PAGES));
        subscription.request(1);
        assertEquals(expected.get(0), subscriber.next());
        assertEquals(1, simulator.requests(PAGES));
        subscription.request(2);
        assertEquals(expected.get(1), subscriber.next());
        assertEquals(expected.get(2), subscriber.next());
        assertEquals(0, subscriber.items.size());
        subscription.request(Long.MAX_VALUE);
        subscription.request(Long.MAX_VALUE);
        subscriber.ended.get(5, TimeUnit.SECONDS);
        assertEquals(expected.subList(3, expected.size()), new ArrayList<>(subscriber.items));
    }

    @Test
    void subscriberReceivesErrors() throws Exception {
        var misused = new Collector();
        entries().publisher().subscribe(misused);
        misused.subscribed.get(5, TimeUnit.SECONDS).request(0);
        assertInstanceOf(IllegalArgumentException.class, misused.error());
        simulator.addFault(new Fault(PAGES).withStatus(403).withBody("{}"));
        var refused = new Collector();
        entries().publisher().subscribe(refused);
        refused.subscribed.get(5, TimeUnit.SECONDS).request(1);
        assertInstanceOf(ConfigCatException.Permission.class, refused.error());
    }

    /** Keeps what a publisher sends. */
    private static final class Collector implements Flow.Subscriber<AuditLogEntry> {
        final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        final LinkedBlockingQueue<AuditLogEntry> items = new LinkedBlockingQueue<>();

        AuditLogEntry next() throws InterruptedException {
            return items.poll(5, TimeUnit.SECONDS);
        }

        Throwable error() {
            return assertThrows(ExecutionException.class, () -> ended.get(5, TimeUnit.SECONDS)).getCause();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscribed.complete(subscription);
        }

        @Override
        public void onNext(AuditLogEntry item) {
            items.add(item);
        }

        @Override
        public void onError(Throwable error) {
            ended.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            ended.complete(null);
        }
    }
}
