//! Actual state of a product, read with as few requests as possible.

mod cell;
mod entities;
mod reader;
mod registry;
mod scope;

pub(crate) use cell::Cell;
pub(crate) use entities::{id, item_of};
pub(crate) use reader::{CONCURRENCY, Reader, in_order};
pub(crate) use registry::Registry;
pub(crate) use scope::Scope;

use super::document::Item;
use super::section::{PREFERENCES, PRODUCT, Role, Section};
use crate::error::{Error, ErrorKind, Result};
use crate::operations::products;
use futures_util::future::FutureExt as _;
use serde_json::Value;

/// State of a product without the values of flags, which are read for one config and environment at a time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Snapshot {
    /// Id of the organization, if the product exists.
    pub(crate) organization: Option<String>,
    /// The product; `None` if it does not exist.
    pub(crate) product: Option<Item>,
    /// Ids of everything that was read.
    pub(crate) registry: Registry,
}

impl Snapshot {
    /// Reads a product, as far as a scope needs it.
    pub(crate) async fn read(
        reader: &Reader<'_>,
        name: &str,
        organization: Option<&str>,
        scope: &Scope,
    ) -> Result<Self> {
        let mut snapshot = Self::default();
        let Some(found) = product(reader, name, organization).await? else { return Ok(snapshot) };
        snapshot.organization =
            found.pointer("/organization/organizationId").and_then(Value::as_str).map(str::to_owned);
        let mut root = item_of(&PRODUCT, &found, &snapshot.registry);
        let id = root.id.clone().unwrap_or_default();
        snapshot.registry.add(&PRODUCT, &[], &id);
        if scope.preferences {
            let preferences = reader.get(&products::GET_PREFERENCES, &[("productId", &id)]).await?;
            for name in PREFERENCES {
                if let Some(value) = preferences.get(name) {
                    root.fields.insert(name.to_owned(), value.clone());
                }
            }
        }
        // Those that name others come second.
        for refers in [false, true] {
            let wanted = PRODUCT.children.iter().copied();
            let wanted: Vec<_> = wanted
                .filter(|section| scope.reads(section.name) && refers_to_others(section) == refers)
                .collect();
            let registry = &snapshot.registry;
            let read = wanted
                .into_iter()
                .map(|section| reader.entities(section, &id, registry, scope.has_details(section)).boxed());
            let read = in_order(read).await?;
            for (section, items) in read {
                snapshot.add(&[], section, &items);
                root.children.insert(section.name, items);
            }
        }
        snapshot.product = Some(root);
        snapshot.read_below(reader, scope).await?;
        Ok(snapshot)
    }

    /// Reads what is below configs.
    async fn read_below(&mut self, reader: &Reader<'_>, scope: &Scope) -> Result<()> {
        let Some(mut root) = self.product.take() else { return Ok(()) };
        for section in PRODUCT.children.iter().copied().filter(|section| !section.children.is_empty()) {
            let Some(parents) = root.children.get_mut(section.name) else { continue };
            let registry = &self.registry;
            let jobs = parents.iter().enumerate().filter(|(_, parent)| scope.goes_below(parent.key(section)));
            let jobs =
                jobs.flat_map(|(at, parent)| section.children.iter().map(move |child| (at, parent, *child)));
            let jobs: Vec<_> = jobs.filter(|(_, _, child)| scope.reads(child.name)).collect();
            let read = jobs.into_iter().map(|(at, parent, child)| {
                async move {
                    let id = parent.id.as_deref().unwrap_or_default();
                    let (child, items) = reader.entities(child, id, registry, false).await?;
                    Ok((at, child, items))
                }
                .boxed()
            });
            let read = in_order(read).await?;
            for (at, child, items) in read {
                let Some(parent) = parents.get_mut(at) else { continue };
                let path = [parent.key(section).to_owned()];
                self.registry.add_all(child, &path, &items);
                parent.children.insert(child.name, items);
            }
        }
        self.product = Some(root);
        Ok(())
    }

    fn add(&mut self, path: &[String], section: &'static Section, items: &[Item]) {
        self.registry.add_all(section, path, items);
    }
}

/// Whether a section has fields that name entities of other sections.
fn refers_to_others(section: &Section) -> bool {
    section.fields.iter().any(|member| matches!(member.role, Role::Names { .. } | Role::ByEnvironment { .. }))
}

/// Returns the product with a name or an id. The name may be that of products of several organizations.
async fn product(reader: &Reader<'_>, name: &str, organization: Option<&str>) -> Result<Option<Value>> {
    let products = reader.list(&PRODUCT, "").await?;
    let is_there = |product: &Value| {
        let of = &product["organization"];
        organization.is_none_or(|wanted| of["name"] == wanted || of["organizationId"] == wanted)
    };
    let mut found: Vec<&Value> =
        products.iter().filter(|product| product["name"] == name && is_there(product)).collect();
    if found.is_empty() {
        found = products.iter().filter(|product| product["productId"] == name && is_there(product)).collect();
    }
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some((*one).clone())),
        _ => {
            let ids: Vec<&str> = found.iter().filter_map(|product| product["productId"].as_str()).collect();
            let message = format!(
                "{} products have the name {name:?}: name the organization, or use an id, one of {}",
                found.len(),
                ids.join(", ")
            );
            Err(Error::new(ErrorKind::Conflict, message))
        }
    }
}

/// Returns the names of all products, for suggestions.
pub(crate) async fn product_names(reader: &Reader<'_>) -> Result<Vec<String>> {
    let products = reader.list(&PRODUCT, "").await?;
    Ok(products.iter().filter_map(|product| product["name"].as_str()).map(str::to_owned).collect())
}
