//! Whole jobs: the change layer, and single calls as the service's infrastructure provider makes them, ten at a time: a GET for each
//! flag and value, also before each write.

use crate::clients::client;
use crate::result::Result;
use crate::samples::ready;
use configcat_management::changes::{Document, PlanOptions};
use configcat_management::models::{
    CreateConfig, CreateEnvironment, CreateProduct, CreateSetting, EnvironmentId, SettingId, SettingType,
    UpdateEvaluationFormula,
};
use configcat_management::{Client, bulk};
use serde_json::{Value, json};
use std::time::Instant;

const FLAGS: usize = 200;
const ENVIRONMENTS: [&str; 3] = ["Test", "Staging", "Production"];
const TABLE: &str = "Jobs, 200 flags in 3 environments";

/// Measures three jobs in both ways.
pub async fn run(url: &str, what: &str) -> Result {
    ready()?;
    let ours = client(url)?;
    if what == "compare" {
        let slow = json!({ "delay_ms": 20 });
        ours.request("POST", "/__simulator/faults").body(slow).await?;
    }
    for (job, value) in
        [("create from nothing", true), ("plan, nothing to do", true), ("flip all values", false)]
    {
        let ours = measured(&ours, async |client| document(client, job, value).await).await?;
        let mut cells = vec![
            ("requests", ours.requests.to_string()),
            ("seconds", format!("{:.2}", ours.seconds)),
            ("429", ours.rate_limited.to_string()),
        ];
        if what == "compare" {
            let single = single(url, job, value).await?;
            cells.push(("single calls: requests", single.requests.to_string()));
            cells.push(("single calls: seconds", format!("{:.2}", single.seconds)));
        }
        let cells: Vec<String> =
            cells.into_iter().map(|(column, text)| format!("{column}\t{text}")).collect();
        let table = if what == "compare" { TABLE.to_owned() } else { format!("{TABLE}, {what}") };
        println!("cells\t{table}\t{job}\t{}", cells.join("\t"));
    }
    Ok(())
}

/// What a job cost.
struct Cost {
    requests: u64,
    rate_limited: u64,
    seconds: f64,
}

async fn measured(client: &Client, job: impl AsyncFnOnce(&Client) -> Result) -> Result<Cost> {
    let (before, start) = (client.usage(), Instant::now());
    job(client).await?;
    let after = client.usage();
    Ok(Cost {
        requests: after.requests - before.requests,
        rate_limited: after.rate_limited - before.rate_limited,
        seconds: start.elapsed().as_secs_f64(),
    })
}

/// Does a job with the change layer.
async fn document(client: &Client, job: &str, value: bool) -> Result {
    let flags: Vec<Value> = (0..FLAGS)
        .map(|i| {
            let values: Value = ENVIRONMENTS.iter().map(|name| ((*name).to_owned(), json!(value))).collect();
            json!({ "key": format!("flag{i}"), "name": format!("Flag {i}"), "settingType": "boolean", "values": values })
        })
        .collect();
    let environments: Vec<Value> = ENVIRONMENTS.iter().map(|name| json!({ "name": name })).collect();
    let configs = json!([{ "name": "Main", "evaluationVersion": "v2", "settings": flags }]);
    let text = json!({ "product": "Document", "environments": environments, "configs": configs });
    let document = Document::from_json(&text.to_string())?;
    let options = PlanOptions::new();
    if job.starts_with("plan") {
        let plan = client.plan(&document, &options).await?;
        return if plan.is_empty() { Ok(()) } else { Err(plan.summary().into()) };
    }
    let report = client.apply_document(&document, &options).await?;
    if report.is_complete() { Ok(()) } else { Err(report.to_text().into()) }
}

/// Does a job with single calls.
async fn single(url: &str, job: &str, value: bool) -> Result<Cost> {
    let client = client(url)?;
    if job.starts_with("create") {
        return measured(&client, async |client| create(client).await).await;
    }
    let product = client.products().find("Single").await?.product_id;
    let config = client.configs().find(&product, "Main").await?.config_id;
    let environments = client.environments().list(&product).await?;
    let flags: Vec<SettingId> =
        client.settings().list(&config).await?.iter().map(|flag| flag.setting_id).collect();
    measured(&client, async |client| {
        let read = flags.iter().map(|flag| client.settings().get(*flag));
        bulk(read).concurrency(10).await?.into_values()?;
        let cells = || pairs(&environments, &flags);
        if job.starts_with("plan") {
            let read = cells().map(|(environment, flag)| client.flag_values().get(environment, flag));
            bulk(read).concurrency(10).await?.into_values()?;
            return Ok(());
        }
        write(client, cells(), value).await
    })
    .await
}

fn pairs<'a>(
    environments: &'a [configcat_management::models::Environment],
    flags: &'a [SettingId],
) -> impl Iterator<Item = (&'a EnvironmentId, SettingId)> {
    flags.iter().flat_map(move |flag| environments.iter().map(move |at| (&at.environment_id, *flag)))
}

async fn create(client: &Client) -> Result {
    let organization = client.organizations().list().await?.remove(0).organization_id;
    let product = client.products().create(&organization, CreateProduct::new("Single")).await?.product_id;
    let mut environments = Vec::new();
    for name in ENVIRONMENTS {
        environments.push(client.environments().create(&product, CreateEnvironment::new(name)).await?);
    }
    let body =
        CreateConfig::new("Main").evaluation_version(configcat_management::models::EvaluationVersion::V2);
    let config = client.configs().create(&product, body).await?.config_id;
    let created = (0..FLAGS).map(|i| {
        let body = CreateSetting::new(format!("Flag {i}"), format!("flag{i}"), SettingType::Boolean);
        client.settings().create(&config, body)
    });
    let created = bulk(created).concurrency(10).await?.into_values()?;
    let flags: Vec<SettingId> = created.iter().map(|flag| flag.setting_id).collect();
    write(client, pairs(&environments, &flags), true).await
}

/// Reads each value, and writes it.
async fn write<'a>(
    client: &Client,
    cells: impl Iterator<Item = (&'a EnvironmentId, SettingId)> + Send,
    value: bool,
) -> Result {
    let cells: Vec<_> = cells.map(|(environment, flag)| (environment.clone(), flag)).collect();
    let calls = cells.into_iter().map(|(environment, flag)| {
        let client = client.clone();
        Box::pin(async move {
            client.flag_values().get(&environment, flag).await?;
            client.flag_values().replace(&environment, flag, UpdateEvaluationFormula::new(value)).await
        })
    });
    bulk(calls).concurrency(10).await?.into_values()?;
    Ok(())
}
