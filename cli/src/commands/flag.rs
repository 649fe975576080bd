//! `flag`: shows and changes the value of a flag in an environment.

use crate::carry_out::{ApplyOptions, apply_document};
use crate::failure::Failure;
use crate::plan_options::ChangeOptions;
use crate::session::Session;
use crate::terminal::print;
use clap::{Args, Subcommand};
use configcat_management::Client;
use configcat_management::changes::{Document, FlagState, PlanOptions, Promotion};
use configcat_management::models::SettingValue;
use serde::Deserialize as _;
use serde_json::json;

/// Show or change the value of a flag in an environment.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  configcat-management flag show \"Web Shop\" Storefront newCheckout Production
  configcat-management flag on \"Web Shop\" Storefront newCheckout Test
  configcat-management flag set \"Web Shop\" Storefront bannerText Test \"Hello!\" --reason Launch

on, off and set keep rules with conditions, unless --everyone is given. Percentages without a condition are removed, because the
value would never be served beside them.")]
pub struct Flag {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the value and its rules.
    Show(Place),
    /// Set the value that is served if no rule matches.
    Set {
        #[command(flatten)]
        place: Place,
        /// Value: true or false, a number, or a string, as the type of the flag requires.
        #[arg(allow_negative_numbers = true)]
        value: String,
        #[command(flatten)]
        options: FlagOptions,
    },
    /// Turn a boolean flag on.
    On {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        options: FlagOptions,
    },
    /// Turn a boolean flag off.
    Off {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        options: FlagOptions,
    },
}

/// A flag in an environment.
#[derive(Debug, Args)]
struct Place {
    /// Name or id of the product.
    product: String,
    /// Name of the config.
    config: String,
    /// Key of the flag.
    key: String,
    /// Name of the environment.
    environment: String,
}

#[derive(Debug, Args)]
struct FlagOptions {
    /// Remove all rules, so that everyone gets the value.
    #[arg(long)]
    everyone: bool,
    #[command(flatten)]
    change: ChangeOptions,
    /// File to write the report to, from which `undo` takes it back.
    #[arg(long, value_name = "FILE")]
    report: Option<std::path::PathBuf>,
}

impl Flag {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let client = session.client()?;
        match self.action {
            Action::Show(place) => {
                let state = place.read(&client).await?;
                let text = if session.json { format!("{:#}\n", json!(state)) } else { described(&state) };
                print(&text)?;
                Ok(0)
            }
            Action::Set { place, value, options } => {
                let state = place.read(&client).await?;
                let value = parsed(&state.default, &value)?;
                place.write(session, &client, state, value, &options).await
            }
            Action::On { place, options } => place.turn(session, &client, true, &options).await,
            Action::Off { place, options } => place.turn(session, &client, false, &options).await,
        }
    }
}

impl Place {
    /// Reads the value. Errors about names have suggestions.
    async fn read(&self, client: &Client) -> Result<FlagState, Failure> {
        // The document of this promotion, which changes nothing, contains the value.
        let itself = Promotion::new(&*self.product, &*self.config, &*self.environment, &*self.environment);
        let plan = client.promote(&itself.flag(&*self.key), &PlanOptions::new()).await?;
        let document = json!(plan.document);
        let values = document.pointer("/configs/0/settings/0/values");
        let value = values.and_then(|values| values.get(&*self.environment)).cloned();
        FlagState::deserialize(value.unwrap_or_default()).map_err(|error| {
            Failure::new(format!("{} has no value in {}: {error}", self.key, self.environment))
        })
    }

    async fn turn(
        &self,
        session: &Session,
        client: &Client,
        on: bool,
        options: &FlagOptions,
    ) -> Result<u8, Failure> {
        let state = self.read(client).await?;
        if !matches!(state.default, SettingValue::Boolean(_)) {
            let message = format!("cannot turn {} on or off: it is not a boolean flag; use set", self.key);
            return Err(Failure::new(message));
        }
        self.write(session, client, state, on.into(), options).await
    }

    /// Changes the value that is served if no rule matches.
    async fn write(
        &self,
        session: &Session,
        client: &Client,
        mut state: FlagState,
        value: SettingValue,
        options: &FlagOptions,
    ) -> Result<u8, Failure> {
        state.default = value;
        state.rules.retain(|rule| !rule.conditions.is_empty() && !options.everyone);
        let flag = json!({ "key": self.key, "values": { self.environment.as_str(): state } });
        let document = json!({
            "product": self.product,
            "configs": [{ "name": self.config, "settings": [flag] }],
        });
        let document = Document::from_json(&document.to_string())?;
        let change = options.change.add_to(PlanOptions::new());
        let options = ApplyOptions { yes: true, dry_run: false, report: options.report.clone() };
        apply_document(session, client, &document, &change, &options).await
    }
}

/// Describes a value, with a line per rule.
fn described(state: &FlagState) -> String {
    let rules = state.rules.iter().map(|rule| format!("{rule}\n"));
    let mut last = state.clone();
    last.rules.clear();
    let word = if state.rules.is_empty() { "" } else { "else " };
    rules.chain([format!("{word}{last}\n")]).collect()
}

/// Parses a value of the same type as another one.
fn parsed(like: &SettingValue, text: &str) -> Result<SettingValue, Failure> {
    let (parsed, expected) = match like {
        SettingValue::Boolean(_) => (text.parse().ok().map(SettingValue::Boolean), "true or false"),
        SettingValue::String(_) => (Some(SettingValue::String(text.to_owned())), "a string"),
        SettingValue::Int(_) => (text.parse().ok().map(SettingValue::Int), "a whole number"),
        SettingValue::Double(_) => {
            let number = text.parse().ok().filter(|number: &f64| number.is_finite());
            (number.map(SettingValue::Double), "a number")
        }
    };
    parsed.ok_or_else(|| Failure::Usage(format!("value: must be {expected}, not {text:?}")))
}
