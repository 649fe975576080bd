package configcat.management.tests

import configcat.management.ApplyProgress
import configcat.management.ConfigCatException
import configcat.management.Field
import configcat.management.ManagementClient
import configcat.management.Plan
import configcat.management.PlanOptions
import configcat.management.ProductDocument
import configcat.management.Promotion
import configcat.management.Report
import configcat.management.asLong
import configcat.management.asString
import configcat.management.jsonValue
import configcat.management.models.Approval
import configcat.management.models.Aspect
import configcat.management.models.CreateTag
import configcat.management.models.Step
import configcat.management.models.StepAction
import configcat.management.models.StepStatus
import configcat.management.models.WebhookInput
import configcat.management.place
import configcat.management.testing.Fault
import configcat.management.testing.Simulator
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger

internal const val TAGS = "product: Web Shop\ntags: [{ name: checkout, color: red }, { name: brandNew }, { name: <b>& }]"

internal const val VALUES = """
product: Web Shop
configs:
  - name: Storefront
    settings:
      - { key: maxItemsInCart, values: { Test: 7 } }
      - { key: bannerText, values: { Test: Mine } }
"""

private const val PRODUCTION = """
product: Web Shop
configs: [{ name: Storefront, settings: [{ key: newCheckout, values: { Production: true } }] }]
"""

/** A document that creates twenty tags, one after the other. */
internal val MANY_TAGS = List(20) { "{ name: tag$it }" }.joinToString(", ", "product: Web Shop\ntags: [", "]")

private fun demo(test: suspend (ManagementClient, Simulator) -> Unit) = Simulator(seed = "demo").use { simulator ->
    simulator.client().use { client -> runBlocking { test(client, simulator) } }
}

private fun document(text: String) = ProductDocument.parse(text)

private fun places(plan: Plan) = plan.steps.map { "${it.action.name.lowercase()} ${it.section} ${it.place}" }

private fun onlyReads(simulator: Simulator) = simulator.journal().all { it.method == "GET" }

class DocumentTest {
    @Test
    fun `an exported document survives yaml and json`() = demo { client, _ ->
        val document = client.export("Web Shop")
        assertEquals("Web Shop" to null, document.product to document.organization)
        for (copy in listOf(document(document.toYaml()), document(document.toJson()))) {
            assertEquals(document, copy)
            assertEquals(document.hashCode(), copy.hashCode())
        }
        assertEquals(document.toYaml(), document.toString())
        val renamed = document.renamed(product = "Copy", organization = "Corner Shop")
        assertEquals("Copy" to "Corner Shop", renamed.product to renamed.organization)
        assertNotEquals(document, renamed)
        assertTrue(client.plan(ProductDocument("Web Shop")).isEmpty)
    }

    @Test
    fun `a mistake in a document has its place`() = runBlocking {
        val error = failing<ConfigCatException.BadRequest> { document("product: A\ntags:\n  - { nam: x }\n") }
        val mistake = "invalid document: tags[0].nam: unknown field of a tag, did you mean name? (line 3, column "
        assertTrue(error.message!!.startsWith(mistake), error.message)
        assertEquals(0, error.attempts)
    }

    @Test
    fun `names that do not exist are field errors`() = demo { client, simulator ->
        val wrong = "product: Web Shop\nconfigs: [{ name: Storefront, settings: [{ key: newCheckout, tags: [chekout] }] }]"
        val error = failing<ConfigCatException.BadRequest> { client.plan(document(wrong)) }
        val messages = error.fieldErrors["configs[Storefront].settings[newCheckout].tags[0]"].orEmpty()
        assertTrue("did you mean \"checkout\"?" in messages.single(), "$messages")
        val missing = failing<ConfigCatException.NotFound> { client.export("Web Shp") }
        assertTrue("did you mean \"Web Shop\"?" in missing.message.orEmpty(), missing.message)
        assertTrue(onlyReads(simulator))
    }
}

