//! Changes a flag with rules and a percentage.

// docs: guide
use configcat_management::models::UpdateTargetingRule;
use configcat_management::rules::when;
use configcat_management::{Client, Error};

pub async fn run() -> Result<(), Error> {
    let client = Client::from_env()?;
    let product = client.products().find("Web Shop").await?.product_id;
    let environment = client.environments().find(&product, "Test").await?;
    let environment = &environment.environment_id;
    let config = client.configs().find(&product, "Storefront").await?;
    let flag = client.settings().find(&config.config_id, "newCheckout").await?;
    let flag = flag.setting_id;

    let staff = UpdateTargetingRule::serve(true)
        .condition(when::email().ends_with_any_of(["@shop.example"]));
    let values = client.flag_values();
    let edit = values.begin_edit(environment, flag).reason("Start the rollout");
    let mut edit = edit.await?;
    edit.turn_off()?; // for everybody else
    edit.targeting_rules = vec![staff].into();
    edit.set_percentage(20)?; // of those
    edit.commit().await?;

    let rules = values.get(environment, flag).await?.targeting_rules;
    println!("rules: {}", rules.len());
    let shares = rules.iter().flat_map(|rule| &rule.percentage_options);
    for share in shares.take(1) {
        println!("percentage: {}", share.percentage);
    }
    Ok(())
}
// docs: end
