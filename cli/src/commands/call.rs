//! `call`: calls any operation.

use crate::failure::Failure;
use crate::respond::{Shape, call};
use crate::session::Session;
use crate::spec::{find, pairs};
use clap::Args;

/// Call any operation.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  configcat-management call settings.create config_id=ID key=newCheckout name=\"New checkout\" setting_type=boolean
  configcat-management call flag_values.patch environment_id=ID setting_id=1 patch=@changes.json reason=Launch

`configcat-management operations` lists the operations, and `operations settings.create` the arguments of one.")]
pub struct Call {
    /// Operation such as settings.create.
    #[arg(index = 1)]
    operation: String,
    /// Arguments; lists and objects as JSON, or @FILE.
    #[arg(index = 2, value_name = "KEY=VALUE")]
    arguments: Vec<String>,
    #[command(flatten)]
    shape: Shape,
}

impl Call {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        let operation = find(&self.operation)?;
        call(session, &self.shape, operation, pairs(operation, &self.arguments)?).await
    }
}
