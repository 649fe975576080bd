import ConfigCatManagement

let client = try ManagementClient.fromEnvironment()  // CONFIGCAT_API_USER and CONFIGCAT_API_PASS
let product = try await client.products.list()[0]
let environment = try await client.environments.list(productId: product.productId)[0]
let config = try await client.configs.create(
    productId: product.productId,
    body: CreateConfig(name: "Swift", description: "Made in Swift", evaluationVersion: .v2)
)
let flag = try await client.settings.create(
    configId: config.configId,
    body: CreateSetting(name: "New checkout", key: "newCheckout", settingType: .boolean)
)
try await client.flagValues.patch(
    environmentId: environment.environmentId,
    settingId: flag.settingId,
    patch: [PatchOperation(op: .replace, path: "/defaultValue/boolValue", value: true)],
    reason: "Launch"
)
for try await entry in client.auditLogs.iterate(productId: product.productId) {
    print(entry.actionTarget ?? "")
}
