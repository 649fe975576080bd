package configcat.management.tests

import configcat.management.ConfigCatException
import configcat.management.ManagementClient
import configcat.management.models.Config
import configcat.management.models.CreateConfig
import configcat.management.models.CreateEnvironment
import configcat.management.models.CreateProduct
import configcat.management.models.CreateSetting
import configcat.management.models.Environment
import configcat.management.models.EvaluationVersion
import configcat.management.models.Product
import configcat.management.models.Setting
import configcat.management.models.SettingType
import configcat.management.testing.Simulator
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.fail

/** A product with a config, an environment and a flag. */
class Shop(val product: Product, val config: Config, val environment: Environment, val flag: Setting)

suspend fun ManagementClient.shop(): Shop {
    val product = products.create(organizations.list().first().organizationId, CreateProduct("Web shop"))
    val config = configs.create(
        product.productId,
        CreateConfig("Main", evaluationVersion = EvaluationVersion.V2),
    )
    val environment = environments.create(product.productId, CreateEnvironment("Production"))
    val flag = settings.create(
        config.configId,
        CreateSetting(name = "Checkout", key = "checkout", settingType = SettingType.Boolean),
    )
    return Shop(product, config, environment, flag)
}

/** Runs a test with a simulator and its client. */
fun simulated(
    rateLimit: String? = null,
    test: suspend (ManagementClient, Simulator) -> Unit,
) = Simulator(rateLimit = rateLimit).use { simulator ->
    simulator.client().use { client -> runBlocking { test(client, simulator) } }
}

/** Returns the error of a call that must fail. */
suspend inline fun <reified E : ConfigCatException> failing(call: suspend () -> Any?): E {
    try {
        call()
    } catch (e: ConfigCatException) {
        return e as? E ?: throw AssertionError("not a ${E::class.simpleName}", e)
    }
    fail<Unit>("it did not fail")
    throw AssertionError()
}

/** Waits until a condition is true; fails after 10 seconds. */
suspend fun eventually(what: String, condition: () -> Boolean) = withTimeout(10_000) {
    while (!condition()) delay(5)
    check(condition()) { what }
}
