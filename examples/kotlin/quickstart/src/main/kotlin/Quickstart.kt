import configcat.management.ManagementClient
import configcat.management.models.CreateConfig
import configcat.management.models.CreateEnvironment
import configcat.management.models.CreateProduct
import configcat.management.models.CreateSetting
import configcat.management.models.EvaluationVersion
import configcat.management.models.SettingType

suspend fun main() = ManagementClient.fromEnvironment().use { client -> // CONFIGCAT_API_USER and CONFIGCAT_API_PASS
    val organization = client.organizations.list().first()
    val product = client.products.create(organization.organizationId, CreateProduct("Web shop"))
    val environment = client.environments.create(product.productId, CreateEnvironment("Production"))
    val config = client.configs.create(product.productId, CreateConfig("Main", evaluationVersion = EvaluationVersion.V2))
    val flag = client.settings.create(
        config.configId,
        CreateSetting(name = "New checkout", key = "newCheckout", settingType = SettingType.Boolean),
    )
    client.flagValues.turnOn(environment.environmentId, flag.settingId, reason = "Launch")
    for (setting in client.settings.list(config.configId)) {
        println("${setting.key}: ${setting.name}")
    }
}