class PlanTest {
    @Test
    fun `a plan has typed steps and its price`() = demo { client, simulator ->
        val plan = client.plan(document(TAGS))
        val reads = simulator.requests()
        assertEquals(listOf("update tags checkout", "create tags brandNew", "create tags <b>&"), places(plan))
        val (updated, created) = plan.steps
        assertEquals(Step(StepAction.CREATE, "tags", listOf("brandNew"), after = jsonValue(mapOf("name" to "brandNew"))), created)
        assertEquals(jsonValue(mapOf("color" to "panther")), updated.before)
        assertEquals(3 to reads, plan.price.requests to plan.price.reads)
        assertEquals(listOf("tags.update", "tags.create", "tags.create"), plan.requests.map { it.operation })
        val report = client.apply(plan)
        assertTrue(report.isComplete)
        assertEquals(simulator.requests() - reads, report.requests)
        assertEquals(3 + reads, report.requests)
        assertTrue(client.plan(document(TAGS)).isEmpty)
    }

    @Test
    fun `a plan prints well and survives json`() = demo { client, _ ->
        val plan = client.plan(document(TAGS))
        val summary = "Plan: 2 to create, 1 to update, with 3 requests."
        assertEquals("tags\n  ~ checkout\n      color: \"panther\" → \"red\"\n  + brandNew\n  + <b>&\n$summary\n", "$plan")
        assertEquals(summary, plan.summary)
        assertTrue("\u001b[32m  + brandNew\u001b[0m" in plan.toText(color = true))
        assertTrue("| create | \\<b\\>& |" in plan.toMarkdown(), plan.toMarkdown())
        assertTrue("&lt;b&gt;&amp;" in plan.toHtml() && "<b>&" !in plan.toHtml())
        val saved = Plan.parse(plan.toJson())
        assertEquals(plan, saved)
        assertEquals(plan.hashCode(), saved.hashCode())
        assertEquals(document(TAGS), saved.document)
        assertNotEquals(plan, client.plan(ProductDocument("Web Shop")))
        assertTrue(failing<ConfigCatException.BadRequest> { Plan.parse("{}") }.message!!.startsWith("invalid plan: "))
    }

    @Test
    fun `a plan tells the least wait for the rate limit`() = Simulator(seed = "demo", rateLimit = "10/60").use { simulator ->
        simulator.client().use { client ->
            runBlocking {
                val plan = client.plan(document(TAGS))
                val limit = client.rateLimit
                assertEquals(Duration.ZERO, plan.leastWait(limit.copy(remaining = 3)))
                assertEquals(limit.resetsIn, plan.leastWait(limit.copy(remaining = 2)))
                assertEquals(null, plan.leastWait(limit.copy(remaining = null)))
            }
        }
    }

    @Test
    fun `wrong options are refused with a suggestion`() = demo { client, simulator ->
        val checkout = document("product: Web Shop\ntags: [{ name: checkout }]")
        val pruned = client.plan(checkout, PlanOptions(prune = listOf("tags")))
        assertEquals(listOf("delete tags experiment", "delete tags operations"), places(pruned))
        val error = failing<ConfigCatException.BadRequest> { client.plan(checkout, PlanOptions(prune = listOf("tag"))) }
        assertEquals("prune: there is no section \"tag\"; did you mean \"tags\"?", error.message)
        val setting = "{ key: maxItemsInCart, settingType: string }"
        val type = document("product: Web Shop\nconfigs: [{ name: Storefront, settings: [$setting] }]")
        assertEquals(StepAction.REPLACE, client.plan(type).refused.single().action)
        assertTrue(client.plan(type, PlanOptions(allowReplace = true)).refused.isEmpty())
        assertTrue(onlyReads(simulator))
    }

