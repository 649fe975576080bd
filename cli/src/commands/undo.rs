//! `undo`: takes back what a report says was done.

use crate::carry_out::{ApplyOptions, carry_out};
use crate::failure::Failure;
use crate::files::read;
use crate::plan_options::ChangeOptions;
use crate::session::Session;
use clap::Args;
use configcat_management::changes::Report;
use std::path::PathBuf;

/// Take back what a report says was done. What was deleted comes back with new ids.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  configcat-management undo report.json
  configcat-management undo report.json --yes --reason \"Release 12 was wrong\"

Reason and approval are those of the report, unless others are given.")]
pub struct Undo {
    /// Report that `--report` has written; - is the standard input.
    #[arg(value_name = "REPORTFILE")]
    file: PathBuf,
    #[command(flatten)]
    change: ChangeOptions,
    #[command(flatten)]
    apply: ApplyOptions,
}

impl Undo {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let report = Report::from_json(&read(&self.file)?)
            .map_err(|error| Failure::new(format!("{}: {error}", self.file.display())))?;
        let mut options = report.plan.options.clone();
        // What others have added meanwhile stays.
        options.prune.clear();
        let client = session.client()?;
        let plan = client.plan(&report.undo(), &self.change.add_to(options)).await?;
        carry_out(session, &client, &plan, &self.apply).await
    }
}
