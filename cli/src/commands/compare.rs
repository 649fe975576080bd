//! `compare`: shows what differs between two products.

use crate::failure::Failure;
use crate::session::Session;
use crate::terminal::print;
use clap::Args;

/// Show what differs between two products: the steps that would make B like A.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  configcat-management compare \"Web Shop\" \"Web Shop (copy)\"")]
pub struct Compare {
    /// Name or id of a product.
    #[arg(value_name = "A")]
    from: String,
    /// Name or id of the product that is compared with it.
    #[arg(value_name = "B")]
    to: String,
}

impl Compare {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let client = session.client()?;
        let plan = client.compare(&self.from, &self.to).await?;
        if plan.is_empty() && !session.json {
            print(&format!("No differences: {} is like {}.\n", self.to, self.from))?;
        } else {
            session.show(&client, &plan)?;
        }
        Ok(0)
    }
}
