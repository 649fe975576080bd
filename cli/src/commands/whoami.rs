//! `whoami`: shows the user that the credentials belong to.

use crate::failure::Failure;
use crate::respond::{Shape, call};
use crate::session::Session;
use clap::Args;
use configcat_management::operations;
use serde_json::Map;

/// Show the user that the credentials belong to.
#[derive(Debug, Args)]
pub struct Whoami {
    #[command(flatten)]
    shape: Shape,
}

impl Whoami {
    pub async fn run(self, session: &Session) -> Result<u8, Failure> {
        call(session, &self.shape, &operations::me::GET, Map::new()).await
    }
}
