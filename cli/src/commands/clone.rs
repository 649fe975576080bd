//! `clone`: creates a copy of a product.

use crate::carry_out::{ApplyOptions, carry_out};
use crate::failure::Failure;
use crate::session::Session;
use clap::Args;

/// Create a copy of a product under another name. Members and secrets are not copied.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  configcat-management clone \"Web Shop\" \"Web Shop (copy)\"
  configcat-management clone \"Web Shop\" \"Web Shop\" --organization \"Other GmbH\" --yes")]
pub struct CloneProduct {
    /// Name or id of the product.
    product: String,
    /// Name of the copy.
    name: String,
    /// Name or id of the organization in which it is created; not required if there is only one.
    #[arg(long, value_name = "NAME")]
    organization: Option<String>,
    #[command(flatten)]
    apply: ApplyOptions,
}

impl CloneProduct {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let client = session.client()?;
        let plan = client.clone_product(&self.product, &self.name, self.organization.as_deref()).await?;
        carry_out(session, &client, &plan, &self.apply).await
    }
}
