//! The models: `models.pyi` for type checkers and readers, and `models.py`, which re-exports the classes of the native
//! extension.

use super::nested::nested_inputs;
use super::text::{definition, docstring, import_list};
use super::{DIR, about, header, ident, like, output_type};
use crate::emit::{Context, File, rust};
use crate::model::{Direction, Field, Schema, SchemaKind, Type};
use std::collections::BTreeSet;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Vec<File> {
    let mut models: Vec<&Schema> = cx
        .api
        .schemas
        .iter()
        .filter(|s| s.direction == Direction::Response && matches!(s.kind, SchemaKind::Object(_)))
        .collect();
    models.extend(cx.api.schema("FlagValue"));
    models.sort_by(|a, b| a.name.cmp(&b.name));
    vec![runtime(&models), stub(cx, &models), everything(cx, &models)]
}

fn all(names: &[String]) -> String {
    names.iter().fold("\n__all__ = [\n".to_owned(), |out, n| format!("{out}    \"{n}\",\n")) + "]\n"
}

fn names(models: &[&Schema]) -> Vec<String> {
    models.iter().map(|s| s.name.clone()).collect()
}

/// Writes the module with the classes of the native extension, whose lists and dictionaries become read-only.
fn runtime(models: &[&Schema]) -> File {
    let names = names(models);
    let kinds = ["ReadOnlyDict", "ReadOnlyList", "ReadOnlyModelList", "protect", "refuse_assignment"];
    let kinds = kinds.map(str::to_owned);
    let mut text = format!(
        "{}\"\"\"Models of responses.\"\"\"\n\nfrom .._hooks import add_hooks\n{}{}{}\n",
        header(),
        import_list("from .._native import", &names),
        import_list("from .._read_only import", &kinds),
        all(&names)
    );
    for schema in models {
        let SchemaKind::Object(fields) = &schema.kind else { continue };
        for kind in &kinds[..3] {
            let names: Vec<String> = fields
                .iter()
                .filter(|field| read_only(&field.ty) == Some(kind.as_str()))
                .map(|field| format!("\"{}\"", ident(&field.name)))
                .collect();
            if !names.is_empty() {
                let comma = if names.len() == 1 { "," } else { "" };
                let _ = writeln!(text, "protect({}, {kind}, ({}{comma}))", schema.name, names.join(", "));
            }
        }
    }
    text.push_str("for _name in __all__:\n    protect(globals()[_name], ReadOnlyDict, (\"extra\",))\n    refuse_assignment(globals()[_name])\nadd_hooks(globals()[_name] for _name in __all__)\n");
    File { path: format!("{DIR}/models.py"), text }
}

/// Returns the class of a list or a dictionary that was read.
fn read_only(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::List(item) if matches!(**item, Type::Model(_)) => Some("ReadOnlyModelList"),
        Type::List(_) => Some("ReadOnlyList"),
        Type::Map(_) => Some("ReadOnlyDict"),
        _ => None,
    }
}

/// Writes the public module of models, which contains response models and nested input.
fn everything(cx: &Context<'_>, models: &[&Schema]) -> File {
    let inputs: Vec<String> = nested_inputs(cx)
        .iter()
        .filter(|s| matches!(s.kind, SchemaKind::Object(_)))
        .map(|s| s.name.clone())
        .collect();
    let responses = names(models);
    let mut both = [inputs.clone(), responses.clone()].concat();
    both.sort();
    let text = format!(
        "{}\"\"\"Models of responses and of nested input.\"\"\"\n\n{}{}{}",
        header(),
        import_list("from .inputs import", &inputs),
        import_list("from .models import", &responses),
        all(&both)
    );
    File { path: format!("{DIR}/all_models.py"), text }
}

/// Attribute with its name, type and documentation, and whether it is required.
struct Attribute {
    name: String,
    ty: String,
    /// Type of the argument of the constructor.
    given: String,
    doc: String,
    required: bool,
}

fn attributes(cx: &Context<'_>, fields: &[Field]) -> Vec<Attribute> {
    let extra = Attribute {
        name: "extra".into(),
        ty: "ReadOnlyDict[str, Any]".into(),
        given: "Mapping[str, Any]".into(),
        doc: "Members that the spec does not have, by their names in JSON: fields that the service has added since this version was released.".into(),
        required: false,
    };
    if fields.is_empty() {
        let attribute = |name: &str, ty: &str, doc: &str| Attribute {
            name: name.into(),
            ty: ty.into(),
            given: ty.into(),
            doc: doc.into(),
            required: false,
        };
        return vec![
            attribute("value", "SettingValue | None", "A value of the flag's type."),
            attribute("predefined_variation_id", "str | None", "Id of the predefined variation."),
            extra,
        ];
    }
    let fields = fields.iter().map(|f| {
        let null = if f.nullable || !f.required { " | None" } else { "" };
        let whole = output_type(cx, &f.ty).replace("models.", "");
        let (start, rest) = whole.split_once('[').unwrap_or((&whole, ""));
        let of = |class: &str| format!("{class}[{rest}{null}");
        let (ty, given) = match read_only(&f.ty) {
            Some(class) => (of(class), of(if start == "dict" { "Mapping" } else { "Sequence" })),
            None if let Type::Enum(name) = &f.ty => {
                (format!("{whole}{null}"), format!("{}{null}", like(name)))
            }
            None => (format!("{whole}{null}"), format!("{whole}{null}")),
        };
        Attribute {
            name: ident(&f.name),
            ty,
            given,
            doc: about(cx, rust::field_doc(f), &f.ty),
            required: null.is_empty(),
        }
    });
    fields.chain([extra]).collect()
}

