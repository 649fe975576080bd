//! Options of commands that make plans.

use clap::{Args, ValueEnum};
use configcat_management::changes::{Approval, PlanOptions};

/// What happens to values in environments that require an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ApprovalChoice {
    /// The plan is not applied.
    Refuse,
    /// Change requests are created.
    Request,
    /// The values are changed without the approval.
    Bypass,
}

impl From<ApprovalChoice> for Approval {
    fn from(choice: ApprovalChoice) -> Self {
        match choice {
            ApprovalChoice::Refuse => Self::Refuse,
            ApprovalChoice::Request => Self::Request,
            ApprovalChoice::Bypass => Self::Bypass,
        }
    }
}

/// How changes are made.
#[derive(Debug, Clone, Args)]
pub struct ChangeOptions {
    /// Reason of the changes, which environments may require.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// What to do in environments that require an approval [default: refuse].
    #[arg(long, value_enum, value_name = "refuse|request|bypass", hide_possible_values = true)]
    pub approval: Option<ApprovalChoice>,
    /// Write each value by a request of its own, with the version that it builds on.
    #[arg(long)]
    pub strict: bool,
}

impl ChangeOptions {
    /// Adds these options to others.
    pub fn add_to(&self, mut options: PlanOptions) -> PlanOptions {
        if let Some(reason) = &self.reason {
            options = options.reason(reason);
        }
        if let Some(approval) = self.approval {
            options = options.approval(approval.into());
        }
        if self.strict { options.strict() } else { options }
    }
}

/// What a document may change, and how.
#[derive(Debug, Clone, Args)]
pub struct DocumentOptions {
    /// Delete what the document does not have in this section, such as tags or settings. Can be repeated.
    #[arg(long, value_name = "SECTION")]
    pub prune: Vec<String>,
    /// Delete and create again what cannot be changed, such as the type of a flag.
    #[arg(long)]
    pub allow_replace: bool,
    #[command(flatten)]
    pub change: ChangeOptions,
}

impl DocumentOptions {
    /// Returns the options of the plan.
    pub fn options(&self) -> PlanOptions {
        let mut options = PlanOptions::new();
        for section in &self.prune {
            options = options.prune(section);
        }
        self.change.add_to(if self.allow_replace { options.allow_replace() } else { options })
    }

    /// Whether any option is present that a saved plan contains already.
    pub fn is_saved_in_plan(&self) -> bool {
        let change = &self.change;
        !self.prune.is_empty() || self.allow_replace || change.approval.is_some() || change.strict
    }
}
