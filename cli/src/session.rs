//! What every command needs: the global options, and the client that they select.

use crate::failure::Failure;
use crate::profile;
use crate::terminal::{complain, has_colour, has_colour_on_error, print};
use configcat_management::Client;
use configcat_management::changes::Plan;
use std::time::Duration;

/// The global options of a command.
#[derive(Debug)]
pub struct Session {
    /// Whether the standard output gets JSON.
    pub json: bool,
    /// Profile of the configuration file.
    pub profile: Option<String>,
}

impl Session {
    /// Creates the client.
    pub fn client(&self) -> Result<Client, Failure> {
        let builder = profile::builder(self.profile.as_deref())?;
        let caller = concat!("configcat-management-cli/", env!("CARGO_PKG_VERSION"));
        Ok(builder.caller_id(caller).build()?)
    }

    /// Shows a plan: as JSON or as text, as the options say.
    pub fn show(&self, client: &Client, plan: &Plan) -> Result<(), Failure> {
        if self.json {
            return print(&format!("{}\n", plan.to_json()));
        }
        print(&format!("{}{}", plan.to_text(has_colour()), least_wait(client, plan)))
    }

    /// Shows a plan to a person: on the standard error if the standard output gets JSON.
    pub fn show_to_person(&self, client: &Client, plan: &Plan) -> Result<(), Failure> {
        if self.json {
            let text = plan.to_text(has_colour_on_error());
            complain(&format!("{text}{}", least_wait(client, plan)).trim_end().replace('\r', ""));
            return Ok(());
        }
        self.show(client, plan)
    }
}

/// Says how long applying waits for the rate limit, if it does.
fn least_wait(client: &Client, plan: &Plan) -> String {
    match plan.price.least_wait(&client.rate_limit()) {
        Some(wait) if wait >= Duration::from_secs(1) => {
            format!("Applying it waits at least {} s for the rate limit.\n", wait.as_secs())
        }
        _ => String::new(),
    }
}
