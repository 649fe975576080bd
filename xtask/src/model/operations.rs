//! Parses resources and their operations.

use super::access::{Right, Scope};
use super::names::Name;
use super::reader::Reader;
use super::types::{Body, Find, Location, Operation, Pages, Param, Resource, Response, Type};
use super::values::{distinct, flag, object, text};
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeSet;

impl Reader<'_> {
    /// Returns every resource with its operations.
    pub fn resources(&self) -> Result<Vec<Resource>> {
        let mut resources: Vec<Resource> = object(self.doc, "x-resources")?
            .iter()
            .map(|(name, doc)| {
                let doc = doc.as_str().context("a resource's description is not a string")?.to_owned();
                Ok(Resource { name: Name::new(name), doc, operations: Vec::new() })
            })
            .collect::<Result<_>>()?;
        let mut seen = BTreeSet::new();
        for (path, item) in object(self.doc, "paths")? {
            for (method, op) in item.as_object().context("a path item is not an object")? {
                let at = format!("{} {path}", method.to_uppercase());
                let operation = self.operation(path, method, op).with_context(|| at.clone())?;
                let taken = !seen.insert(operation.operation_id.clone());
                add(&mut resources, text(op, "x-resource")?, operation, taken).context(at)?;
            }
        }
        for resource in &resources {
            ensure!(!resource.operations.is_empty(), "resource {:?} has no operation", resource.name);
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
        let mut responses = Vec::new();
        for (status, response) in object(op, "responses")? {
            let status: u16 = status.parse().context("a status is not a number")?;
            if (200..300).contains(&status) {
                let schema = response.pointer("/content/application~1json/schema");
                responses.push(Response { status, ty: schema.map(|s| self.ty(s, None)).transpose()? });
            }
        }
        ensure!(!responses.is_empty(), "no successful response");
        responses.sort_by_key(|a| a.status);
        let pages = match op.get("x-paginated") {
            Some(pages) => Some(self.pages(pages, &responses)?),
            None => None,
        };
        let find = self.find(op, &responses)?;
        // Query parameters filter the response; they do not identify the target of the operation.
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
            responses,
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
                ensure!(
                    location != Location::Path,
                    "`x-scope` is missing, and it is not an identifier of x-ids"
                );
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

    /// Returns the permissions that a group can have.
    fn permissions(&self) -> BTreeSet<&str> {
        let schemas = self.names.iter().filter(|(_, name)| **name == "PermissionGroup");
        let groups = schemas.map(|(wire, _)| &self.doc["components"]["schemas"][*wire]["properties"]);
        let fields = groups.filter_map(Value::as_object).flatten();
        fields
            .filter(|(name, field)| name.starts_with("can") && field["type"] == "boolean")
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// Parses `x-find`: the fields by which users look up an item. The item type must have these fields, and an id.
    fn find(&self, op: &Value, responses: &[Response]) -> Result<Option<Find>> {
        let Some(fields) = op.get("x-find").and_then(Value::as_array) else { return Ok(None) };
        let Some(Type::List(item)) = responses.first().and_then(|a| a.ty.clone()) else {
            bail!("x-find is for lists");
        };
        let Type::Model(name) = &*item else { bail!("x-find is for lists of objects") };
        let wire = self.names.iter().find(|(_, n)| *n == name).map(|(w, _)| *w).context("no such schema")?;
        let properties = object(&self.doc["components"]["schemas"][wire], "properties")?;
        let named = |field: &Value| {
            let field = field.as_str().context("x-find has the names of fields")?;
            ensure!(properties.contains_key(field), "{name} has no {field}");
            Ok(Name::new(field))
        };
        let fields = fields.iter().map(named).collect::<Result<_>>()?;
        let id = properties.keys().find(|field| self.id_of(Some(wire), field).is_some());
        let id = Name::new(id.with_context(|| format!("{name} has no id"))?);
        let method = text(op, "x-method")?.strip_prefix("list").context("x-find is for methods that list")?;
        Ok(Some(Find { method: Name::new(&format!("find{method}")), item: *item, fields, id }))
    }

    fn pages(&self, pages: &Value, responses: &[Response]) -> Result<Pages> {
        let mut steps: Vec<&str> = text(pages, "items")?.split('.').collect();
        let items = steps.pop().context("x-paginated has no items")?;
        let Some(Type::Model(mut at)) = responses.first().and_then(|a| a.ty.clone()) else {
            bail!("a paged response is an object");
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

/// Adds an operation to its resource.
fn add(resources: &mut [Resource], home: &str, operation: Operation, taken: bool) -> Result<()> {
    ensure!(!taken, "operationId is taken");
    let resource = resources.iter_mut().find(|resource| resource.name.wire() == home);
    let resource = resource.with_context(|| format!("x-resources has no {home}"))?;
    let name = operation.name.snake();
    let same = resource.operations.iter().any(|other| other.name.snake() == name);
    ensure!(!same, "the name {name} is taken");
    resource.operations.push(operation);
    Ok(())
}
