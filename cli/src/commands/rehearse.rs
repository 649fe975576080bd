//! `rehearse`: runs a command against a copy of a product, and shows what it has changed.

use crate::carry_out::{ApplyOptions, carry_out};
use crate::child::{self, Environment};
use crate::failure::Failure;
use crate::interrupt::interruptible;
use crate::plan_options::ChangeOptions;
use crate::session::Session;
use crate::terminal::{complain, print};
use crate::uncovered::uncovered;
use clap::Args;
use configcat_management::Client;
use configcat_management::changes::{Plan, PlanOptions};
use configcat_simulator::{Mirror, Simulator};
use std::ffi::OsString;
use std::path::PathBuf;

/// User name of the copy.
const USER: &str = "rehearsal";
/// Number of calls of the command that are kept, to find those that the plan does not contain.
const CALLS: usize = 1_000_000;

/// Run a command against a copy of a product, and show what it has changed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  configcat-management rehearse \"Web Shop\" -- python cleanup.py
  configcat-management rehearse \"Web Shop\" --apply -- terraform apply -auto-approve

The product is only read. The copy has the same ids and SDK keys, and the command finds it in its environment:
CONFIGCAT_BASE_URL, CONFIGCAT_API_HOST, CONFIGCAT_API_USER and CONFIGCAT_API_PASS, and for Terraform CONFIGCAT_BASE_PATH,
CONFIGCAT_BASIC_AUTH_USERNAME and CONFIGCAT_BASIC_AUTH_PASSWORD. The credentials are generated and work for the copy only.
--apply then applies the plan to the product, except for what others have changed meanwhile.

With --json, the standard output gets the plan (with --apply: the report) as JSON, and the standard error the output of the
command.

Exit status: that of the command if it is not 0; 127 if it cannot be started; otherwise 0, 1 or 3 as for apply.")]
pub struct Rehearse {
    /// Name or id of the product.
    product: String,
    /// Apply what the command has changed to the product, after asking.
    #[arg(long)]
    apply: bool,
    /// Apply without asking.
    #[arg(long, short, requires = "apply")]
    yes: bool,
    /// File to write the report to, from which `undo` takes it back.
    #[arg(long, value_name = "FILE", requires = "apply")]
    report: Option<PathBuf>,
    #[command(flatten)]
    change: ChangeOptions,
    /// Command and its arguments, after --.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Rehearse {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let client = session.client()?;
        let password = child::password();
        let mirror = interruptible(self.mirror(&client, &password)).await?;
        let environment = Environment {
            url: mirror.simulator().url(),
            host: mirror.simulator().address().to_string(),
            username: USER,
            password: &password,
        };
        let status = child::run(&self.command, &environment, session.json).await?;
        interruptible(self.finish(session, &client, &mirror, status)).await
    }

    async fn mirror(&self, client: &Client, password: &str) -> Result<Mirror, Failure> {
        let builder = Simulator::builder().admin(false).journal(CALLS);
        let mirror = Simulator::mirror_with(client, &self.product, builder, (USER, password)).await?;
        complain("note: the copy has no proxy profiles, members or history");
        for secret in mirror.placeholders() {
            complain(&format!("note: placeholders in the copy: {secret}"));
        }
        Ok(mirror)
    }

    /// Shows what was changed, and applies it if that is wanted. Returns the exit status.
    async fn finish(
        &self,
        session: &Session,
        client: &Client,
        mirror: &Mirror,
        status: u8,
    ) -> Result<u8, Failure> {
        for call in uncovered(mirror.simulator()) {
            complain(&format!("note: not part of the plan: {call}"));
        }
        let plan: Plan = mirror.changes_with(self.change.add_to(PlanOptions::new())).await?;
        if status == 0 && self.apply && !plan.is_empty() {
            let options = ApplyOptions { yes: self.yes, dry_run: false, report: self.report.clone() };
            return carry_out(session, client, &plan, &options).await;
        }
        if plan.is_empty() && !session.json {
            print(&format!("No changes: the command has changed nothing in {}.\n", self.product))?;
        } else {
            if session.json {
                session.show_to_person(client, &plan)?;
            }
            session.show(client, &plan)?;
        }
        if status != 0 {
            let nothing = if self.apply { "; nothing was applied" } else { "" };
            complain(&format!("the command ended with status {status}{nothing}"));
        }
        Ok(status)
    }
}
