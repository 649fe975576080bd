//! Writes the conversions of what is read into what is written: `core/src/generated/conversions.rs`.

use super::edits::{self, fields};
use super::rust::{self, ident};
use super::rust_models::tri_state;
use super::{Context, File};
use crate::model::{Field, Schema, SchemaKind, Type};
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Where a field of a write model comes from, if not from the field of the same name and form in the read model.
enum Source {
    /// This field of each item of the list of the same name.
    OfItems(&'static str),
}

/// The decisions: write model, field, source.
const DECISIONS: &[(&str, &str, Source)] = &[("ReplaceSetting", "tags", Source::OfItems("tag_id"))];

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let mut left: Vec<(String, String)> =
        edits::all(cx)?.iter().map(|edit| (edit.state.to_owned(), edit.draft.to_owned())).collect();
    let mut done = BTreeSet::new();
    let mut impls = Vec::new();
    while let Some((read, write)) = left.pop() {
        if !done.insert((read.clone(), write.clone())) {
            continue;
        }
        let text = Conversion { cx, left: &mut left }.write(&read, &write);
        impls.push(((write.clone(), read.clone()), text.with_context(|| format!("{read} as {write}"))?));
    }
    impls.sort();
    let mut text = rust::header();
    text.push_str("//! What was read, as what can be written.\n\nuse crate::Field;\nuse crate::models;\n\n");
    for (_, one) in impls {
        text.push_str(&one);
    }
    Ok(vec![File { path: "core/src/generated/conversions.rs".into(), text }])
}

/// How a value is converted.
enum Step {
    Same,
    Into,
    Items(&'static str),
    ItemsInto,
}

impl Step {
    /// Returns the expression of the converted value.
    fn apply(&self, value: &str) -> String {
        match self {
            Self::Same => value.to_owned(),
            Self::Into => format!("{value}.into()"),
            Self::Items(field) => format!("{value}.into_iter().map(|item| item.{field}).collect()"),
            Self::ItemsInto => format!("{value}.into_iter().map(Into::into).collect()"),
        }
    }

    /// Returns the expression of the converted value of an `Option`.
    fn apply_in(&self, option: &str) -> String {
        match self {
            Self::Same => option.to_owned(),
            Self::Into => format!("{option}.map(Into::into)"),
            _ => format!("{option}.map(|value| {})", self.apply("value")),
        }
    }
}

struct Conversion<'a, 'b> {
    cx: &'a Context<'b>,
    /// The pairs of schemas that still need a conversion.
    left: &'a mut Vec<(String, String)>,
}

impl Conversion<'_, '_> {
    fn write(&mut self, read: &str, write: &str) -> Result<String> {
        let schema = self.cx.api.schema(write).context("no such schema")?;
        let sources = fields(self.cx, read)?;
        if schema.one_of {
            return self.alternatives(schema, read);
        }
        let mut text = format!(
            "impl From<models::{read}> for models::{write} {{\nfn from(from: models::{read}) -> Self {{\nSelf {{\n"
        );
        for field in fields(self.cx, write)? {
            let source = sources.iter().find(|source| source.name.wire() == field.name.wire());
            let source = source.with_context(|| {
                format!(
                    "{write}.{0} has no source in {read}: decide in DECISIONS what it is",
                    field.name.wire()
                )
            })?;
            let value = self.field(schema, field, source).with_context(|| field.name.wire().to_owned())?;
            let _ = writeln!(text, "{}: {value},", ident(&field.name));
        }
        // A field that is newer than the spec goes back as it came.
        text.push_str("extra: from.extra,\n}\n}\n}\n\n");
        Ok(text)
    }

    /// Writes the conversion of an enum whose variants have the same names.
    fn alternatives(&mut self, write: &Schema, read: &str) -> Result<String> {
        let (_, sources) =
            self.cx.api.one_of(read).with_context(|| format!("{read} has no x-union members"))?;
        let mut text = format!(
            "impl From<models::{read}> for models::{0} {{\nfn from(from: models::{read}) -> Self {{\nmatch from {{\n",
            write.name
        );
        for source in sources {
            let target = fields(self.cx, &write.name)?.iter().find(|f| f.name.wire() == source.name.wire());
            let target = target.with_context(|| format!("{} has no {}", write.name, source.name.wire()))?;
            let value = self.step(&source.ty, &target.ty)?.apply("value");
            let variant = write.variant(target);
            let _ = writeln!(text, "models::{read}::{variant}(value) => Self::{variant}({value}),");
        }
        let _ = writeln!(text, "models::{read}::Unknown(extra) => Self::Unknown(extra),\n}}\n}}\n}}\n");
        Ok(text)
    }

