//! Examples in the documentation of the operations that are used most. They are compiled by the tests, and not run.

use crate::model::{Api, Operation, Resource};
use anyhow::{Result, bail};
use std::collections::BTreeSet;

/// Names that an example may use: the client, and ids.
const BEFORE: &str = "\
# use configcat_management::models::{ConfigId, EnvironmentId, OrganizationId, PermissionGroupId, ProductId, SettingId};
# async fn run(client: configcat_management::Client, organization: OrganizationId, product: ProductId, config: ConfigId, environment: EnvironmentId, flag: SettingId, group: PermissionGroupId) -> Result<(), configcat_management::Error> {
";
const AFTER: &str = "# Ok(()) }";

/// Operations, and what a caller writes.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "me.get",
        r#"let me = client.me().get().await?;
println!("The credentials belong to {}.", me.email);"#,
    ),
    (
        "products.list",
        r#"for product in client.products().list().await? {
    println!("{} {}", product.product_id, product.name);
}"#,
    ),
    (
        "products.create",
        r#"use configcat_management::models::CreateProduct;

let product = client.products().create(&organization, CreateProduct::new("Web Shop")).await?;"#,
    ),
    (
        "configs.list",
        r#"let configs = client.configs().list(&product).await?;
let storefront = configs.iter().find(|config| config.name == "Storefront");"#,
    ),
    (
        "configs.create",
        r#"use configcat_management::models::{CreateConfig, EvaluationVersion};

let body = CreateConfig::new("Storefront").evaluation_version(EvaluationVersion::V2);
let config = client.configs().create(&product, body).await?;"#,
    ),
    (
        "environments.list",
        r#"for environment in client.environments().list(&product).await? {
    println!("{} needs a reason: {}", environment.name, environment.reason_required);
}"#,
    ),
    (
        "environments.create",
        r##"use configcat_management::models::CreateEnvironment;

let body = CreateEnvironment::new("Staging").color("#ff8800");
let environment = client.environments().create(&product, body).await?;"##,
    ),
    (
        "settings.list",
        r#"let flags = client.settings().list(&config).await?;
let untagged: Vec<_> = flags.iter().filter(|flag| flag.tags.is_empty()).map(|flag| &flag.key).collect();"#,
    ),
    (
        "settings.create",
        r#"use configcat_management::models::{CreateSetting, SettingType};

let body = CreateSetting::new("New checkout", "newCheckout", SettingType::Boolean).hint("Checkout in one step");
let flag = client.settings().create(&config, body).await?;"#,
    ),
    (
        "settings.get",
        r#"let flag = client.settings().get(flag).await?;
println!("{} is a {} flag", flag.key, flag.setting_type);"#,
    ),
    (
        "settings.patch",
        r#"use configcat_management::models::JsonPatch;

let patch = JsonPatch::new().replace("/name", "Checkout in one step");
client.settings().patch(flag, patch).await?;"#,
    ),
    ("settings.delete", r"client.settings().delete(flag).await?;"),
    (
        "flag_values.get",
        r#"let formula = client.flag_values().get(&environment, flag).await?;
println!("{} rules, version {:?}", formula.targeting_rules.len(), formula.last_version_id);"#,
    ),
    (
        "flag_values.replace",
        r#"use configcat_management::models::{UpdateEvaluationFormula, UpdateTargetingRule};
use configcat_management::rules::when;

let testers = UpdateTargetingRule::serve(true).condition(when::email().ends_with_any_of(["@example.com"]));
let formula = UpdateEvaluationFormula::new(false).targeting_rules(vec![testers]);
client.flag_values().replace(&environment, flag, formula).reason("For testers").await?;"#,
    ),
    (
        "flag_values.patch",
        r#"use configcat_management::models::JsonPatch;

let patch = JsonPatch::new().replace("/defaultValue/boolValue", true);
client.flag_values().patch(&environment, flag, patch).reason("Launch").await?;"#,
    ),
    (
        "flag_values.get_all",
        r#"let all = client.flag_values().get_all(&config, &environment).await?;
println!("{} flags", all.setting_formulas.len());"#,
    ),
    (
        "tags.create",
        r#"use configcat_management::models::CreateTag;

let tag = client.tags().create(&product, CreateTag::new("release 12").color("panther")).await?;"#,
    ),
    (
        "segments.create",
        r#"use configcat_management::models::{CreateSegment, RolloutRuleComparator};

let body = CreateSegment::new("Testers", "Email", RolloutRuleComparator::Contains, "@example.com");
let segment = client.segments().create(&product, body).await?;"#,
    ),
    (
        "sdk_keys.get",
        r#"let keys = client.sdk_keys().get(&config, &environment).await?;
println!("{}", keys.primary);"#,
    ),
    (
        "webhooks.create",
        r#"use configcat_management::models::WebhookInput;

let webhook = client.webhooks().create(&config, &environment, WebhookInput::new("https://example.com/hook")).await?;"#,
    ),
    (
        "members.invite",
        r#"use configcat_management::models::InviteMembers;

client.members().invite(&product, InviteMembers::new(["jane@example.com"], group)).await?;"#,
    ),
    (
        "audit_logs.list",
        r#"use futures_util::TryStreamExt as _;

let mut entries = Box::pin(client.audit_logs().list(&product).config_id(&config).items());
while let Some(entry) = entries.try_next().await? {
    println!("{} {}", entry.audit_log_date_time, entry.user_email.unwrap_or_default());
}"#,
    ),
];

/// Returns the example of an operation as documentation; empty if there is none.
pub fn of(id: &str) -> String {
    let code = EXAMPLES.iter().find(|(known, _)| *known == id).map(|(_, code)| code);
    code.map(|code| format!("\n# Example\n```no_run\n{BEFORE}{code}\n{AFTER}\n```\n")).unwrap_or_default()
}

/// Fails if there is an example of an operation that does not exist.
pub fn check(api: &Api) -> Result<()> {
    let ids: BTreeSet<String> = api
        .resources
        .iter()
        .flat_map(|resource| resource.operations.iter().map(|op| id(resource, op)))
        .collect();
    match EXAMPLES.iter().find(|(id, _)| !ids.contains(*id)) {
        Some((id, _)) => bail!("there is an example of {id}, which does not exist"),
        None => Ok(()),
    }
}

/// Returns the name of an operation, such as `configs.create`.
pub fn id(resource: &Resource, op: &Operation) -> String {
    format!("{}.{}", resource.name.snake(), op.name.snake())
}