    @Test
    fun `steps that the service would refuse stop the plan`() = demo { client, simulator ->
        val plan = client.plan(document(PRODUCTION))
        assertEquals("Production requires a reason (reason)", plan.refused.single().refused)
        for (apply in listOf<suspend () -> Report>({ client.apply(plan) }, { client.applyDocument(document(PRODUCTION)) })) {
            val error = failing<ConfigCatException.BadRequest> { apply() }
            assertEquals("the plan cannot be applied: Production requires a reason (reason)", error.message)
        }
        assertTrue(onlyReads(simulator))
        val requested = client.applyDocument(document(PRODUCTION), PlanOptions(reason = "Launch", approval = Approval.REQUEST))
        val outcome = requested.outcomes.single()
        assertEquals(StepStatus.REQUESTED to true, outcome.status to outcome.isSuccess)
        assertTrue(client.changeRequests.get(outcome.id!!.toLong()).title.endsWith("in Production"))
        assertTrue(client.applyDocument(document(PRODUCTION), PlanOptions("Launch", Approval.BYPASS)).isComplete)
    }
}

class ApplyTest {
    @Test
    fun `progress is reported in the context of the caller`() = demo { client, _ ->
        val here = Thread.currentThread()
        val seen = mutableListOf<ApplyProgress>()
        val report = client.apply(client.plan(document(TAGS))) { progress ->
            assertEquals(here, Thread.currentThread())
            seen += progress
        }
        assertTrue(report.isComplete)
        assertEquals(listOf("1 of 3 steps", "2 of 3 steps", "3 of 3 steps"), seen.map { it.toString() })
        assertEquals(seen[0], seen[0])
        assertNotEquals(seen[0], seen[1])
    }

    @Test
    fun `an exception of the progress function ends the call`() = demo { client, simulator ->
        simulator.addFault(Fault("tags.create", delayMs = 60_000))
        var called = 0
        val error = assertThrows(NoSuchElementException::class.java) {
            runBlocking {
                client.applyDocument(document(TAGS)) {
                    called++
                    throw NoSuchElementException("no more")
                }
            }
        }
        assertEquals("no more" to 1, error.message to called)
        eventually("no call is in flight") { client.rateLimit.inFlight == 0L }
    }

    @Test
    fun `stopped application returns a report that can be taken back`() = demo { client, simulator ->
        val before = client.export("Web Shop")
        simulator.addFault(Fault("tags.create", delayMs = 100))
        val report = client.applyDocument(document(MANY_TAGS)) { it.stop() }
        val created = report.outcomes.filter { it.status == StepStatus.DONE }
        assertTrue(created.size in 1..19, report.summary)
        val skipped = report.outcomes.filter { it.status == StepStatus.SKIPPED && it.error == "applying was stopped" }
        assertEquals(20, created.size + skipped.size)
        assertEquals(created.size, simulator.requests("tags.create", status = 201))
        simulator.clearFaults()
        client.applyDocument(report.undo()).throwForFailures()
        assertEquals(before, client.export("Web Shop"))
    }

    @Test
    fun `cancelling stops and applying again continues`() = demo { client, simulator ->
        val plan = client.plan(document(MANY_TAGS))
        simulator.addFault(Fault("tags.create", skip = 5, delayMs = 60_000))
        val completed = AtomicInteger()
        val running = CoroutineScope(Dispatchers.Default).launch { client.apply(plan) { completed.set(it.completed) } }
        eventually("five tags are created, and the sixth is in flight") {
            completed.get() == 5 && client.rateLimit.inFlight == 1L
        }
        running.cancel()
        running.join()
        eventually("no call is in flight") { client.rateLimit.inFlight == 0L }
        simulator.clearFaults()
        assertEquals(5, simulator.requests("tags.create", status = 201))
        val report = client.apply(plan)
        assertTrue(report.isComplete, report.toText())
        assertTrue(report.outcomes.count { it.status == StepStatus.ALREADY_DONE } >= 5)
        val product = client.products.find("Web Shop").productId
        assertEquals(20, client.tags.list(product).count { it.name.startsWith("tag") })
    }

