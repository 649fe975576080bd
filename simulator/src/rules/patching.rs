//! JSON Patch (RFC 6902) as the service applies it: to the JSON of the equivalent request body, all or nothing.

use super::json_equality::are_equal;
use crate::canonical;
use crate::problem::Problem;
use configcat_management::models::JsonPatch;
use configcat_management::spec::validate::{self, Enums};
use configcat_management::spec::{Schema, Type};
use json_patch::{PatchErrorKind, PatchOperation, TestOperation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Maximum number of operations of a patch.
const OPERATIONS: usize = 1_000;
/// Maximum nesting of a patched document: that of a request body. Values are compared, serialized and dropped
/// recursively.
const DEPTH: usize = 128;
/// Maximum memory of all values that a patch copies, in bytes. What it adds is limited by the size of its request, but
/// every `copy` can double the document.
const COPIES: usize = 16 << 20;

/// Applies a patch and deserializes the result as a request body of the given schema. Returns `None` if the patch
/// changes nothing.
///
/// Documented: a patch applies to the fields of the request that replaces the resource, completely or not at all; a patch of a
/// value that changes nothing gets a 204.
/// Assumed: absent fields are null in the patched document, so that `replace` can set them.
pub fn apply<T: Serialize + DeserializeOwned>(
    current: &T,
    patch: &JsonPatch,
    schema: &'static Schema,
) -> Result<Option<T>, Problem> {
    let refused = |at: &str, message: String| Problem::field(at, message);
    let mut document = serde_json::to_value(current).map_err(|e| refused("", e.to_string()))?;
    fill(&mut document, schema);
    let before = document.clone();
    let operations = serde_json::to_value(patch).map_err(|e| refused("", e.to_string()))?;
    let operations: json_patch::Patch =
        serde_json::from_value(operations).map_err(|e| refused("", format!("Not a JSON Patch: {e}.")))?;
    run(&mut document, &operations, schema)?;
    canonical::body(&mut document, &Type::Object(schema));
    if are_equal(&document, &before) {
        return Ok(None);
    }
    let violations = validate::check(&document, &Type::Object(schema), Enums::Closed);
    if let Some(problem) = Problem::violations(violations) {
        return Err(problem);
    }
    serde_json::from_value(document).map(Some).map_err(|e| refused("", e.to_string()))
}

/// Executes the operations one by one. The document is left incomplete if one fails.
///
/// Assumed: an operation that fails refuses the patch with 400.
fn run(document: &mut Value, operations: &[PatchOperation], schema: &'static Schema) -> Result<(), Problem> {
    if operations.len() > OPERATIONS {
        let message =
            format!("A patch has at most {OPERATIONS} operations, this one has {}.", operations.len());
        return Err(Problem::field("", message));
    }
    let mut copies = COPIES;
    for (index, operation) in operations.iter().enumerate() {
        let refused = |message: String| Problem::field(format!("[{index}]"), message);
        check_growth(document, operation, &mut copies)
            .map_err(|message| refused(format!("{}: {message}.", operation.path())))?;
        if let PatchOperation::Test(test) = operation {
            run_test(document, test, schema).map_err(|kind| refused(format!("{}: {kind}.", test.path)))?;
            continue;
        }
        // The document is a copy, so that nothing has to be undone.
        json_patch::patch_unsafe(document, std::slice::from_ref(operation))
            .map_err(|e| refused(format!("{}: {}.", e.path, e.kind)))?;
    }
    Ok(())
}

// Documented: a `test` operation of a JSON Patch compares numbers by value (RFC 6902, section 4.6).
/// Executes a `test` operation. That of `json_patch` distinguishes 1 from 1.0.
fn run_test(document: &Value, test: &TestOperation, schema: &'static Schema) -> Result<(), PatchErrorKind> {
    let value = document.pointer(test.path.as_str()).ok_or(PatchErrorKind::InvalidPointer)?;
    let mut expected = test.value.clone();
    if let Some(ty) = canonical::type_at(schema, test.path.tokens().map(|token| token.decoded().into_owned()))
    {
        canonical::body(&mut expected, &ty);
    }
    if are_equal(value, &expected) { Ok(()) } else { Err(PatchErrorKind::TestFailed) }
}

/// Checks, before an operation is executed, that its result is neither too large nor too deeply nested.
fn check_growth(document: &Value, operation: &PatchOperation, copies: &mut usize) -> Result<(), String> {
    let (value, path) = match operation {
        PatchOperation::Add(add) => (Some(&add.value), &add.path),
        PatchOperation::Replace(replace) => (Some(&replace.value), &replace.path),
        PatchOperation::Move(from) => (document.pointer(from.from.as_str()), &from.path),
        PatchOperation::Copy(copy) => (document.pointer(copy.from.as_str()), &copy.path),
        PatchOperation::Remove(_) | PatchOperation::Test(_) => return Ok(()),
    };
    // An invalid path is reported by the operation itself.
    let Some(value) = value else { return Ok(()) };
    let (memory, depth) = measure(value);
    if path.count() + depth > DEPTH {
        return Err(format!("the document would be nested more than {DEPTH} levels deep"));
    }
    if matches!(operation, PatchOperation::Copy(_)) {
        *copies = copies
            .checked_sub(memory)
            .ok_or_else(|| format!("the patch copies more than {} MiB", COPIES >> 20))?;
    }
    Ok(())
}

/// Returns the approximate memory of a value, in bytes, and the number of its levels.
fn measure(value: &Value) -> (usize, usize) {
    /// A map allocates its entries in nodes of up to eleven.
    const NODE: usize = 640;
    let own = size_of::<Value>();
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => (own, 1),
        Value::String(text) => (own + text.len(), 1),
        Value::Array(items) => items
            .iter()
            .map(measure)
            .fold((own, 1), |(memory, depth), (more, levels)| (memory + more, depth.max(levels + 1))),
        Value::Object(fields) => fields.iter().fold((own + NODE, 1), |(memory, depth), (name, value)| {
            let (more, levels) = measure(value);
            (memory + size_of::<String>() + name.len() + more, depth.max(levels + 1))
        }),
    }
}

/// Sets absent fields to null, so that a patch may replace them.
fn fill(document: &mut Value, schema: &Schema) {
    let Some(map) = document.as_object_mut() else { return };
    for field in schema.fields {
        let value = map.entry(field.wire).or_insert(Value::Null);
        let nested = match &field.ty {
            Type::Object(schema) => Some((std::slice::from_mut(value), *schema)),
            Type::List(Type::Object(schema)) => {
                value.as_array_mut().map(|items| (items.as_mut_slice(), *schema))
            }
            _ => None,
        };
        if let Some((values, schema)) = nested {
            values.iter_mut().for_each(|value| fill(value, schema));
        }
    }
}
