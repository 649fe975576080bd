//! Creates a flag in a new product, switches it on, and prints the flags of its config.
#![allow(clippy::print_stdout, reason = "a quickstart prints")]

use configcat_management::Client;
use configcat_management::models::{
    CreateConfig, CreateEnvironment, CreateProduct, CreateSetting, EvaluationVersion, SettingType,
    UpdateEvaluationFormula,
};

#[tokio::main]
async fn main() -> Result<(), configcat_management::Error> {
    let client = Client::from_env()?; // CONFIGCAT_API_USER and CONFIGCAT_API_PASS
    let organization = client.organizations().list().await?.remove(0);
    let product =
        client.products().create(&organization.organization_id, CreateProduct::new("Web shop")).await?;
    let environment = CreateEnvironment::new("Production");
    let environment = client.environments().create(&product.product_id, environment).await?;
    let config = CreateConfig::new("Main").evaluation_version(EvaluationVersion::V2);
    let config = client.configs().create(&product.product_id, config).await?;
    let flag = CreateSetting::new("New checkout", "newCheckout", SettingType::Boolean);
    let flag = client.settings().create(&config.config_id, flag).await?;
    let values = client.flag_values();
    let on = UpdateEvaluationFormula::new(true);
    values.replace(&environment.environment_id, flag.setting_id, on).reason("Launch").await?;
    for setting in client.settings().list(&config.config_id).await? {
        println!("{}: {}", setting.key, setting.name);
    }
    Ok(())
}
