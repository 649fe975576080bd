//! Operation metadata

use super::call::find;
use super::document::{ccm_document, document};
use super::error::ccm_error;
use super::guard::{guard, hand_out};
use super::status::ccm_status;
use configcat_management::operations;
use configcat_management::spec::{Location, Operation, Parameter, Schema, Type};
use serde_json::{Value, json};
use std::ffi::c_char;

/// Returns the metadata of an operation, or of all operations, for bindings to other languages without generated code.
///
/// An operation is an object with "id", "operation_id", "resource", "method", "summary", "http_method", "path", "idempotent",
/// "deprecated", "parameters", "body", "body_required", "response" (type of the response body; null if there is none) and
/// "paged". A parameter has "name", "wire", "location" ("path", "query" or "header"), "required" and "type". A type has a
/// "kind": "boolean", "integer", "number", "string", "uuid", "timestamp", "any", "value", "enum", "list", "map", "patch" or
/// "object". It may have limits ("minimum", "maximum"), the "values" of an enum, and the "items" of a list or map. An object
/// has "name" and "fields", which have "name", "wire", "required", "nullable" and "type".
///
/// @param operation The name, such as "products.list"; NULL for a list of all operations.
/// @param document Receives the metadata, to be freed with ccm_document_free().
/// @return CCM_OK; CCM_BAD_REQUEST if the operation is unknown; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_describe(
    operation: *const c_char,
    document: *mut *mut ccm_document,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(document, "document")?;
            let json = if operation.is_null() {
                operations::ALL.iter().map(|operation| describe(operation)).collect()
            } else {
                describe(find(operation)?)
            };
            document.write(self::document(json.to_string())?);
            Ok(ccm_status::CCM_OK)
        })
    }
}

fn describe(operation: &Operation) -> Value {
    json!({
        "id": operation.id,
        "operation_id": operation.operation_id,
        "resource": operation.resource,
        "method": operation.method,
        "summary": operation.summary,
        "http_method": operation.http.as_str(),
        "path": operation.path,
        "idempotent": operation.idempotent,
        "deprecated": operation.deprecated,
        "parameters": operation.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "body": operation.body.as_ref().map(ty),
        "body_required": operation.body_required,
        "response": operation.response.as_ref().map(ty),
        "paged": operation.pages.is_some(),
    })
}

fn parameter(parameter: &Parameter) -> Value {
    let location = match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
    };
    json!({
        "name": parameter.name,
        "wire": parameter.wire,
        "location": location,
        "required": parameter.location == Location::Path,
        "type": ty(&parameter.ty),
    })
}

fn ty(described: &Type) -> Value {
    match described {
        Type::Boolean => json!({ "kind": "boolean" }),
        Type::Integer { min, max } => json!({ "kind": "integer", "minimum": min, "maximum": max }),
        Type::Number => json!({ "kind": "number" }),
        Type::String { min, max } => json!({ "kind": "string", "minimum": min, "maximum": max }),
        Type::Uuid => json!({ "kind": "uuid" }),
        Type::Timestamp => json!({ "kind": "timestamp" }),
        Type::Any => json!({ "kind": "any" }),
        Type::Value => json!({ "kind": "value" }),
        Type::Enum(values) => json!({ "kind": "enum", "values": values }),
        Type::List(item) => json!({ "kind": "list", "items": ty(item) }),
        Type::Map(item) => json!({ "kind": "map", "items": ty(item) }),
        Type::Patch(item) => json!({ "kind": "patch", "items": ty(item) }),
        Type::Object(schema) if schema.is_flag_value => json!({ "kind": "value", "name": schema.name }),
        Type::Object(schema) => json!({ "kind": "object", "name": schema.name, "fields": fields(schema) }),
    }
}

fn fields(schema: &Schema) -> Vec<Value> {
    let fields = schema.fields.iter();
    fields
        .map(|field| {
            json!({
                "name": field.name,
                "wire": field.wire,
                "required": field.required,
                "nullable": field.nullable,
                "type": ty(&field.ty),
            })
        })
        .collect()
}