    @Test
    fun `a conflict stops only its step`() = demo { client, _ ->
        val saved = client.plan(document(VALUES))
        val theirs = "{ key: bannerText, values: { Test: Theirs } }"
        client.applyDocument(document("product: Web Shop\nconfigs: [{ name: Storefront, settings: [$theirs] }]"))
        val report = client.apply(saved)
        assertEquals(listOf(StepStatus.DONE, StepStatus.CONFLICT), report.outcomes.map { it.status })
        val conflict = report.failures.single()
        assertEquals(1 to saved.steps[1], conflict.index to conflict.step)
        assertEquals("Theirs" to "Mine", conflict.theirs?.asString to conflict.step.after?.asString)
        assertEquals("Storefront / bannerText / Test", conflict.step.place)
        val error = failing<ConfigCatException.Conflict> { report.throwForFailures() }
        assertTrue(error.message!!.startsWith("1 of 2 steps were not applied: conflict: values Storefront / bannerText / Test"))
        assertFalse(report.isComplete)
        assertTrue("1 applied, 1 in conflict" in "$report" && "theirs</b>: &quot;Theirs&quot;" in report.toHtml())
    }

    @Test
    fun `failures have the kind of their call`() = demo { client, simulator ->
        simulator.addFault(Fault("tags.create", status = 403))
        val report = client.applyDocument(document(TAGS))
        assertEquals(listOf("permission", "permission"), report.failures.map { it.kind })
        failing<ConfigCatException.Permission> { report.throwForFailures() }
    }

    @Test
    fun `undo restores what was changed`() = demo { client, _ ->
        val before = client.export("Web Shop")
        val report = client.applyDocument(document("$VALUES\ntags: [{ name: brandNew }, { name: checkout, color: red }]"))
        report.throwForFailures()
        assertNotEquals(before, client.export("Web Shop"))
        val saved = Report.parse(report.toJson())
        assertEquals(report to report.hashCode(), saved to saved.hashCode())
        assertEquals(report.plan, saved.plan)
        client.applyDocument(saved.undo()).throwForFailures()
        assertEquals(before, client.export("Web Shop"))
        assertTrue(failing<ConfigCatException.BadRequest> { Report.parse("[]") }.message!!.startsWith("invalid report: "))
    }

    @Test
    fun `options of a view apply to each call of a job`() = demo { client, simulator ->
        simulator.addFault(Fault("tags.list", delayMs = 3_000))
        val hasty = client.withOptions(timeout = Duration.ofMillis(300), maxAttempts = 1, headers = mapOf("X-Team" to "web"))
        failing<ConfigCatException.Timeout> { hasty.export("Web Shop") }
        assertEquals(setOf("web"), simulator.journal().map { it.requestHeaders["x-team"] }.toSet())
        simulator.clearFaults()
        val response = client.withResponse { export("Web Shop") }
        assertEquals(200 to "Web Shop", response.status to response.value.product)
        // The function of the standard library of the same name.
        assertEquals(client, client.apply { rateLimit })
    }

    @Test
    fun `closing the client ends a job`() = demo { client, simulator ->
        simulator.addFault(Fault("tags.list", delayMs = 60_000))
        coroutineScope {
            val export = async(Dispatchers.Default) { failing<ConfigCatException.Cancelled> { client.export("Web Shop") } }
            eventually("a call is in flight") { client.rateLimit.inFlight > 0L && simulator.requests("products.list") > 0 }
            client.close()
            assertTrue("closed" in export.await().message.orEmpty())
        }
    }
}

class ApplyFileTest {
    @Test
    fun `a file is applied or taken back`(@TempDir folder: File) = demo { client, simulator ->
        val file = File(folder, "flags.yaml").apply { writeText(TAGS) }
        val before = client.export("Web Shop")
        simulator.addFault(Fault("tags.create", skip = 1, times = 1, status = 403))
        assertEquals(1, applyFile(client, file).failures.size)
        assertEquals(before, client.export("Web Shop"))
        assertTrue(applyFile(client, file).isComplete)
        assertTrue(client.plan(document(TAGS)).isEmpty)
    }
}

class PromoteTest {
    private val toTest = Promotion("Web Shop", "Storefront", "Staging", "Test")

