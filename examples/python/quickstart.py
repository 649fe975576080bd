from configcat_management import Client, enums

with Client() as client:  # CONFIGCAT_API_USER and CONFIGCAT_API_PASS
    organization = client.organizations.list()[0]
    product = client.products.create(organization.organization_id, name="Web shop")
    environment = client.environments.create(product.product_id, name="Production")
    config = client.configs.create(product.product_id, name="Main", evaluation_version="v2")
    flag = client.settings.create(
        config.config_id, key="newCheckout", name="New checkout", setting_type=enums.SettingType.BOOLEAN
    )
    client.flag_values.replace(environment.environment_id, flag.setting_id, default_value=True, reason="Launch")
    for setting in client.settings.list(config.config_id):
        print(setting)
