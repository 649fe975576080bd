package configcat.management.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import configcat.management.ApplyProgress;
import configcat.management.ConfigCatException;
import configcat.management.JsonValues;
import configcat.management.ManagementClient;
import configcat.management.Plan;
import configcat.management.PlanOptions;
import configcat.management.ProductDocument;
import configcat.management.Promotion;
import configcat.management.Report;
import configcat.management.StepOutcome;
import configcat.management.Steps;
import configcat.management.models.Approval;
import configcat.management.models.Aspect;
import configcat.management.models.CreateTag;
import configcat.management.models.StepAction;
import configcat.management.models.StepStatus;
import configcat.management.testing.Fault;
import configcat.management.testing.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents, plans, apply, undo, promote, compare and mirrors, as used from Java. */
class JavaChangesTest {
    private static final String TAGS = "product: Web Shop\ntags: [{ name: checkout, color: red }, { name: brandNew }]";
    private static final String MANY_TAGS = "product: Web Shop\ntags: ["
        + IntStream.range(0, 20).mapToObj(i -> "{ name: tag" + i + " }").collect(Collectors.joining(", ")) + "]";
    private static final String PRODUCTION =
        "product: Web Shop\nconfigs: [{ name: Storefront, settings: [{ key: newCheckout, values: { Production: true } }] }]";

    private final Simulator simulator = new Simulator("demo");
    private final ManagementClient client = simulator.client();

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    private static List<String> places(Plan plan) {
        return plan.getSteps().stream().map(step -> step.getAction() + " " + Steps.getPlace(step)).toList();
    }

    @Test
    void planHasTypedStepsAndItsPrice() {
        var document = ProductDocument.parse(TAGS);
        var plan = client.blocking().plan(document);
        var reads = simulator.requests();
        assertEquals(List.of("UPDATE checkout", "CREATE brandNew"), places(plan));
        var step = plan.getSteps().get(1);
        assertEquals(StepAction.CREATE, step.getAction());
        assertEquals("{\"name\":\"brandNew\"}", JsonValues.getText(step.getAfter()));
        assertEquals(2, plan.getPrice().getRequests());
        assertEquals(reads, plan.getPrice().getReads());
        assertEquals(Duration.ZERO, plan.leastWait(new configcat.management.RateLimit(2L, null, 0, 0)));
        assertEquals(plan, Plan.parse(plan.toJson()));
        assertEquals(plan, client.futures().plan(document).join());
        assertTrue(plan.toString().contains("+ brandNew"), plan.toString());
        var report = client.futures().apply(plan).join();
        assertTrue(report.isComplete());
        assertEquals(report, Report.parse(report.toJson()));
        assertTrue(client.blocking().plan(document).isEmpty());
    }

    @Test
    void optionsHaveBuildersAndMistakesInThemAreRefused() {
        var blocking = client.blocking();
        var document = ProductDocument.parse(PRODUCTION);
        assertEquals("Production requires a reason (reason)", blocking.plan(document).getRefused().get(0).getRefused());
        var refused = assertThrows(ConfigCatException.BadRequest.class, () -> blocking.applyDocument(document));
        assertTrue(refused.getMessage().startsWith("the plan cannot be applied: Production requires a reason"));
        var options = PlanOptions.builder().reason("Launch").approval(Approval.REQUEST).build();
        assertEquals(options, new PlanOptions("Launch", Approval.REQUEST));
        var outcome = blocking.applyDocument(document, options).getOutcomes().get(0);
        assertEquals(StepStatus.REQUESTED, outcome.getStatus());
        assertTrue(outcome.isSuccess());
        var wrong = PlanOptions.builder().prune(List.of("tag")).build();
        var error = assertThrows(CompletionException.class, () -> client.futures().plan(document, wrong).join());
        assertInstanceOf(ConfigCatException.BadRequest.class, error.getCause());
        assertEquals("prune: there is no section \"tag\"; did you mean \"tags\"?", error.getCause().getMessage());
        var text = "product: A\ntags: [{ nam: x }]";
        var place = assertThrows(ConfigCatException.BadRequest.class, () -> ProductDocument.parse(text));
        assertTrue(place.getMessage().contains("did you mean name? (line 2, column "), place.getMessage());
    }

    @Test
    void progressIsReportedAfterEachRequest() {
        var document = ProductDocument.parse(TAGS);
        var seen = new ArrayList<String>();
        var here = Thread.currentThread();
        var report = client.blocking().apply(client.blocking().plan(document), progress -> {
            assertEquals(here, Thread.currentThread());
            seen.add(progress.getCompleted() + "/" + progress.getTotal());
        });
        assertTrue(report.isComplete());
        assertEquals(List.of("1/2", "2/2"), seen);
        client.futures().applyDocument(report.undo(), new PlanOptions(), now -> seen.add(now.toString())).join();
        assertEquals(List.of("1/2", "2/2", "1 of 2 steps", "2 of 2 steps"), seen);
    }

