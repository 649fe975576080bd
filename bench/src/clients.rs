//! Our client, and the config that it reads.

use crate::result::Result;
use configcat_management::models::{
    CreateConfig, CreateProduct, CreateSetting, CreateTag, EvaluationVersion, SettingType,
};
use configcat_management::{Client, RateLimitPolicy};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

pub const USER: &str = "simulator";

pub fn client(url: &str) -> Result<Client> {
    Ok(Client::builder().credentials(USER, USER).base_url(url).no_proxy().build()?)
}

/// Creates a config with realistic flags, which have a hint and a tag, and prints its id.
pub async fn fill(url: &str, flags: usize) -> Result {
    let client = Client::builder()
        .credentials(USER, USER)
        .base_url(url)
        .no_proxy()
        .rate_limit_policy(RateLimitPolicy::Off)
        .build()?;
    let organizations = client.organizations().list().await?;
    let organization = organizations.first().ok_or("no organization")?;
    let product =
        client.products().create(&organization.organization_id, CreateProduct::new("Bench")).await?;
    let tag = client.tags().create(&product.product_id, CreateTag::new("bench").color("panther")).await?;
    let input = CreateConfig::new("Bench").evaluation_version(EvaluationVersion::V2);
    let config = client.configs().create(&product.product_id, input).await?;
    stream::iter(0..flags)
        .map(|n| {
            let input = CreateSetting::new(
                format!("Flag number {n}"),
                format!("flagNumber{n}"),
                SettingType::Boolean,
            )
            .hint(format!("What flag number {n} is for, who looks after it, and when it can go. ").repeat(4))
            .order(i32::try_from(n).unwrap_or(i32::MAX))
            .tags(vec![tag.tag_id]);
            let call = client.settings().create(&config.config_id, input);
            async move { call.await.map(drop) }
        })
        .buffer_unordered(8)
        .try_collect::<Vec<()>>()
        .await?;
    println!("{}", config.config_id);
    Ok(())
}
