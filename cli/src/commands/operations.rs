//! `operations`: lists all operations, or the arguments of one.

use crate::failure::Failure;
use crate::session::Session;
use crate::spec::{arguments, find};
use crate::terminal::print;
use clap::Args;
use configcat_management::operations;
use configcat_management::spec::Operation;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// List all operations, or the arguments of one.
#[derive(Debug, Args)]
pub struct Operations {
    /// Operation such as settings.create.
    #[arg(index = 1)]
    operation: Option<String>,
}

impl Operations {
    pub fn run(self, session: &Session) -> Result<u8, Failure> {
        let text = match &self.operation {
            Some(name) if session.json => format!("{:#}\n", described(find(name)?)),
            Some(name) => one(find(name)?),
            None if session.json => {
                let all: Vec<Value> = operations::ALL.iter().copied().map(described).collect();
                format!("{:#}\n", Value::Array(all))
            }
            None => all(),
        };
        print(&text)?;
        Ok(0)
    }
}

fn all() -> String {
    let width = operations::ALL.iter().map(|operation| operation.id.len()).max().unwrap_or_default();
    let lines =
        operations::ALL.iter().map(|operation| format!("{:<width$}  {}\n", operation.id, operation.summary));
    lines.collect()
}

fn one(operation: &'static Operation) -> String {
    let mut text = format!(
        "{}: {}\n{} {}\n\n",
        operation.id,
        operation.summary,
        operation.http.as_str(),
        operation.path
    );
    for argument in arguments(operation) {
        let values = match argument.values {
            [] => String::new(),
            values => format!(" ({})", values.join(", ")),
        };
        let need = if argument.required { "required" } else { "optional" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}={}{values}  {need}", argument.name, argument.word);
    }
    text
}

fn described(operation: &'static Operation) -> Value {
    let argument = |argument: crate::spec::Argument| {
        json!({
            "name": argument.name,
            "type": argument.word,
            "values": argument.values,
            "required": argument.required,
        })
    };
    json!({
        "id": operation.id,
        "operationId": operation.operation_id,
        "summary": operation.summary,
        "method": operation.http.as_str(),
        "path": operation.path,
        "deprecated": operation.deprecated,
        "arguments": arguments(operation).into_iter().map(argument).collect::<Vec<_>>(),
    })
}
