//! The setters of optional parameters: one per name, shared by all operations that have it.

use super::{DIR, Shape, describe, ident, shape};
use crate::emit::{File, rust};
use crate::model::{Api, Param, Type};
use anyhow::{Result, ensure};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Parameters by name, each with the operations that have it.
type Found<'a> = BTreeMap<String, (&'a Param, Vec<String>)>;

pub fn all(api: &Api) -> Result<Found<'_>> {
    let mut found: Found<'_> = BTreeMap::new();
    for (resource, op) in api.operations() {
        for param in op.optional_params() {
            let id = format!("{}.{}", resource.name.snake(), op.name.snake());
            let entry = found.entry(param.name.snake()).or_insert((param, Vec::new()));
            let same = std::mem::discriminant(&shape(api, &entry.0.ty))
                == std::mem::discriminant(&shape(api, &param.ty));
            ensure!(
                same,
                "{id}: {} has another type than elsewhere: C has one setter for it",
                param.name.snake()
            );
            entry.1.push(id);
        }
    }
    Ok(found)
}

pub fn file(api: &Api) -> Result<File> {
    let mut text = rust::header();
    text.push_str("//! Optional parameters\n\nuse crate::c::params::{ccm_params, set, set_integers, set_text, set_texts};\nuse crate::c::status::ccm_status;\nuse std::ffi::c_char;\n\n");
    for (name, (param, operations)) in all(api)? {
        let value = ident(&param.name);
        let (arguments, call, extra) = match shape(api, &param.ty) {
            Shape::String => {
                (format!("{value}: *const c_char"), format!("set_text(params, {name:?}, {value})"), "")
            }
            Shape::Boolean => (format!("{value}: bool"), format!("set(params, {name:?}, {value})"), ""),
            Shape::Integer => (format!("{value}: i64"), format!("set(params, {name:?}, {value})"), ""),
            Shape::Texts => (
                format!("{value}: *const *const c_char, count: usize"),
                format!("set_texts(params, {name:?}, {value}, count)"),
                "@param count Number of elements.\n",
            ),
            Shape::Integers => (
                format!("{value}: *const i64, count: usize"),
                format!("set_integers(params, {name:?}, {value}, count)"),
                "@param count Number of elements.\n",
            ),
        };
        let strings = match &param.ty {
            Type::Enum(name) => match describe::words(api, &param.ty) {
                few if few.starts_with('"') => format!(" Must be {few}."),
                _ => format!(" Must be one of the strings of {name} at the end of this header."),
            },
            Type::Timestamp => " A string such as \"2026-11-23T09:24:55Z\".".into(),
            _ => String::new(),
        };
        let about = format!(
            "{}{strings}\n\nUsed by {}.\n\n{extra}@return CCM_OK or CCM_MISUSE.",
            rust::param_doc(param),
            sentence(&operations)
        );
        let _ = writeln!(
            text,
            "{}#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn ccm_params_set_{name}(params: *mut ccm_params, {arguments}) -> ccm_status {{\nunsafe {{ {call} }}\n}}\n",
            rust::doc(&about)
        );
    }
    Ok(File { path: format!("{DIR}/params.rs"), text })
}

fn sentence(operations: &[String]) -> String {
    match operations.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
