//! The operations for the C++ contract test: `tests/cpp/generated/operations.cpp`, which calls each one with the arguments of a
//! vector, as typed values.

use super::{ident, ty};
use crate::emit::{File, NOTICE};
use crate::model::{Api, SchemaKind, Type};
use std::fmt::Write;

pub fn file(api: &Api) -> File {
    let mut text = format!(
        "// @generated {NOTICE}\n\n// Calls every operation with the arguments of a contract vector, as typed values.\n\n#include \"../contract.hpp\"\n\n#if defined(__GNUC__)\n#pragma GCC diagnostic ignored \"-Wdeprecated-declarations\"\n#endif\n\n"
    );
    let mut table = String::new();
    for (resource, op) in api.operations() {
        let (r, m) = (resource.name.snake(), op.name.snake());
        let mut arguments: Vec<String> = op
            .path_params()
            .map(|p| format!("get<{}>(given[\"{}\"])", ty(api, &p.ty), p.name.snake()))
            .collect();
        match op.body.as_ref().map(|b| (&b.ty, b.required)) {
            Some((Type::Patch, _)) => arguments.push("get<JsonPatch>(given[\"patch\"])".into()),
            Some((t, true)) => arguments.push(format!("get<{}>(given)", ty(api, t))),
            Some((t @ Type::Model(name), false)) => {
                let fields = match api.schema(name).map(|s| &s.kind) {
                    Some(SchemaKind::Object(fields)) => fields.as_slice(),
                    _ => &[],
                };
                let names: Vec<String> = fields.iter().map(|f| format!("\"{}\"", f.name.snake())).collect();
                arguments.push(format!("get_if_any<{}>(given, {{{}}})", ty(api, t), names.join(", ")));
            }
            _ => {}
        }
        let given = if arguments.is_empty() && op.optional_params().next().is_none() {
            "Value"
        } else {
            "Value given"
        };
        let _ = writeln!(
            text,
            "static std::string {r}_{m}(const Client &client, {given}) {{\n    auto request = client.{}().{}({});",
            ident(&resource.name),
            ident(&op.name),
            arguments.join(", ")
        );
        for param in op.optional_params() {
            let name = param.name.snake();
            let _ = writeln!(
                text,
                "    if (Value v = given[\"{name}\"]) request.{}(get<{}>(v));",
                ident(&param.name),
                ty(api, &param.ty)
            );
        }
        text.push_str("    return to_json(request.send());\n}\n\n");
        let _ = writeln!(table, "    {{\"{r}.{m}\", {r}_{m}}},");
    }
    let _ = write!(text, "const std::vector<Operation> OPERATIONS{{\n{table}}};\n");
    File { path: "tests/cpp/generated/operations.cpp".into(), text }
}
