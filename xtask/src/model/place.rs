//! Determines the direction and the home resource of each schema.

use super::types::{Direction, Resource, Schema, SchemaKind, Type};
use anyhow::{Result, anyhow};
use std::collections::{BTreeMap, BTreeSet};

/// Sets whether each schema is sent or received, and the resource whose files hold it.
pub fn place(resources: &[Resource], schemas: &mut [Schema]) -> Result<()> {
    let index: BTreeMap<String, usize> =
        schemas.iter().enumerate().map(|(i, s)| (s.name.clone(), i)).collect();
    let mut requests = BTreeSet::new();
    let mut responses = BTreeSet::new();
    let mut homes: BTreeMap<String, String> = BTreeMap::new();
    for resource in resources {
        let mut reached = BTreeSet::new();
        for op in &resource.operations {
            for ty in op.params.iter().map(|p| &p.ty).chain(op.body.as_ref().map(|b| &b.ty)) {
                reach(ty, schemas, &index, &mut requests);
                reach(ty, schemas, &index, &mut reached);
            }
            for ty in op.responses.iter().filter_map(|a| a.ty.as_ref()) {
                reach(ty, schemas, &index, &mut responses);
                reach(ty, schemas, &index, &mut reached);
            }
        }
        for name in reached {
            homes.entry(name).or_insert_with(|| resource.name.snake());
        }
    }
    // `Tag` belongs to the resource `tags`, although the flags, which come earlier in the spec, refer to it too.
    for resource in resources {
        let plural = resource.name.pascal();
        for schema in schemas.iter() {
            if format!("{}s", schema.name) == plural {
                homes.insert(schema.name.clone(), resource.name.snake());
            }
        }
    }
    for schema in schemas {
        schema.direction = match (requests.contains(&schema.name), responses.contains(&schema.name)) {
            (true, true) => Direction::Both,
            (true, false) => Direction::Request,
            (false, true) => Direction::Response,
            // References to a bare value become `Type::BareValue`, which does not name the schema.
            (false, false) if matches!(schema.kind, SchemaKind::Value { .. }) => Direction::Both,
            (false, false) => {
                return Err(anyhow!("nothing uses the schema {}", schema.name).context(context(schema)));
            }
        };
        if schema.direction == Direction::Both && matches!(schema.kind, SchemaKind::Object(_)) {
            let problem = "is both sent and received: absent and null would mean different things";
            return Err(anyhow!("{} {problem}", schema.name).context(context(schema)));
        }
        schema.home = homes.get(&schema.name).cloned().unwrap_or_default();
    }
    Ok(())
}

fn reach(ty: &Type, schemas: &[Schema], index: &BTreeMap<String, usize>, seen: &mut BTreeSet<String>) {
    match ty {
        Type::List(inner) | Type::Map(inner) => reach(inner, schemas, index, seen),
        Type::Patch => reach(&Type::Model("PatchOperation".into()), schemas, index, seen),
        Type::Model(name) | Type::Enum(name) | Type::TaggedValue(name) if seen.insert(name.clone()) => {
            let schema = index.get(name).and_then(|i| schemas.get(*i));
            if let Some(Schema {
                kind: SchemaKind::Object(fields) | SchemaKind::Value { fields, .. }, ..
            }) = schema
            {
                fields.iter().for_each(|f| reach(&f.ty, schemas, index, seen));
            }
        }
        _ => {}
    }
}

/// Prefix of an error about a schema.
fn context(schema: &Schema) -> String {
    format!("schema {}", schema.wire)
}
