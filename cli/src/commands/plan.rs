//! `plan`: shows what applying a document would change.

use crate::failure::{CHANGES, Failure};
use crate::files::{document, read, write};
use crate::plan_options::DocumentOptions;
use crate::session::Session;
use crate::terminal::print;
use clap::Args;
use std::path::PathBuf;

/// Show what applying a document would change, and how many requests that takes. Changes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  configcat-management plan shop.yaml
  configcat-management plan shop.yaml --prune settings --reason \"Release 12\" -o release-12.json
  configcat-management plan shop.yaml --markdown >> \"$GITHUB_STEP_SUMMARY\"

Exit status: 0 nothing to do, 2 changes, 1 an error (also of the command line).")]
pub struct PlanCommand {
    /// Document in YAML or JSON; - is the standard input.
    file: PathBuf,
    #[command(flatten)]
    options: DocumentOptions,
    /// Print Markdown, for pull requests.
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// File to save the plan to, for `apply`.
    #[arg(long, short, value_name = "PLANFILE")]
    output: Option<PathBuf>,
}

impl PlanCommand {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let document = document(&self.file, &read(&self.file)?)?;
        let client = session.client()?;
        let plan = client.plan(&document, &self.options.options()).await?;
        if let Some(file) = &self.output {
            write(file, &format!("{}\n", plan.to_json()))?;
        }
        if self.markdown {
            print(&plan.to_markdown())?;
        } else {
            session.show(&client, &plan)?;
        }
        Ok(if plan.is_empty() { 0 } else { CHANGES })
    }
}
