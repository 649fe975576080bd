//! Creates a flag in every config and switches it on in every environment.

use configcat_management::Client;
use configcat_management::models::{CreateSetting, SettingType, UpdateEvaluationFormula};

#[tokio::main]
async fn main() -> Result<(), configcat_management::Error> {
    let client = Client::from_env()?; // CONFIGCAT_API_USER and CONFIGCAT_API_PASS
    for product in client.products().list().await? {
        let environments = client.environments().list(&product.product_id).await?;
        for config in client.configs().list(&product.product_id).await? {
            let body = CreateSetting::new("New checkout", "newCheckout", SettingType::Boolean);
            let flag = client.settings().create(&config.config_id, body).await?;
            for environment in &environments {
                client
                    .flag_values()
                    .replace(&environment.environment_id, flag.setting_id, UpdateEvaluationFormula::new(true))
                    .reason("Launch")
                    .await?;
            }
        }
    }
    Ok(())
}
