//! Writes the table of response decoders for the fuzzer: `fuzz/src/generated.rs`.

use super::rust;
use super::{Context, File};
use anyhow::Result;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut text = rust::header();
    text.push_str(
        "//! Response decoders of all operations.\n\nuse configcat_management::fuzzing::decode;\nuse configcat_management::{Result, resources};\n\n/// Decodes a body as the response of an operation, and encodes it again.\npub type Decode = fn(&[u8]) -> Result<String>;\n\n/// One decoder per operation.\npub const ANSWERS: &[Decode] = &[\n",
    );
    for resource in &cx.api.resources {
        for op in &resource.operations {
            let _ = writeln!(text, "decode::<resources::{}::{}>,", resource.name.snake(), op.name.pascal());
        }
    }
    text.push_str("];\n");
    Ok(vec![File { path: "fuzz/src/generated.rs".into(), text }])
}
