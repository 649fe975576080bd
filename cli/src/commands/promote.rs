//! `promote`: gives flags of an environment the values that they have in another one.

use crate::carry_out::{ApplyOptions, carry_out};
use crate::failure::Failure;
use crate::plan_options::ChangeOptions;
use crate::session::Session;
use clap::{Args, ValueEnum};
use configcat_management::changes::{Aspect, PlanOptions, Promotion};

/// Give flags of an environment the values that they have in another one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  configcat-management promote \"Web Shop\" Storefront Staging Production --flag newCheckout --reason \"Release 12\"
  configcat-management promote \"Web Shop\" Storefront Test Staging --aspect rules --aspect percentages --yes")]
pub struct Promote {
    /// Name or id of the product.
    product: String,
    /// Name of the config.
    config: String,
    /// Environment whose values are promoted.
    from: String,
    /// Environment that gets them.
    to: String,
    /// Key of a flag; all flags by default. Can be repeated.
    #[arg(long, value_name = "KEY")]
    flag: Vec<String>,
    /// Part of the values; everything by default. Can be repeated.
    #[arg(long, value_enum)]
    aspect: Vec<AspectChoice>,
    #[command(flatten)]
    change: ChangeOptions,
    #[command(flatten)]
    apply: ApplyOptions,
}

/// Part of a value.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum AspectChoice {
    /// The value that is served if no rule matches.
    Values,
    /// Rules that serve one value.
    Rules,
    /// Rules that serve values by percentage.
    Percentages,
}

impl From<AspectChoice> for Aspect {
    fn from(choice: AspectChoice) -> Self {
        match choice {
            AspectChoice::Values => Self::Values,
            AspectChoice::Rules => Self::Rules,
            AspectChoice::Percentages => Self::Percentages,
        }
    }
}

impl Promote {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let mut promotion = Promotion::new(self.product, self.config, self.from, self.to);
        for key in self.flag {
            promotion = promotion.flag(key);
        }
        for aspect in self.aspect {
            promotion = promotion.aspect(aspect.into());
        }
        let client = session.client()?;
        let plan = client.promote(&promotion, &self.change.add_to(PlanOptions::new())).await?;
        carry_out(session, &client, &plan, &self.apply).await
    }
}