    @Test
    void stoppedApplicationReturnsAReport() {
        simulator.addFault(new Fault().withOperation("tags.create").withDelayMs(100));
        var document = ProductDocument.parse(MANY_TAGS);
        var report = client.blocking().applyDocument(document, new PlanOptions(), ApplyProgress::stop);
        var statuses = report.getOutcomes().stream().map(StepOutcome::getStatus).toList();
        assertEquals(1, statuses.stream().filter(status -> status == StepStatus.DONE).count());
        assertEquals(19, statuses.stream().filter(status -> status == StepStatus.SKIPPED).count());
        assertEquals(1, client.blocking().plan(report.undo()).getSteps().size());
        Consumer<ApplyProgress> failing = now -> {
            throw new IllegalStateException("enough after " + now.getCompleted());
        };
        var error = assertThrows(
            IllegalStateException.class, () -> client.blocking().applyDocument(document, new PlanOptions(), failing));
        assertEquals("enough after 1", error.getMessage());
        assertEquals(2, simulator.requests("tags.create", 201));
    }

    @Test
    void cancelledFutureStopsBetweenRequests() throws InterruptedException {
        simulator.addFault(new Fault().withOperation("tags.create").withDelayMs(60_000));
        var plan = client.blocking().plan(ProductDocument.parse(MANY_TAGS));
        var applied = client.futures().apply(plan);
        while (client.getRateLimit().getInFlight() != 1 || simulator.requests("tags.list") < 2) {
            Thread.sleep(5);
        }
        applied.cancel(true);
        assertThrows(CancellationException.class, applied::join);
        while (client.getRateLimit().getInFlight() != 0) {
            Thread.sleep(5);
        }
        simulator.clearFaults();
        assertTrue(client.blocking().apply(plan).isComplete());
    }

    @Test
    void undoRestoresWhatWasChanged() {
        var blocking = client.blocking();
        var before = blocking.export("Web Shop");
        var report = blocking.applyDocument(ProductDocument.parse(TAGS));
        report.throwForFailures();
        assertNotEquals(before, client.futures().export("Web Shop").join());
        blocking.applyDocument(Report.parse(report.toJson()).undo()).throwForFailures();
        assertEquals(before, blocking.export("Web Shop"));
    }

    @Test
    void promotionCopiesValues() {
        var promotion = Promotion.builder("Web Shop", "Storefront", "Staging", "Test").flags(List.of("maxItemsInCart")).build();
        var plan = client.blocking().promote(promotion.withAspects(List.of(Aspect.VALUES)));
        assertEquals(List.of("UPDATE Storefront / maxItemsInCart / Test"), places(plan));
        assertTrue(client.blocking().promote(promotion.withAspects(List.of(Aspect.RULES))).isEmpty());
        assertTrue(client.futures().apply(plan).join().isComplete());
        assertTrue(client.futures().promote(promotion).join().isEmpty());
        assertNotEquals(promotion, new Promotion("Web Shop", "Storefront", "Staging", "Test"));
        var wrong = promotion.withFlags(List.of("maxItems"));
        assertThrows(ConfigCatException.NotFound.class, () -> client.blocking().promote(wrong));
    }

    @Test
    void copyOfAProductIsEqualToIt() {
        var blocking = client.blocking();
        blocking.apply(blocking.cloneProduct("Web Shop", "Copy", "Corner Shop")).throwForFailures();
        assertTrue(blocking.compare("Web Shop", "Copy").isEmpty());
        blocking.applyDocument(ProductDocument.parse(TAGS)).throwForFailures();
        assertEquals(2, client.futures().compare("Web Shop", "Copy").join().getSteps().size());
        var again = client.futures().cloneProduct("Web Shop", "Copy", "Corner Shop");
        assertInstanceOf(ConfigCatException.Conflict.class, assertThrows(CompletionException.class, again::join).getCause());
    }

    @Test
    void changesOfAMirrorApplyToTheRealProduct() {
        var product = client.blocking().getProducts().find("Web Shop").getProductId();
        Plan plan;
        try (var mirror = Simulator.mirror(client.blocking(), "Web Shop"); var other = mirror.client()) {
            assertTrue(mirror.blocking().changes().isEmpty());
            assertEquals(List.of(), mirror.getPlaceholders());
            other.blocking().getTags().create(product, new CreateTag("brandNew"));
            plan = mirror.blocking().changes(PlanOptions.builder().reason("Rehearsed").build());
            assertEquals(List.of("CREATE brandNew"), places(plan));
            assertEquals(places(plan), places(mirror.futures().changes().join()));
        }
        assertEquals(0, simulator.requests("tags.create"));
        client.blocking().apply(plan).throwForFailures();
        assertEquals(1, simulator.requests("tags.create"));
        try (var mirror = Simulator.mirror(client.futures(), "Web Shop").join()) {
            assertTrue(mirror.futures().changes().join().isEmpty());
        }
    }
}
