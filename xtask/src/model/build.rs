//! Reads the description and checks it: what is wrong in it is an error here, not in an emitter.

use super::access::{Right, Scope};
use super::names::Name;
use super::*;
use anyhow::{Context, Result, anyhow, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};

/// Reads the YAML (or JSON) text of an OpenAPI document.
pub fn parse(text: &str) -> Result<Value> {
    serde_saphyr::from_str(text).map_err(|e| anyhow!("not a YAML document: {e}"))
}

/// Builds the model from a parsed description.
pub fn build(doc: &Value) -> Result<Api> {
    keys::check(doc)?;
    let reader = Reader::new(doc)?;
    let resources = reader.resources()?;
    let mut schemas = reader.schemas()?;
    place(&resources, &mut schemas)?;
    Ok(Api { resources, schemas, ids: reader.ids })
}

struct Reader<'a> {
    doc: &'a Value,
    /// Wire name of a schema to its name and whether it is an enum.
    names: BTreeMap<&'a str, &'a str>,
    ids: Vec<IdType>,
    id_fields: BTreeMap<&'a str, String>,
}

fn object<'a>(value: &'a Value, key: &str) -> Result<&'a serde_json::Map<String, Value>> {
    value.get(key).and_then(Value::as_object).ok_or_else(|| anyhow!("`{key}` is not an object"))
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value.get(key).and_then(Value::as_str).ok_or_else(|| anyhow!("`{key}` is not a text"))
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

impl<'a> Reader<'a> {
    fn new(doc: &'a Value) -> Result<Self> {
        let schemas = object(doc.get("components").context("no components")?, "schemas")?;
        let mut names = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for (wire, schema) in schemas {
            let name = text(schema, "x-name").with_context(|| wire.clone())?;
            ensure!(taken.insert(name), "two schemas are named {name}");
            names.insert(wire.as_str(), name);
        }
        let mut ids = Vec::new();
        let mut id_fields = BTreeMap::new();
        for (name, id) in object(doc, "x-ids")? {
            ensure!(taken.insert(name), "two types are named {name}");
            for field in id.get("fields").and_then(Value::as_array).into_iter().flatten() {
                id_fields.insert(field.as_str().context("a field of x-ids is not a text")?, name.clone());
            }
            let kind = match text(id, "type")? {
                "string" => IdKind::Text,
                _ => IdKind::Int64,
            };
            let scope = Scope::read(id, "scope").with_context(|| name.clone())?;
            ids.push(IdType { name: name.clone(), doc: text(id, "description")?.to_owned(), kind, scope });
        }
        let mut reader = Self { doc, names, ids, id_fields };
        reader.settle_id_kinds()?;
        Ok(reader)
    }

