//! Calls an operation, and prints its response.

use crate::failure::Failure;
use crate::session::Session;
use crate::spec::path_parameters;
use crate::table;
use crate::terminal::{is_interactive, print, width};
use crate::tree::Tree;
use clap::Args;
use configcat_management::CallOptions;
use configcat_management::call::CallInput;
use configcat_management::spec::Operation;
use serde_json::{Map, Value};

/// How a response is printed.
#[derive(Debug, Clone, Copy, Args)]
pub struct Shape {
    /// Print a table (default in a terminal).
    #[arg(long, conflicts_with = "json")]
    table: bool,
}

/// Calls an operation, and prints its response. Returns the exit status.
pub async fn call(
    session: &Session,
    shape: &Shape,
    operation: &'static Operation,
    arguments: Map<String, Value>,
) -> Result<u8, Failure> {
    let mut missing = path_parameters(operation);
    missing.retain(|name| !arguments.contains_key(*name));
    if !missing.is_empty() {
        return Err(Failure::Usage(format!("{}: {} missing", operation.id, missing.join(", "))));
    }
    let input = CallInput::named(operation, arguments)?;
    let response = session.client()?.call(input, CallOptions::default()).await?;
    let value = match response.body() {
        [] => Tree::Null,
        body => serde_json::from_slice(body)
            .map_err(|error| Failure::new(format!("{}: invalid response: {error}", operation.id)))?,
    };
    if session.json || !(shape.table || is_interactive()) {
        let text = serde_json::to_string_pretty(&value).map_err(|error| Failure::new(error.to_string()))?;
        print(&format!("{text}\n"))?;
    } else {
        print(&table::response(&value, operation.response.as_ref(), width()))?;
    }
    Ok(0)
}