const METHODS: &str = r#"    def replace(self, **changes: Any) -> Self:
        """Returns a copy with some attributes changed, like ``copy.replace`` in Python 3.13 and later."""

    def to_dict(self, *, names: Names = "json", only: Only = None) -> dict[str, Any]:
        """Returns the object as in the JSON of the service: JSON names, lists and dictionaries.

        Args:
            names: ``"json"`` for the names in JSON, or ``"snake"`` for the names of the attributes,
                with plain values in the place of flag values: keyword arguments of a method.
                Default: ``"json"``.
            only: Attributes to return, or a method, whose body fields are returned, as in
                ``client.products.create(id, **product.to_dict(names="snake",
                only=client.products.create))``. Default: all.

        Raises:
            ValueError: ``names`` or ``only`` has another value.
        """

    def to_json(self, *, indent: int | None = None) -> str:
        """Returns the object as JSON text, on one line or indented by ``indent`` spaces."""

    @staticmethod
    def from_dict(data: dict[str, Any]) -> NAME:
        """Creates an object from the result of ``to_dict``, with either names.

        Raises:
            ValueError: A field is missing or has the wrong type; the message names its path.
        """

    @staticmethod
    def from_json(text: str) -> NAME:
        """Creates an object from JSON text.

        Raises:
            ValueError: The text is not JSON, or a field is missing or has the wrong type.
        """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any: ...
    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any: ...
    def __replace__(self, **changes: Any) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
"#;

/// What the value of a flag has in common with the plain value.
const VALUE_DOC: &str = "It is equal to the plain value, is true if the plain value is, and has its order and its hash: ``if flag.default_value == \"red\":``. Two of them are equal only if their predefined variations are, too.";

/// Methods of the value of a flag.
const VALUE_METHODS: &str = r#"    def __bool__(self) -> bool:
        """Whether ``value`` is true."""

    def __lt__(self, other: FlagValue | SettingValue, /) -> bool: ...
    def __le__(self, other: FlagValue | SettingValue, /) -> bool: ...
    def __gt__(self, other: FlagValue | SettingValue, /) -> bool: ...
    def __ge__(self, other: FlagValue | SettingValue, /) -> bool: ...
"#;

fn stub(cx: &Context<'_>, models: &[&Schema]) -> File {
    let mut enums = BTreeSet::new();
    let mut classes = String::new();
    for schema in models {
        let fields = match &schema.kind {
            SchemaKind::Object(fields) => fields.as_slice(),
            _ => &[],
        };
        for f in fields {
            if let Type::Enum(name) = &f.ty {
                enums.insert(name.clone());
            }
        }
        class(schema, &attributes(cx, fields), &mut classes);
    }
    let enums: Vec<_> = enums.into_iter().collect();
    let mut text = header();
    text.push_str("from collections.abc import Mapping, Sequence\nfrom datetime import datetime\nfrom typing import Any, final\n\nfrom typing_extensions import Self\n\nfrom .._names import Names, Only\nfrom .._read_only import ReadOnlyDict, ReadOnlyList, ReadOnlyModelList\nfrom .._types import SettingValue, UnknownValue\n");
    text.push_str(&import_list("from .enums import", &enums));
    text.push_str(&import_list(
        "from .types import",
        &enums.iter().map(|name| like(name)).collect::<Vec<_>>(),
    ));
    text.push_str(&all(&names(models)));
    text.push_str(&classes);
    File { path: format!("{DIR}/models.pyi"), text }
}

fn class(schema: &Schema, attributes: &[Attribute], out: &mut String) {
    let is_value = !matches!(schema.kind, SchemaKind::Object(_));
    let about = if is_value { format!("{}\n\n{VALUE_DOC}", schema.doc) } else { schema.doc.clone() };
    let _ = write!(out, "\n@final\nclass {}:\n{}\n", schema.name, docstring(&about, 4));
    let matched = attributes.iter().filter(|a| a.name != "extra");
    let quoted: Vec<String> = matched.map(|a| format!("\"{}\"", a.name)).collect();
    let comma = if quoted.len() == 1 { "," } else { "" };
    let _ = write!(out, "    __match_args__ = ({}{comma})\n\n", quoted.join(", "));
    let (first, rest): (Vec<&Attribute>, Vec<&Attribute>) = attributes.iter().partition(|a| a.required);
    let mut signature = vec!["cls".to_owned(), "*".to_owned()];
    for a in first.into_iter().chain(rest) {
        let default = if a.required { "" } else { " = ..." };
        signature.push(format!("{}: {}{default}", a.name, a.given));
    }
    let def = definition("def", "__new__", &signature, "Self");
    let _ = writeln!(out, "{} ...", def.trim_end());
    for a in attributes {
        let _ =
            write!(out, "    @property\n    def {}(self) -> {}:\n{}\n", a.name, a.ty, docstring(&a.doc, 8));
    }
    out.push_str(&METHODS.replace("NAME", &schema.name));
    if is_value {
        out.push_str(VALUE_METHODS);
    }
}