    /// The width of an id is a fact of the fields that carry it: all must agree.
    fn settle_id_kinds(&mut self) -> Result<()> {
        let mut kinds: BTreeMap<String, IdKind> = BTreeMap::new();
        let mut note = |id: &str, schema: &Value, at: &str| -> Result<()> {
            let schema = if schema.get("items").is_some() { &schema["items"] } else { schema };
            let kind = match (schema["type"].as_str(), schema["format"].as_str()) {
                (Some("string"), Some("uuid")) => IdKind::Uuid,
                (Some("string"), None) => IdKind::Text,
                (Some("integer"), Some("int32")) => IdKind::Int32,
                (Some("integer"), Some("int64")) => IdKind::Int64,
                other => bail!("{at}: {id} cannot be {other:?}"),
            };
            // The path says int64 where the answer says int32 for some tags: the wider one holds both.
            let known = kinds.entry(id.to_owned()).or_insert(kind);
            match (*known, kind) {
                (a, b) if a == b => {}
                (IdKind::Int32, IdKind::Int64) | (IdKind::Int64, IdKind::Int32) => *known = IdKind::Int64,
                (a, b) => bail!("{at}: {id} is {b:?} here and {a:?} elsewhere"),
            }
            Ok(())
        };
        for (wire, schema) in object(&self.doc["components"], "schemas")? {
            for (field, fs) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if let Some(id) = self.id_of(Some(wire), field) {
                    note(id, fs, &format!("{wire}.{field}"))?;
                }
            }
        }
        for (path, item) in object(self.doc, "paths")? {
            for (_, op) in item.as_object().into_iter().flatten() {
                for p in op.get("parameters").and_then(Value::as_array).into_iter().flatten() {
                    if let Some(id) = self.id_of(None, text(p, "name")?) {
                        note(id, &p["schema"], path)?;
                    }
                }
            }
        }
        for id in &mut self.ids {
            id.kind = *kinds.get(&id.name).with_context(|| format!("no field is a {}", id.name))?;
        }
        Ok(())
    }

    fn id_of(&self, schema: Option<&str>, field: &str) -> Option<&str> {
        schema
            .and_then(|s| self.id_fields.get(format!("{s}.{field}").as_str()))
            .or_else(|| self.id_fields.get(field))
            .map(String::as_str)
    }

    fn schema_ref(&self, target: &str) -> Result<Type> {
        let wire = target.rsplit('/').next().unwrap_or(target);
        let name = self.names.get(wire).with_context(|| format!("no schema {wire}"))?;
        let schema = &self.doc["components"]["schemas"][wire];
        let with_variation = schema["properties"].get("predefinedVariationId").is_some();
        Ok(match schema.get("x-union").and_then(Value::as_str) {
            Some("primitive") => Type::BareValue,
            Some("value") if !with_variation => Type::TaggedValue((*name).to_owned()),
            Some("value") | None if schema.get("enum").is_none() => Type::Model((*name).to_owned()),
            None => Type::Enum((*name).to_owned()),
            Some(other) => bail!("{wire}: x-union {other} is not known"),
        })
    }

    /// The type of a schema in place; `id` names the identifier that the field carries.
    fn ty(&self, schema: &Value, id: Option<&str>) -> Result<Type> {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            return self.schema_ref(target);
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let [only] = parts.as_slice() else { bail!("allOf with {} parts", parts.len()) };
            return self.ty(only, id);
        }
        let number = |key: &str| schema.get(key).and_then(Value::as_u64);
        let signed = |key: &str| schema.get(key).and_then(Value::as_i64);
        Ok(match (schema.get("type").and_then(Value::as_str), schema.get("format").and_then(Value::as_str)) {
            (Some("array"), _) => {
                let items = self.ty(schema.get("items").context("array without items")?, id)?;
                if items == Type::Model("PatchOperation".into()) {
                    Type::Patch
                } else {
                    Type::List(Box::new(items))
                }
            }
            (Some("object"), _) => {
                let values =
                    schema.get("additionalProperties").context("object without properties in place")?;
                Type::Map(Box::new(self.ty(values, None)?))
            }
            (Some("string" | "integer"), _) if id.is_some() => Type::Id(id.unwrap_or_default().to_owned()),
            (Some("string"), Some("uuid")) => Type::Uuid,
            (Some("string"), Some("date-time")) => Type::Timestamp,
            (Some("string"), None) => Type::Text { min: number("minLength"), max: number("maxLength") },
            (Some("integer"), Some("int32")) => {
                Type::Int32 { min: signed("minimum"), max: signed("maximum") }
            }
            (Some("integer"), Some("int64")) => Type::Int64,
            (Some("number"), Some("double")) => Type::Double,
            (Some("boolean"), _) => Type::Boolean,
            (None, _) => Type::Any,
            other => bail!("type {other:?} is not known"),
        })
    }

    fn schemas(&self) -> Result<Vec<Schema>> {
        let mut schemas = Vec::new();
        for (wire, schema) in object(&self.doc["components"], "schemas")? {
            schemas.push(self.schema(wire, schema).with_context(|| format!("schema {wire}"))?);
        }
        schemas.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(schemas)
    }

    fn schema(&self, wire: &str, schema: &Value) -> Result<Schema> {
        let fields = || self.fields(wire, schema);
        let kind = if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let values: Option<Vec<_>> = values.iter().map(|v| v.as_str().map(Name::new)).collect();
            let values = values.context("an enum value is not a text")?;
            distinct(values.iter().map(Name::variant)).context("enum variants")?;
            distinct(values.iter().map(Name::member)).context("enum members")?;
            SchemaKind::Enum(values)
        } else if let Some(union) = schema.get("x-union").and_then(Value::as_str) {
            let bare = union == "primitive";
            SchemaKind::Value { bare, fields: if bare { Vec::new() } else { fields()? } }
        } else {
            SchemaKind::Object(fields()?)
        };
        Ok(Schema {
            name: text(schema, "x-name")?.to_owned(),
            wire: wire.to_owned(),
            doc: text(schema, "description")?.to_owned(),
            kind,
            direction: Direction::Both,
            home: String::new(),
        })
    }

    fn fields(&self, wire: &str, schema: &Value) -> Result<Vec<Field>> {
        let required: BTreeSet<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut fields = Vec::new();
        for (field, fs) in object(schema, "properties")? {
            fields.push(Field {
                name: Name::new(field),
                doc: text(fs, "description").with_context(|| field.clone())?.to_owned(),
                ty: self.ty(fs, self.id_of(Some(wire), field)).with_context(|| field.clone())?,
                required: required.contains(field.as_str()),
                nullable: flag(fs, "nullable"),
            });
        }
        for language in names::Language::ALL {
            distinct(fields.iter().map(|f| f.name.identifier(language))).context("field names")?;
        }
        Ok(fields)
    }

    fn resources(&self) -> Result<Vec<Resource>> {
        let mut resources: Vec<Resource> = object(self.doc, "x-resources")?
            .iter()
            .map(|(name, doc)| {
                let doc = doc.as_str().context("a resource's description is not a text")?.to_owned();
                Ok(Resource { name: Name::new(name), doc, operations: Vec::new() })
            })
            .collect::<Result<_>>()?;
        let mut seen = BTreeSet::new();
        for (path, item) in object(self.doc, "paths")? {
            for (method, op) in item.as_object().context("a path item is not an object")? {
                let at = format!("{} {path}", method.to_uppercase());
                let operation = self.operation(path, method, op).with_context(|| at.clone())?;
                ensure!(seen.insert(operation.operation_id.clone()), "{at}: operationId is taken");
                let home = text(op, "x-resource")?;
                let resource = resources.iter_mut().find(|r| r.name.wire() == home);
                resource
                    .with_context(|| format!("{at}: x-resources has no {home}"))?
                    .operations
                    .push(operation);
            }
        }
        for resource in &resources {
            ensure!(!resource.operations.is_empty(), "resource {:?} has no operation", resource.name);
            distinct(resource.operations.iter().map(|o| o.name.snake()))
                .with_context(|| format!("methods of {:?}", resource.name))?;
        }
        Ok(resources)
    }

    fn operation(&self, path: &str, method: &str, op: &Value) -> Result<Operation> {
        let mut params = Vec::new();
        for p in op.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            params.push(self.param(p).with_context(|| text(p, "name").unwrap_or("?").to_owned())?);
        }
        distinct(params.iter().map(|p| p.name.snake())).context("parameters")?;
        let in_path: Vec<&str> =
            path.split('/').filter_map(|s| s.strip_prefix('{').and_then(|s| s.strip_suffix('}'))).collect();
        let declared: Vec<&str> =
            params.iter().filter(|p| p.location == Location::Path).map(|p| p.name.wire()).collect();
        ensure!(in_path == declared, "the path names {in_path:?}, the parameters {declared:?}");
        let body = match op.get("requestBody") {
            Some(body) => {
                let schema = &body["content"]["application/json"]["schema"];
                Some(Body { ty: self.ty(schema, None)?, required: flag(body, "required") })
            }
            None => None,
        };
        let mut answers = Vec::new();
        for (status, answer) in object(op, "responses")? {
            let status: u16 = status.parse().context("a status is not a number")?;
            if (200..300).contains(&status) {
                let schema = answer.pointer("/content/application~1json/schema");
                answers.push(Answer { status, ty: schema.map(|s| self.ty(s, None)).transpose()? });
            }
        }
        ensure!(!answers.is_empty(), "no successful answer");
        answers.sort_by_key(|a| a.status);
        let pages = match op.get("x-paginated") {
            Some(pages) => Some(self.pages(pages, &answers)?),
            None => None,
        };
        let find = self.find(op, &answers)?;
        // Filters in the query narrow an answer; they do not say what the operation is about.
        let of_path = params.iter().filter(|p| p.location != Location::Query);
        let scope = of_path.map(|p| p.scope).max().unwrap_or(Scope::Nothing);
        let right = Right::read(op, scope, &self.permissions())?;
        Ok(Operation {
            operation_id: text(op, "operationId")?.to_owned(),
            name: Name::new(text(op, "x-method")?),
            http_method: method.to_uppercase(),
            path: path.to_owned(),
            doc: text(op, "summary")?.to_owned(),
            deprecated: flag(op, "deprecated"),
            idempotent: op
                .get("x-idempotent")
                .and_then(Value::as_bool)
                .context("`x-idempotent` is missing: whether a request may be repeated is decided here")?,
            params,
            body,
            answers,
            pages,
            find,
            right,
        })
    }

    fn param(&self, p: &Value) -> Result<Param> {
        let wire = text(p, "name")?;
        let location = match text(p, "in")? {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            other => bail!("parameters in {other} are not supported"),
        };
        ensure!(
            (location == Location::Path) == flag(p, "required"),
            "path parameters are required, others are not"
        );
        let ty = self.ty(&p["schema"], self.id_of(None, wire))?;
        let scope = match &ty {
            _ if p.get("x-scope").is_some() => Scope::read(p, "x-scope")?,
            Type::Id(id) => {
                self.ids.iter().find(|known| known.name == *id).map_or(Scope::Nothing, |id| id.scope)
            }
            _ => {
                ensure!(location != Location::Path, "`x-scope` is missing, and it is no identifier of x-ids");
                Scope::Nothing
            }
        };
        Ok(Param {
            name: p
                .get("x-name")
                .and_then(Value::as_str)
                .map_or_else(|| Name::new(wire), |n| Name::renamed(wire, n)),
            location,
            ty,
            scope,
            doc: text(p, "description")?.to_owned(),
            default: p["schema"].get("default").cloned(),
        })
    }

    /// The permissions that a group can have.
    fn permissions(&self) -> BTreeSet<&str> {
        let schemas = self.names.iter().filter(|(_, name)| **name == "PermissionGroup");
        let groups = schemas.map(|(wire, _)| &self.doc["components"]["schemas"][*wire]["properties"]);
        let fields = groups.filter_map(Value::as_object).flatten();
        fields
            .filter(|(name, field)| name.starts_with("can") && field["type"] == "boolean")
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// The fields by which people know an item, which the item has to have.
    fn find(&self, op: &Value, answers: &[Answer]) -> Result<Vec<Name>> {
        let Some(fields) = op.get("x-find").and_then(Value::as_array) else { return Ok(Vec::new()) };
        let Some(Type::List(item)) = answers.first().and_then(|a| a.ty.clone()) else {
            bail!("x-find is for lists");
        };
        let Type::Model(item) = *item else { bail!("x-find is for lists of objects") };
        let wire = self.names.iter().find(|(_, n)| **n == item).map(|(w, _)| *w).context("no such schema")?;
        let properties = &self.doc["components"]["schemas"][wire]["properties"];
        fields
            .iter()
            .map(|field| {
                let field = field.as_str().context("x-find has the names of fields")?;
                ensure!(properties.get(field).is_some(), "{item} has no {field}");
                Ok(Name::new(field))
            })
            .collect()
    }

    fn pages(&self, pages: &Value, answers: &[Answer]) -> Result<Pages> {
        let mut steps: Vec<&str> = text(pages, "items")?.split('.').collect();
        let items = steps.pop().context("x-paginated has no items")?;
        let Some(Type::Model(mut at)) = answers.first().and_then(|a| a.ty.clone()) else {
            bail!("a paged answer is an object");
        };
        let find = |model: &str, field: &str| -> Result<Type> {
            let wire =
                self.names.iter().find(|(_, n)| **n == model).map(|(w, _)| *w).context("no such schema")?;
            let schema = &self.doc["components"]["schemas"][wire]["properties"][field];
            self.ty(schema, None)
        };
        let mut envelope = Vec::new();
        for step in steps {
            let Type::Model(next) = find(&at, step)? else { bail!("{step} is not an object") };
            at = next;
            envelope.push(Name::new(step));
        }
        let Type::List(item) = find(&at, items)? else { bail!("{items} is not a list") };
        Ok(Pages { envelope, items: Name::new(items), item: *item })
    }
}

