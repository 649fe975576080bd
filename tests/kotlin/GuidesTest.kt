package configcat.management.tests

import configcat.management.ClientOptions
import configcat.management.ConfigCatException
import configcat.management.Field
import configcat.management.ManagementClient
import configcat.management.Rules
import configcat.management.WebhookException
import configcat.management.WebhookVerifier
import configcat.management.When
import configcat.management.bulk
import configcat.management.models.CreateTag
import configcat.management.models.UpdateFlagValue
import configcat.management.models.UpdateProduct
import configcat.management.settingValue
import configcat.management.testing.Fault
import configcat.management.testing.Simulator
import configcat.management.webhookSignedHeaders
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration

/** The code that the guides in docs/guides show, between the comments, and the output that they show. */
class GuidesTest {
    private val printed = StringBuilder()

    private fun println(line: String) {
        printed.appendLine(line)
    }

    private fun expected(guide: String) {
        val output = Path.of("../../../../examples/guides", guide, "output.txt")
        assertEquals(Files.readString(output), printed.toString())
    }

    private fun demo(rateLimit: String? = null, test: suspend (ManagementClient, Simulator) -> Unit) =
        Simulator(seed = "demo", rateLimit = rateLimit).use { simulator ->
            simulator.client().use { client -> runBlocking { test(client, simulator) } }
        }

    @Test
    fun `authentication guide`() = demo { client, simulator ->
        val options = ClientOptions(baseUrl = simulator.url)
        // docs: authentication
        // val client = ManagementClient.fromEnvironment()
        println("signed in as ${client.me.get().email}")
        ManagementClient("ada", "not hers", options).use { stranger ->
            try {
                stranger.me.get()
            } catch (error: ConfigCatException.Authentication) {
                println("refused with status ${error.status}")
            }
        }
        // docs: end
        expected("authentication")
    }

    @Test
    fun `errors guide`() = demo { client, _ ->
        // docs: errors
        val product = client.products.find("Web Shop")
        try {
            client.tags.create(product.productId, CreateTag(""))
        } catch (error: ConfigCatException.BadRequest) {
            for ((field, problems) in error.fieldErrors) {
                println("$field: ${problems.first()}")
            }
            println("attempts: ${error.attempts}") // 0: nothing was sent
        }
        try {
            client.environments.get("30000000-0000-4000-8000-00000000ffff")
        } catch (error: ConfigCatException.NotFound) {
            println("status: ${error.status}")
            println("attempts: ${error.attempts}")
        }
        // docs: end
        expected("errors")
    }

    @Test
    fun `rate limits guide`() = demo("10/1") { client, simulator ->
        val options = ClientOptions(baseUrl = simulator.url, maxRateLimitWait = Duration.ofMillis(1))
        // docs: rate-limits
        // Waits for the rate limit, which is the default.
        val result = bulk(List(25) { suspend { client.me.get() } })
        println("${result.values.size} of 25 calls succeeded")

        // val options = ClientOptions(maxRateLimitWait = Duration.ofMillis(1))
        ManagementClient("simulator", "simulator", options).use { hasty ->
            var refused = 0
            repeat(25) {
                try {
                    hasty.me.get()
                } catch (error: ConfigCatException.RateLimited) {
                    refused++
                }
            }
            val some = if (refused > 0) "True" else "False"
            println("calls that would have waited too long: $some")
        }
        // docs: end
        expected("rate-limits")
    }

    @Test
    fun `editing flags guide`() = demo { client, _ ->
        // docs: editing-flags
        val product = client.products.find("Web Shop").productId
        val environment = client.environments.find(product, "Test").environmentId
        val config = client.configs.find(product, "Storefront")
        val flag = client.settings.find(config.configId, "newCheckout").settingId

        val yes = settingValue(true)
        val no = settingValue(false)
        val staff = Rules.serve(yes, When.email().endsWithAnyOf("@shop.example"))
        val some = Rules.split(mapOf(yes to 20, no to 80))
        client.flagValues.edit(environment, flag, "Start the rollout") { draft ->
            draft.copy(
                defaultValue = UpdateFlagValue(no), // for everybody else
                targetingRules = Field.of(listOf(staff, some)),
            )
        }

        val rules = client.flagValues.get(environment, flag).targetingRules
        println("rules: ${rules.size}")
        println("percentage: ${rules[1].percentageOptions[0].percentage}")
        // docs: end
        expected("editing-flags")
    }

    @Test
    fun `bulk guide`() = demo { client, _ ->
        // docs: bulk
        val product = client.products.find("Web Shop").productId
        val names = List(20) { "team-$it" } + ""
        val calls = names.map { name ->
            suspend { client.tags.create(product, CreateTag(name)) }
        }
        val result = bulk(calls)
        for (outcome in result.failed) {
            val error = outcome.error as ConfigCatException
            println("number ${outcome.index} failed, attempts: ${error.attempts}")
        }
        println("${result.values.size} tags created")
        // docs: end
        expected("bulk")
    }

    // docs: testing
    /** The code under test. */
    private suspend fun rename(client: ManagementClient): String {
        val product = client.products.find("Web Shop").productId
        client.products.update(product, UpdateProduct(name = Field.of("Shop")))
        return client.products.get(product).name
    }

    @Test
    fun `rename succeeds although the service fails once`() {
        Simulator(seed = "demo").use { simulator ->
            simulator.addFault(Fault("products.update", status = 503, times = 1))
            simulator.client().use { client ->
                assertEquals("Shop", runBlocking { rename(client) })
            }
            println("renamed after ${simulator.requests("products.update")} requests")
        }
        // docs: end
        expected("testing")
    }

    @Test
    fun `webhooks guide`() {
        // docs: webhooks
        val keys = listOf("configcat_whsk_ZGVtbw==") // two during a rotation
        val verifier = WebhookVerifier(keys)

        fun accepted(headers: Map<String, String>, body: String): String = try {
            verifier.verify(
                headers.getValue("X-ConfigCat-Webhook-ID"),
                headers.getValue("X-ConfigCat-Webhook-Timestamp"),
                headers.getValue("X-ConfigCat-Webhook-Signature-V1"),
                body.toByteArray(), // the raw body, before anything parses it
            )
            "True"
        } catch (error: WebhookException) {
            "False"
        }

        // In a test of the receiver, headers as the service sends them:
        val headers = webhookSignedHeaders(keys, "{}".toByteArray())
        println("signed request accepted: ${accepted(headers, "{}")}")
        println("changed body accepted: ${accepted(headers, "{ }")}")
        // docs: end
        expected("webhooks")
    }
}
