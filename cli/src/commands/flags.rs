//! `flags`: the flags of a config and their values in all environments.

use crate::failure::Failure;
use crate::grid::{Cell, shortened, table};
use crate::session::Session;
use crate::terminal::{has_colour, print, width};
use clap::Args;
use configcat_management::Client;
use configcat_management::models::{Config, Environment, EvaluationVersion, SettingType, SettingValue};
use serde_json::{Map, Value, json};

/// Maximum number of characters of a value.
const LONGEST: usize = 30;
/// Colours of terminals.
const GREEN: u8 = 32;
const GREY: u8 = 90;

/// Show the flags of a config with their values in all environments.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  configcat-management flags \"Web Shop/Storefront\"
  configcat-management flags \"Web Shop/Storefront\" --json

The value is the one that is served if no rule matches; % marks rules that serve values by percentage.")]
pub struct Flags {
    /// Names of the product and the config.
    #[arg(value_name = "PRODUCT/CONFIG")]
    config: String,
}

/// A flag with its values, one per environment.
struct Row {
    key: String,
    name: String,
    ty: SettingType,
    values: Vec<Option<Served>>,
}

/// What an environment serves.
struct Served {
    value: Option<SettingValue>,
    rules: usize,
    has_percentages: bool,
}

/// A flag in one environment.
struct FlagInEnvironment {
    key: String,
    name: String,
    ty: SettingType,
    served: Served,
}

impl Flags {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let Some((product, config)) = self.config.rsplit_once('/') else {
            let message =
                format!("{:?} must name product and config, such as \"Web Shop/Storefront\"", self.config);
            return Err(Failure::Usage(message));
        };
        let client = session.client()?;
        let product = client.products().find(product).await?;
        let config = client.configs().find(&product.product_id, config).await?;
        let environments = client.environments().list(&product.product_id).await?;
        let rows = rows(&client, &config, &environments).await?;
        let text = if session.json {
            format!("{:#}\n", as_json(&environments, &rows))
        } else {
            as_table(&environments, &rows)
        };
        print(&text)?;
        Ok(0)
    }
}

async fn rows(client: &Client, config: &Config, environments: &[Environment]) -> Result<Vec<Row>, Failure> {
    let mut rows: Vec<Row> = Vec::new();
    for (at, environment) in environments.iter().enumerate() {
        for flag in flags(client, config, environment).await? {
            let position = rows.iter().position(|row| row.key == flag.key).unwrap_or_else(|| {
                let values = environments.iter().map(|_| None).collect();
                rows.push(Row { key: flag.key.clone(), name: flag.name, ty: flag.ty, values });
                rows.len() - 1
            });
            let cell = rows.get_mut(position).and_then(|row| row.values.get_mut(at));
            if let Some(cell) = cell {
                *cell = Some(flag.served);
            }
        }
    }
    Ok(rows)
}

/// Reads the flags of an environment: one request.
async fn flags(
    client: &Client,
    config: &Config,
    environment: &Environment,
) -> Result<Vec<FlagInEnvironment>, Failure> {
    let (config_id, environment_id) = (&config.config_id, &environment.environment_id);
    if config.evaluation_version == EvaluationVersion::V1 {
        let values = client.values().get_all(config_id, environment_id).await?.setting_values;
        let flag = values.into_iter().map(|flag| FlagInEnvironment {
            key: flag.setting.key,
            name: flag.setting.name,
            ty: flag.setting.setting_type,
            served: Served {
                value: Some(flag.value),
                rules: flag.rollout_rules.len(),
                has_percentages: !flag.rollout_percentage_items.is_empty(),
            },
        });
        return Ok(flag.collect());
    }
    let formulas = client.flag_values().get_all(config_id, environment_id).await?.setting_formulas;
    let flag = formulas.into_iter().map(|flag| FlagInEnvironment {
        key: flag.setting.key,
        name: flag.setting.name,
        ty: flag.setting.setting_type,
        served: Served {
            value: flag.default_value.value,
            rules: flag.targeting_rules.len(),
            has_percentages: flag.targeting_rules.iter().any(|rule| !rule.percentage_options.is_empty()),
        },
    });
    Ok(flag.collect())
}

fn as_table(environments: &[Environment], rows: &[Row]) -> String {
    if rows.is_empty() {
        return "(no flags)\n".to_owned();
    }
    let names = ["flag", "type"].into_iter().map(str::to_owned);
    let names: Vec<String> =
        names.chain(environments.iter().map(|environment| environment.name.clone())).collect();
    let cells = |row: &Row| -> Vec<Cell> {
        let first = [row.key.clone().into(), row.ty.to_string().into()];
        first.into_iter().chain(row.values.iter().map(|value| cell(value.as_ref()))).collect()
    };
    let cells: Vec<Vec<Cell>> = rows.iter().map(cells).collect();
    table(&names, &cells, 1, width(), has_colour())
}

fn cell(served: Option<&Served>) -> Cell {
    let Some(Served { value, rules, has_percentages }) = served else { return Cell::default() };
    let value_text = match value {
        Some(SettingValue::String(text)) => shortened(&json!(text).to_string(), LONGEST),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let rules = match rules {
        0 => String::new(),
        1 => " +1 rule".to_owned(),
        rules => format!(" +{rules} rules"),
    };
    let percent = if *has_percentages { " %" } else { "" };
    let colour = match value {
        Some(SettingValue::Boolean(true)) => Some(GREEN),
        Some(SettingValue::Boolean(false)) => Some(GREY),
        _ => None,
    };
    Cell { text: format!("{value_text}{rules}{percent}"), colour }
}

fn as_json(environments: &[Environment], rows: &[Row]) -> Value {
    let rows = rows.iter().map(|row| {
        let values = environments.iter().zip(&row.values).filter_map(|(environment, served)| {
            let Served { value, rules, has_percentages } = served.as_ref()?;
            let served = json!({ "value": value, "rules": rules, "hasPercentages": has_percentages });
            Some((environment.name.clone(), served))
        });
        let values: Map<String, Value> = values.collect();
        json!({ "key": row.key, "name": row.name, "settingType": row.ty, "values": values })
    });
    rows.collect()
}
