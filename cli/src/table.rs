//! Tables in plain text: which columns come first, and how a value is shown. As in the Python package.

use crate::grid::{self, Cell, shortened};
use crate::tree::Tree;
use configcat_management::spec::{Field, Schema, Type};
use std::fmt::Write as _;

/// Maximum number of characters per cell.
const CELL: usize = 40;
/// Fields that tell people which object it is, in the order of the columns.
const NAMES: [&str; 8] =
    ["name", "key", "title", "full_name", "email", "setting_name", "setting_key", "setting"];

/// Formats a response: a list of objects as a table, an object as a line per field followed by a table per list.
pub fn response(value: &Tree, ty: Option<&Type>, width: usize) -> String {
    match (value, ty) {
        (Tree::List(items), Some(Type::List(Type::Object(schema)))) => table(items, schema, width),
        (Tree::Object(_), Some(Type::Object(schema))) => object(value, schema, width),
        (Tree::Null, _) => String::new(),
        _ => format!("{}\n", cell(value, ty, None)),
    }
}

/// Formats a line per field, then a table per list of objects.
fn object(value: &Tree, schema: &Schema, width: usize) -> String {
    let rows = |field: &Field| match (value.get(field.wire), &field.ty) {
        (Some(Tree::List(items)), Type::List(Type::Object(schema))) if !items.is_empty() => {
            Some((items.clone(), *schema))
        }
        _ => None,
    };
    let (lists, plain): (Vec<_>, Vec<_>) =
        columns(schema).into_iter().partition(|field| rows(field).is_some());
    let widest = plain.iter().map(|field| field.name.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for field in plain {
        let shown =
            value.get(field.wire).map_or_else(String::new, |value| cell(value, Some(&field.ty), None));
        let line = format!("{:<widest$}  {shown}", field.name);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    for field in lists {
        if let Some((items, schema)) = rows(field) {
            let _ = write!(text, "\n{}:\n{}", field.name, table(&items, schema, width));
        }
    }
    text
}

/// Formats objects as a table with a line per item.
fn table(items: &[Tree], schema: &Schema, width: usize) -> String {
    if items.is_empty() {
        return "(empty)\n".to_owned();
    }
    let columns = columns(schema);
    let shown = |item: &Tree, field: &Field| match item.get(field.wire) {
        Some(value) => cell(value, Some(&field.ty), Some(CELL)),
        None => String::new(),
    };
    let rows: Vec<Vec<Cell>> =
        items.iter().map(|item| columns.iter().map(|field| shown(item, field).into()).collect()).collect();
    let names: Vec<String> = columns.iter().map(|field| field.name.to_owned()).collect();
    let identifying = identifying(schema).len();
    grid::table(&names, &rows, identifying, width, false)
}

/// Returns the fields of a schema: first those that identify an object, then the others in their order.
fn columns(schema: &Schema) -> Vec<&'static Field> {
    let fields = schema.fields;
    let mut found = identifying(schema);
    let first: Vec<&str> = found.iter().map(|field| field.name).collect();
    found.extend(fields.iter().filter(|field| !first.contains(&field.name)));
    found
}

/// Returns the fields that identify an object: its names, then its id.
fn identifying(schema: &Schema) -> Vec<&'static Field> {
    let fields = schema.fields;
    let mut found: Vec<&'static Field> =
        NAMES.iter().filter_map(|name| fields.iter().find(|field| field.name == *name)).collect();
    found.extend(own_id(schema).filter(|id| !found.iter().any(|field| field.name == id.name)));
    found
}

/// Returns the field with the id of the object itself, in contrast to those of objects that it belongs to.
fn own_id(schema: &Schema) -> Option<&'static Field> {
    let mut own = String::new();
    for letter in schema.name.chars() {
        if letter.is_ascii_uppercase() && !own.is_empty() {
            own.push('_');
        }
        own.push(letter.to_ascii_lowercase());
    }
    own.push_str("_id");
    let fields = schema.fields;
    let is_id = |field: &&Field| field.name.ends_with("_id") && !field.name.ends_with("version_id");
    fields.iter().find(|field| field.name == own).or_else(|| fields.iter().find(is_id))
}

/// Formats a value on one line: an object as its name, a list as its items.
fn cell(value: &Tree, ty: Option<&Type>, limit: Option<usize>) -> String {
    let text = shown(value, ty).replace(['\r', '\n'], " ");
    match limit {
        Some(limit) => shortened(&text, limit),
        None => text,
    }
}

fn shown(value: &Tree, ty: Option<&Type>) -> String {
    match (value, ty) {
        (Tree::Null, _) => String::new(),
        (Tree::Bool(value), _) => value.to_string(),
        (Tree::Number(value), _) => value.to_string(),
        (Tree::Text(value), _) => value.clone(),
        (Tree::List(items), _) => {
            let inner = match ty {
                Some(Type::List(inner) | Type::Patch(inner)) => Some(*inner),
                _ => None,
            };
            list(items, inner)
        }
        (Tree::Object(_), Some(Type::Object(schema))) => {
            label(value, schema).unwrap_or_else(|| by_field(value, schema))
        }
        (Tree::Object(members), _) => {
            let inner = if let Some(Type::Map(inner)) = ty { Some(*inner) } else { None };
            let shown = members.iter().map(|(name, value)| format!("{name}={}", shown(value, inner)));
            shown.collect::<Vec<_>>().join(", ")
        }
    }
}

fn list(items: &[Tree], ty: Option<&Type>) -> String {
    if let Some(Type::Object(schema)) = ty
        && items.iter().any(|item| label(item, schema).is_none())
    {
        return if items.len() == 1 { "1 item".to_owned() } else { format!("{} items", items.len()) };
    }
    items.iter().map(|item| shown(item, ty)).collect::<Vec<_>>().join(", ")
}

/// Returns the name by which people know an object, if it has one.
fn label(value: &Tree, schema: &Schema) -> Option<String> {
    if schema.is_flag_value {
        let plain = schema.fields.iter().find_map(|field| value.get(field.wire));
        return Some(plain.map_or_else(String::new, |plain| shown(plain, None)));
    }
    for name in NAMES.iter().chain(&["value", "url"]) {
        let Some(field) = schema.fields.iter().find(|field| field.name == *name) else { continue };
        match (value.get(field.wire), &field.ty) {
            (Some(Tree::Object(_)), Type::Object(inner)) if *name == "value" && !inner.is_flag_value => {}
            (Some(inner @ Tree::Object(_)), Type::Object(schema)) => return label(inner, schema),
            (Some(plain), ty) => return Some(shown(plain, Some(ty))),
            (None, _) => {}
        }
    }
    let own = own_id(schema)?;
    value.get(own.wire).map(|id| shown(id, None))
}

/// Formats an object without a name by its fields that have a value.
fn by_field(value: &Tree, schema: &Schema) -> String {
    let shown = schema.fields.iter().filter_map(|field| {
        let text = shown(value.get(field.wire)?, Some(&field.ty));
        (!text.is_empty()).then(|| format!("{}={text}", field.name))
    });
    shown.collect::<Vec<_>>().join(" ")
}
