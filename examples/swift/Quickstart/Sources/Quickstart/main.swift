import ConfigCatManagement

let client = try ManagementClient.fromEnvironment()  // CONFIGCAT_API_USER and CONFIGCAT_API_PASS
let organization = try await client.organizations.list()[0]
let product = try await client.products.create(
    organizationId: organization.organizationId,
    body: CreateProduct(name: "Web shop")
)
let environment = try await client.environments.create(
    productId: product.productId,
    body: CreateEnvironment(name: "Production")
)
let config = try await client.configs.create(
    productId: product.productId,
    body: CreateConfig(name: "Main", evaluationVersion: .v2)
)
let flag = try await client.settings.create(
    configId: config.configId,
    body: CreateSetting(name: "New checkout", key: "newCheckout", settingType: .boolean)
)
try await client.flagValues.turnOn(
    environmentId: environment.environmentId,
    settingId: flag.settingId,
    reason: "Launch"
)
for setting in try await client.settings.list(configId: config.configId) {
    print("\(setting.key): \(setting.name)")
}
