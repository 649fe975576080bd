from configcat_management import Client, models, when

with Client() as client:
    product = client.products.find("Web Shop")
    environment = client.environments.find(product.product_id, "Test")
    config = client.configs.find(product.product_id, "Storefront")
    flag = client.settings.find(config.config_id, "newCheckout")

    staff = models.UpdateTargetingRule(
        conditions=[when.email().ends_with_any_of(["@shop.example"])],
        value=True,
    )
    with client.flag_values.edit(
        environment.environment_id, flag.setting_id, reason="Start the rollout"
    ) as draft:
        draft.turn_off()  # for everybody else
        draft.targeting_rules = [staff]
        draft.set_percentage(20)  # of those

    state = client.flag_values.get(environment.environment_id, flag.setting_id)
    print("rules:", len(state.targeting_rules))
    share = state.targeting_rules[1].percentage_options[0]
    print("percentage:", share.percentage)
