//! A plan for the largest product that the service allows: 500 flags in 50 environments, with 20 rules each.

use crate::clients::client;
use crate::process::peak;
use crate::result::Result;
use crate::samples::ready;
use configcat_management::changes::{Document, PlanOptions};
use serde_json::{Value, json};
use std::time::Instant;

const FLAGS: usize = 500;
const ENVIRONMENTS: usize = 50;
const RULES: usize = 20;

/// Creates the product, and measures a plan with nothing to do.
pub async fn run(url: &str) -> Result {
    ready()?;
    let client = client(url)?;
    let text = document();
    let start = Instant::now();
    let document = Document::from_json(&text)?;
    let parsed = start.elapsed();
    let report = client.apply_document(&document, &PlanOptions::new()).await?;
    if !report.is_complete() {
        return Err(report.to_text().into());
    }
    drop(report);
    let (before, used) = (resident()?, processor_seconds()?);
    let start = Instant::now();
    let plan = client.plan(&document, &PlanOptions::new()).await?;
    let took = start.elapsed();
    if !plan.is_empty() {
        return Err(plan.summary().into());
    }
    let cells = [
        ("document", format!("{:.0} MB of JSON", text.len() as f64 / 1e6)),
        ("parsed in", format!("{:.2} s", parsed.as_secs_f64())),
        ("requests", plan.price.reads.to_string()),
        ("time", format!("{:.2} s", took.as_secs_f64())),
        ("own processor time", format!("{:.2} s", processor_seconds()? - used)),
        ("document in memory", format!("{before:.0} MB")),
        ("most memory", format!("{:.0} MB", peak()?)),
    ];
    let cells: Vec<String> = cells.into_iter().map(|(column, text)| format!("{column}\t{text}")).collect();
    let row = format!("{FLAGS} flags, {ENVIRONMENTS} environments, {RULES} rules each");
    println!("cells\tJobs, largest plan\t{row}\t{}", cells.join("\t"));
    Ok(())
}

fn document() -> String {
    let names: Vec<String> = (0..ENVIRONMENTS).map(|i| format!("Environment {i}")).collect();
    let rule = |i: usize| json!({ "if": [{ "user": "Country", "isOneOf": [format!("C{i}")] }], "serve": i.is_multiple_of(2) });
    let rules: Vec<Value> = (0..RULES).map(rule).collect();
    let value = json!({ "default": false, "rules": rules });
    let values: Value = names.iter().map(|name| (name.clone(), value.clone())).collect();
    let flags: Vec<Value> = (0..FLAGS)
        .map(|i| json!({ "key": format!("flag{i}"), "name": format!("Flag {i}"), "settingType": "boolean", "values": values }))
        .collect();
    let environments: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
    json!({
        "product": "Large",
        "environments": environments,
        "configs": [{ "name": "Main", "evaluationVersion": "v2", "settings": flags }],
    })
    .to_string()
}

/// Memory of this process now, in MB.
fn resident() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS here")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1e3)
}

/// Time that the processor has spent on this process, in its ticks of 10 ms.
fn processor_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no fields")?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<std::result::Result<f64, _>>()? / 100.0)
}