    fn field(&mut self, write: &Schema, field: &Field, source: &Field) -> Result<String> {
        let decision = DECISIONS
            .iter()
            .find(|(schema, name, _)| *schema == write.name && field.name.snake() == *name)
            .map(|(_, _, source)| source);
        let step = match decision {
            Some(Source::OfItems(member)) => Step::Items(member),
            None => self.step(&source.ty, &field.ty)?,
        };
        let from = format!("from.{}", ident(&source.name));
        let may_be_missing = !source.required || source.nullable;
        let takes_none = !field.required || field.nullable;
        Ok(match (may_be_missing, tri_state(write, field)) {
            (true, true) => format!("Field::from({})", step.apply_in(&from)),
            (false, true) => format!("Field::Value({})", step.apply(&from)),
            (true, false) if takes_none => step.apply_in(&from),
            (false, false) if takes_none => format!("Some({})", step.apply(&from)),
            (false, false) => step.apply(&from),
            (true, false) => bail!("it is required, but may be missing in what is read: decide in DECISIONS"),
        })
    }

    fn step(&mut self, read: &Type, write: &Type) -> Result<Step> {
        Ok(match (read, write) {
            _ if rust::ty(read) == rust::ty(write) => Step::Same,
            (Type::Model(read), Type::Model(write)) => {
                self.pair(read, write)?;
                Step::Into
            }
            (Type::List(read), Type::List(write)) => {
                let (Type::Model(read), Type::Model(write)) = (&**read, &**write) else {
                    bail!("the items have other types: decide in DECISIONS");
                };
                self.pair(read, write)?;
                Step::ItemsInto
            }
            _ => bail!("it has another type: decide in DECISIONS"),
        })
    }

    /// Notes that a pair needs a conversion. Those of flag values are written by hand.
    fn pair(&mut self, read: &str, write: &str) -> Result<()> {
        let schema = self.cx.api.schema(write).context("no such schema")?;
        if !matches!(schema.kind, SchemaKind::Value { .. }) {
            self.left.push((read.to_owned(), write.to_owned()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Api, build};

    fn api() -> Result<(serde_json::Value, Api)> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/openapi.yaml");
        build::read(&std::fs::read_to_string(path)?, path)
    }

    fn emitted(document: &serde_json::Value, api: &Api) -> Result<String> {
        let cx = Context { api, document, tricky_vectors: "[]" };
        Ok(emit(&cx)?.pop().context("no file")?.text)
    }

    /// Returns the error after a change of the fields of a schema.
    fn refused(schema: &str, change: impl Fn(&mut Vec<Field>)) -> Result<String> {
        let (document, mut api) = api()?;
        let changed = api.schemas.iter_mut().find(|other| other.name == schema).context("no such schema")?;
        let SchemaKind::Object(fields) = &mut changed.kind else { bail!("not an object") };
        change(fields);
        let error = emitted(&document, &api).err().context("it was not refused")?;
        Ok(format!("{error:#}"))
    }

    #[test]
    fn every_field_of_a_draft_has_a_source() -> Result<()> {
        let (document, api) = api()?;
        let text = emitted(&document, &api)?;
        assert!(text.contains("impl From<models::TargetingRule> for models::UpdateTargetingRule"));
        assert!(text.contains("tags: Field::Value(from.tags.into_iter().map(|item| item.tag_id).collect())"));
        Ok(())
    }

    #[test]
    fn field_without_a_source_is_refused() -> Result<()> {
        let error =
            refused("UserCondition", |fields| fields.retain(|field| field.name.snake() != "comparator"))?;
        assert!(error.contains("UpdateUserCondition.comparator has no source in UserCondition"), "{error}");
        Ok(())
    }

    #[test]
    fn required_field_that_may_be_missing_is_refused() -> Result<()> {
        let error = refused("Webhook", |fields| {
            fields
                .iter_mut()
                .filter(|field| field.name.snake() == "url")
                .for_each(|field| field.nullable = true);
        })?;
        assert!(error.contains("url: it is required, but may be missing"), "{error}");
        Ok(())
    }

    #[test]
    fn field_of_another_type_is_refused() -> Result<()> {
        let error = refused("Webhook", |fields| {
            fields
                .iter_mut()
                .filter(|field| field.name.snake() == "url")
                .for_each(|field| field.ty = Type::Boolean);
        })?;
        assert!(error.contains("url: it has another type"), "{error}");
        Ok(())
    }
}
