import configcat.management.Field
import configcat.management.ManagementClient
import configcat.management.jsonValue
import configcat.management.models.CreateConfig
import configcat.management.models.CreateSetting
import configcat.management.models.EvaluationVersion
import configcat.management.models.PatchOperation
import configcat.management.models.PatchOperationType
import configcat.management.models.SettingType

suspend fun main() = ManagementClient.fromEnvironment().use { client -> // CONFIGCAT_API_USER and CONFIGCAT_API_PASS
    val product = client.products.list().first()
    val environment = client.environments.list(product.productId).first()
    val config = client.configs.create(
        product.productId,
        CreateConfig("Kotlin", description = Field.of("Made in Kotlin"), evaluationVersion = EvaluationVersion.V2),
    )
    val flag = client.settings.create(
        config.configId,
        CreateSetting(name = "New checkout", key = "newCheckout", settingType = SettingType.Boolean),
    )
    val on = PatchOperation(PatchOperationType.Replace, "/defaultValue/boolValue", value = Field.of(jsonValue(true)))
    client.flagValues.patch(environment.environmentId, flag.settingId, listOf(on), reason = "Launch")
    client.auditLogs.iterate(product.productId).collect { println(it.actionTarget) }
}
