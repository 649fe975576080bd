//! `export`: writes a product as a document.

use crate::failure::Failure;
use crate::files::write;
use crate::session::Session;
use clap::Args;
use std::path::PathBuf;

/// Write a product as a document, in YAML or with --json in JSON.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  configcat-management export \"Web Shop\" -o shop.yaml
  configcat-management export \"Web Shop\" --json | jq '.configs[].settings[].key'

Members, secrets and history are not part of a document.")]
pub struct Export {
    /// Name or id of the product.
    product: String,
    /// File to write, instead of the standard output.
    #[arg(long, short, value_name = "FILE", default_value = "-", hide_default_value = true)]
    output: PathBuf,
}

impl Export {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let document = session.client()?.export(&self.product).await?;
        let text = if session.json { format!("{}\n", document.to_json()) } else { document.to_yaml() };
        write(&self.output, &text)?;
        Ok(0)
    }
}
