//! The models: a struct per schema and an enum class per enum. Each has template functions that read and write it, so that the
//! compiler only instantiates the ones that a program uses.

use super::{DIR, declared, edit, header, ident, is_small, ty};
use crate::emit::edits::Edited;
use crate::emit::slashes as doc;
use crate::emit::{File, rust};
use crate::model::names::Name;
use crate::model::{Api, Direction, Field, Schema, SchemaKind, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Maps schemas to headers. Headers that would include each other are merged.
pub struct Homes {
    of: BTreeMap<String, String>,
}

impl Homes {
    pub fn of(api: &Api) -> Self {
        let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for schema in &api.schemas {
            let entry = needs.entry(&schema.home).or_default();
            entry.extend(named(schema).filter_map(|n| api.schema(n)).map(|s| s.home.as_str()));
        }
        // Transitive closure of the headers that a header needs.
        let mut reach = needs.clone();
        loop {
            let mut grown = false;
            for home in needs.keys() {
                let more: BTreeSet<&str> = reach
                    .get(home)
                    .into_iter()
                    .flatten()
                    .flat_map(|other| reach.get(other).into_iter().flatten().copied())
                    .collect();
                let known = reach.entry(home).or_default();
                let before = known.len();
                known.extend(more);
                grown |= known.len() > before;
            }
            if !grown {
                break;
            }
        }
        let leads = |a: &str, b: &str| reach.get(a).is_some_and(|all| all.contains(b));
        let of = needs.keys().map(|home| {
            // The members of a cycle are merged into the one that is last by name.
            let cycle = needs.keys().filter(|other| leads(home, other) && leads(other, home));
            let holder = cycle.max().unwrap_or(home);
            ((*home).to_owned(), (*holder).to_owned())
        });
        Self { of: of.collect() }
    }

    /// Returns the header that contains a schema.
    pub fn header(&self, schema: &Schema) -> &str {
        self.of.get(&schema.home).map_or("", String::as_str)
    }
}

/// Returns the schemas that a schema names.
fn named(schema: &Schema) -> impl Iterator<Item = &str> {
    let fields = match &schema.kind {
        SchemaKind::Object(fields) => fields.as_slice(),
        _ => &[],
    };
    fields.iter().filter_map(|field| inner(&field.ty))
}

pub fn inner(t: &Type) -> Option<&str> {
    match t {
        Type::Model(name) | Type::Enum(name) => Some(name),
        Type::List(item) | Type::Map(item) => inner(item),
        _ => None,
    }
}

pub fn files(api: &Api, homes: &Homes, edits: &[Edited<'_>]) -> Vec<File> {
    let mut held: BTreeMap<&str, Vec<&Schema>> = BTreeMap::new();
    for schema in &api.schemas {
        if !matches!(schema.kind, SchemaKind::Value { .. }) {
            held.entry(homes.header(schema)).or_default().push(schema);
        }
    }
    held.iter().map(|(home, schemas)| file(api, homes, home, schemas, edits)).collect()
}

fn file(api: &Api, homes: &Homes, home: &str, schemas: &[&Schema], edits: &[Edited<'_>]) -> File {
    let mut others = BTreeSet::new();
    let mut patch = false;
    for schema in schemas {
        others.extend(named(schema).filter_map(|name| {
            let other = api.schema(name)?;
            let place = homes.header(other);
            (place != home && !matches!(other.kind, SchemaKind::Value { .. })).then(|| place.to_owned())
        }));
        if let SchemaKind::Object(fields) = &schema.kind {
            patch |= fields.iter().any(|f| f.ty == Type::Patch);
        }
    }
    let mut includes = vec!["\"../../json.hpp\"".to_owned()];
    if patch {
        includes.push("\"../../tools.hpp\"".to_owned());
    }
    includes.extend(others.iter().map(|other| format!("\"{other}.hpp\"")));
    let mut body = String::new();
    let mut done = BTreeSet::new();
    for schema in schemas {
        write_schema(&mut body, api, schema, schemas, &mut done);
    }
    for schema in schemas {
        edit::name(&mut body, schema, edits);
    }
    let text = header(&format!("models/{home}"), &format!("Models of {home}."), &includes, &body);
    File { path: format!("{DIR}/models/{home}.hpp"), text }
}

/// Writes a schema, after the schemas of the same header that it names.
fn write_schema<'a>(
    body: &mut String,
    api: &Api,
    schema: &'a Schema,
    here: &[&'a Schema],
    done: &mut BTreeSet<&'a str>,
) {
    if !done.insert(&schema.name) {
        return;
    }
    for name in named(schema) {
        if let Some(other) = here.iter().find(|s| s.name == name) {
            write_schema(body, api, other, here, done);
        }
    }
    match &schema.kind {
        SchemaKind::Enum(values) => enumeration(body, schema, values),
        SchemaKind::Object(fields) => structure(body, api, schema, fields),
        SchemaKind::Value { .. } => {}
    }
}

/// Returns the enumerator of a value. It never clashes with the catch-all enumerator `unknown`.
pub fn enumerator(value: &Name) -> String {
    let name = ident(value);
    if name == "unknown" { "unknown_value".into() } else { name }
}

fn enumeration(body: &mut String, schema: &Schema, values: &[Name]) {
    let name = &schema.name;
    let list: String = values.iter().map(|v| format!("    {},\n", enumerator(v))).collect();
    let _ = writeln!(
        body,
        "{}enum class {name} {{\n{list}    /// A value that this version does not know.\n    unknown,\n}};\n",
        doc(&schema.doc, "")
    );
    let texts: Vec<String> = values.iter().map(|v| format!("\"{}\"", v.wire())).collect();
    let _ = writeln!(
        body,
        "template <>\nstruct EnumNames<{name}> {{\n    static constexpr std::array<std::string_view, {}> names{{{}}};\n}};\n",
        values.len(),
        texts.join(", ")
    );
}

/// Returns the type of a field.
fn field_type(api: &Api, schema: &Schema, field: &Field) -> String {
    let plain = ty(api, &field.ty);
    match (schema.direction == Direction::Request, field.required, field.nullable) {
        (true, false, true) => format!("Field<{plain}>"),
        (_, true, false) => plain,
        _ => format!("std::optional<{plain}>"),
    }
}

fn structure(body: &mut String, api: &Api, schema: &Schema, fields: &[Field]) {
    let name = &schema.name;
    let _ = writeln!(body, "{}struct {name} {{", doc(&schema.doc, ""));
    for field in fields {
        let ty = field_type(api, schema, field);
        let start = match ty.as_str() {
            "bool" => " = false",
            "std::int32_t" | "std::int64_t" | "double" => " = 0",
            _ => "",
        };
        let _ =
            writeln!(body, "{}    {ty} {}{start};", doc(&rust::field_doc(field), "    "), ident(&field.name));
    }
    let required: Vec<&Field> = fields.iter().filter(|f| f.required).collect();
    if schema.direction == Direction::Request && !required.is_empty() {
        constructors(body, api, schema, &required);
    }
    let reads: String = fields
        .iter()
        .map(|f| format!("        read(member_(\"{}\"), out_.{});\n", f.name.snake(), ident(&f.name)))
        .collect();
    // Names with an underscore, because a field may have the plain name, and clang reports that.
    let unused = if fields.is_empty() { "        (void)out_;\n" } else { "" };
    let _ = writeln!(
        body,
        "\n    template <class From>\n    friend void read(From value_, {name} &out_) {{\n        using detail::read;\n        detail::Members<From> member_(value_);\n{unused}{reads}    }}"
    );
    let writes: String = fields
        .iter()
        .map(|f| {
            let left_out = !f.required;
            let function = if left_out { "detail::write_field" } else { "write" };
            format!("        {function}(out_, \"{}\", model_.{});\n", f.name.snake(), ident(&f.name))
        })
        .collect();
    let unused = if fields.is_empty() { "        (void)model_;\n" } else { "" };
    let _ = writeln!(
        body,
        "    template <class To>\n    friend void write(To *out_, const char *name_, const {name} &model_) {{\n        using detail::write;\n        ccm_builder_begin_object(out_, name_);\n{unused}{writes}        ccm_builder_end(out_);\n    }}\n}};\n"
    );
}

/// Writes constructors of a request, one of which takes the required fields.
fn constructors(body: &mut String, api: &Api, schema: &Schema, required: &[&Field]) {
    let name = &schema.name;
    let arguments: Vec<String> = required
        .iter()
        .map(|f| declared(&field_type(api, schema, f), &format!("{}_", ident(&f.name))))
        .collect();
    let stored: Vec<String> = required
        .iter()
        .map(|f| {
            let name = ident(&f.name);
            if !is_small(api, &f.ty) || f.nullable {
                format!("{name}(std::move({name}_))")
            } else {
                format!("{name}({name}_)")
            }
        })
        .collect();
    let explicit = if required.len() == 1 { "explicit " } else { "" };
    let _ = writeln!(
        body,
        "\n    /// Creates a value with no fields set.\n    {name}() = default;\n    /// Creates a value from its required fields.\n    template <int = 0>\n    {explicit}{name}({}) : {} {{}}",
        arguments.join(", "),
        stored.join(", ")
    );
}