    @Test
    fun `promotion copies values by flag and aspect`() = demo { client, _ ->
        val one = client.promote(toTest.copy(flags = listOf("maxItemsInCart")))
        assertEquals(listOf("update values Storefront / maxItemsInCart / Test"), places(one))
        assertEquals(50L, one.steps.single().after?.asLong)
        assertTrue(client.apply(client.promote(toTest)).isComplete)
        assertTrue(client.promote(toTest).isEmpty)
        val back = Promotion("Web Shop", "Storefront", "Production", "Test", listOf("newCheckout"))
        assertTrue(client.promote(back.copy(aspects = listOf(Aspect.VALUES))).isEmpty)
        assertEquals(1, client.promote(back.copy(aspects = listOf(Aspect.PERCENTAGES))).steps.size)
        val error = failing<ConfigCatException.NotFound> { client.promote(toTest.copy(flags = listOf("newChekout"))) }
        assertEquals("there is no flag \"newChekout\"; did you mean \"newCheckout\"?", error.message)
    }

    @Test
    fun `a copy of a product is equal to it`() = demo { client, _ ->
        val plan = client.cloneProduct("Web Shop", "Copy", "Corner Shop")
        assertEquals("Corner Shop" to "products", plan.document.organization to plan.steps[0].section)
        client.apply(plan).throwForFailures()
        assertTrue(client.compare("Web Shop", "Copy").isEmpty)
        client.applyDocument(document(VALUES)).throwForFailures()
        assertEquals(2, client.compare("Web Shop", "Copy").steps.size)
        val error = failing<ConfigCatException.Conflict> { client.cloneProduct("Web Shop", "Copy", "Corner Shop") }
        assertEquals("a product has the name \"Copy\" already", error.message)
    }
}

class MirrorTest {
    @Test
    fun `changes of a mirror apply to the real product`() = demo { client, simulator ->
        val product = client.products.find("Web Shop").productId
        val plan = Simulator.mirror(client, "Web Shop").use { mirror ->
            assertNotEquals(simulator.url, mirror.url)
            assertTrue(mirror.changes().isEmpty && mirror.placeholders.isEmpty())
            mirror.client().use { other ->
                assertEquals(client.export("Web Shop"), other.export("Web Shop"))
                other.tags.create(product, CreateTag("brandNew"))
                other.applyDocument(document(VALUES)).throwForFailures()
            }
            assertEquals(1, mirror.requests("tags.create"))
            mirror.changes(PlanOptions(reason = "Rehearsed"))
        }
        val values = listOf("bannerText", "maxItemsInCart").map { "update values Storefront / $it / Test" }
        assertEquals((listOf("create tags brandNew") + values).toSet(), places(plan).toSet())
        assertTrue(onlyReads(simulator))
        client.apply(plan).throwForFailures()
        assertEquals("reason=Rehearsed", simulator.journal("flag_values.*").last { it.method != "GET" }.query)
        assertTrue(client.tags.list(product).any { it.name == "brandNew" })
    }

    @Test
    fun `secrets of a mirror are placeholders`() = demo { client, _ ->
        val config = client.configs.find(client.products.find("Web Shop").productId, "Storefront").configId
        val environment = client.environments.find(client.products.find("Web Shop").productId, "Test").environmentId
        client.webhooks.create(config, environment, WebhookInput("https://hook.example/a", Field.of("c")))
        Simulator.mirror(client, "Web Shop").use { mirror ->
            assertEquals(listOf("signing keys of the webhook https://hook.example/a (Storefront / Test)"), mirror.placeholders)
        }
    }

    @Test
    fun `a mirror that is closed or of an unknown product is refused`() = demo { client, _ ->
        val error = failing<ConfigCatException.NotFound> { Simulator.mirror(client, "Web Shp") }
        assertTrue("did you mean \"Web Shop\"?" in error.message.orEmpty(), error.message)
        val mirror = Simulator.mirror(client, "Web Shop")
        mirror.close()
        assertThrows(IllegalStateException::class.java) { runBlocking { mirror.changes() } }
    }
}