fn distinct(names: impl Iterator<Item = String>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for name in names {
        ensure!(seen.insert(name.clone()), "the name {name} is taken");
    }
    Ok(())
}

/// Finds out which way each schema travels and which resource is its home.
fn place(resources: &[Resource], schemas: &mut [Schema]) -> Result<()> {
    let index: BTreeMap<String, usize> =
        schemas.iter().enumerate().map(|(i, s)| (s.name.clone(), i)).collect();
    let mut requests = BTreeSet::new();
    let mut answers = BTreeSet::new();
    let mut homes: BTreeMap<String, String> = BTreeMap::new();
    for resource in resources {
        let mut reached = BTreeSet::new();
        for op in &resource.operations {
            for ty in op.params.iter().map(|p| &p.ty).chain(op.body.as_ref().map(|b| &b.ty)) {
                reach(ty, schemas, &index, &mut requests);
                reach(ty, schemas, &index, &mut reached);
            }
            for ty in op.answers.iter().filter_map(|a| a.ty.as_ref()) {
                reach(ty, schemas, &index, &mut answers);
                reach(ty, schemas, &index, &mut reached);
            }
        }
        for name in reached {
            homes.entry(name).or_insert_with(|| resource.name.snake());
        }
    }
    // `Tag` lives with the tags although a flag, read earlier, carries tags too.
    for resource in resources {
        let plural = resource.name.pascal();
        for schema in schemas.iter() {
            if format!("{}s", schema.name) == plural {
                homes.insert(schema.name.clone(), resource.name.snake());
            }
        }
    }
    for schema in schemas {
        schema.direction = match (requests.contains(&schema.name), answers.contains(&schema.name)) {
            (true, true) => Direction::Both,
            (true, false) => Direction::Request,
            (false, true) => Direction::Answer,
            // A bare value is a type, not a name.
            (false, false) if matches!(schema.kind, SchemaKind::Value { .. }) => Direction::Both,
            (false, false) => bail!("nothing uses the schema {}", schema.name),
        };
        if schema.direction == Direction::Both && matches!(schema.kind, SchemaKind::Object(_)) {
            bail!("{} is both sent and received: absent and null would mean different things", schema.name);
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
