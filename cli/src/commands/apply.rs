//! `apply`: makes a product as a document says, or applies a plan that was saved.

use crate::carry_out::{ApplyOptions, apply_document, carry_out};
use crate::failure::Failure;
use crate::files::{document, read, saved_plan};
use crate::plan_options::DocumentOptions;
use crate::session::Session;
use clap::Args;
use configcat_management::changes::{Document, Plan};
use std::path::PathBuf;

/// Make a product as a document says, or apply a plan that was saved.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  configcat-management apply shop.yaml
  configcat-management apply shop.yaml --yes --reason \"Release 12\" --report report.json
  configcat-management apply release-12.json --yes

Without --yes, shows the plan and asks; without a terminal, that is an error. Steps of a saved plan for what others have
changed since are conflicts, which do not stop the other steps. A product that does not exist is created.

Exit status: 0 success, 1 an error, 2 an invalid command line, 3 some steps did not succeed.")]
pub struct Apply {
    /// Document in YAML or JSON, or a plan; - is the standard input.
    file: PathBuf,
    #[command(flatten)]
    options: DocumentOptions,
    #[command(flatten)]
    apply: ApplyOptions,
}

impl Apply {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let text = read(&self.file)?;
        match saved_plan(&self.file, &text)? {
            Some(plan) => self.saved(session, plan).await,
            None => self.document(session, &document(&self.file, &text)?).await,
        }
    }

    /// Applies a plan that was saved.
    async fn saved(&self, session: &Session, mut plan: Plan) -> Result<u8, Failure> {
        if self.options.is_saved_in_plan() {
            let message = "a saved plan has its options: make it again with plan to change them";
            return Err(Failure::Usage(message.to_owned()));
        }
        if let Some(reason) = &self.options.change.reason {
            if plan.refused().next().is_some() {
                let message = "the plan was made without a reason: make it again with plan --reason";
                return Err(Failure::Usage(message.to_owned()));
            }
            plan.options.reason = Some(reason.clone());
        }
        carry_out(session, &session.client()?, &plan, &self.apply).await
    }

    async fn document(&self, session: &Session, document: &Document) -> Result<u8, Failure> {
        let client = session.client()?;
        let options = self.options.options();
        if !self.apply.yes {
            let plan = client.plan(document, &options).await?;
            return carry_out(session, &client, &plan, &self.apply).await;
        }
        apply_document(session, &client, document, &options, &self.apply).await
    }
}
