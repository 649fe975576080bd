//! The operations for the C contract test: `tests/c/generated/operations.c`, which calls each one with the arguments of a
//! vector, through its typed functions, blocking and asynchronously.

use super::{Shape, shape};
use crate::emit::{Context, File, NOTICE};
use crate::model::{Api, Operation, Resource, SchemaKind, Type};
use anyhow::Result;
use std::fmt::Write;

pub fn files(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut text = format!(
        "/* @generated {NOTICE} */\n\n/* Calls every operation with the arguments of a contract vector, through its typed functions. */\n\n#include \"../contract.h\"\n\n"
    );
    let mut table = String::new();
    for (resource, op) in cx.api.operations() {
        let (r, m) = (resource.name.snake(), op.name.snake());
        let given = arguments(cx.api, op);
        setters(&mut text, cx.api, resource, op);
        let _ = writeln!(
            text,
            "static ccm_status call_{r}_{m}(const vector *v, ccm_response **response, ccm_error **error) {{\n    return ccm_{r}_{m}({given}, response, error);\n}}\n"
        );
        let _ = writeln!(
            text,
            "static ccm_status start_{r}_{m}(const vector *v, ccm_callback callback, void *user_data, ccm_error **error) {{\n    return ccm_{r}_{m}_start({given}, callback, user_data, NULL, error);\n}}\n"
        );
        let _ = writeln!(table, "    {{\"{r}.{m}\", params_{r}_{m}, call_{r}_{m}, start_{r}_{m}}},");
    }
    let _ = write!(
        text,
        "const operation OPERATIONS[] = {{\n{table}}};\n\nconst size_t OPERATION_COUNT = sizeof OPERATIONS / sizeof OPERATIONS[0];\n"
    );
    Ok(vec![File { path: "tests/c/generated/operations.c".into(), text }])
}

fn arguments(api: &Api, op: &Operation) -> String {
    let mut out = "v->client".to_owned();
    for param in op.path_params() {
        let kind = if matches!(shape(api, &param.ty), Shape::Integer) { "integer" } else { "text" };
        let _ = write!(out, ", vector_{kind}(v, \"{}\")", param.name.snake());
    }
    match op.body.as_ref().map(|b| &b.ty) {
        Some(Type::Patch) => out.push_str(", vector_patch(v), CCM_NUL"),
        Some(Type::Model(name)) => {
            let fields = match api.schema(name).map(|s| &s.kind) {
                Some(SchemaKind::Object(fields) | SchemaKind::Value { fields, .. }) => fields.as_slice(),
                _ => &[],
            };
            let names: Vec<String> = fields.iter().map(|f| format!("\"{}\"", f.name.snake())).collect();
            let _ = write!(
                out,
                ", vector_body(v, {}, (const char *const[]){{{}, NULL}}), CCM_NUL",
                op.body.as_ref().is_some_and(|b| b.required),
                names.join(", ")
            );
        }
        _ => {}
    }
    out.push_str(", v->params");
    out
}

fn setters(text: &mut String, api: &Api, resource: &Resource, op: &Operation) {
    let _ = writeln!(
        text,
        "static void params_{}_{}(const vector *v) {{\n    (void)v;",
        resource.name.snake(),
        op.name.snake()
    );
    for param in op.optional_params() {
        let name = param.name.snake();
        let kind = match shape(api, &param.ty) {
            Shape::String => "text",
            Shape::Boolean => "boolean",
            Shape::Integer => "integer",
            Shape::Texts => "texts",
            Shape::Integers => "integers",
        };
        let _ = writeln!(text, "    vector_set_{kind}(v, \"{name}\", ccm_params_set_{name});");
    }
    text.push_str("}\n\n");
}
