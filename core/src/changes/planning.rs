//! Makes plans.

use super::deletions;
use super::document::{Document, Item};
use super::json::set;
use super::plan::{CellSteps, Plan, PlanOptions, Planner, WantedCell};
use super::section::{VALUES, named};
use super::snapshot::{Cell, Reader, Scope, Snapshot, in_order};
use crate::error::{Error, ErrorKind, Result};
use crate::spec::validate::is_uuid;
use futures_util::future::FutureExt as _;
use serde_json::{Value, json};

/// Hidden field of flags with the versions of their values.
pub(super) const VERSIONS: &str = "versions";

/// Compares a document with the product.
pub(super) async fn plan(
    reader: &Reader<'_>,
    document: &Document,
    options: &PlanOptions,
) -> Result<(Plan, Snapshot)> {
    check_prune(options)?;
    let scope = Scope::of(&document.root, &options.prune);
    let mut snapshot = Snapshot::read(reader, document.product(), document.organization(), &scope).await?;
    if snapshot.product.is_none() && !document.root.absent {
        if is_uuid(document.product()) {
            return Err(Error::new(
                ErrorKind::NotFound,
                format!("no product has the id {}", document.product()),
            ));
        }
        snapshot.organization = Some(organization(reader, document).await?);
    }
    let mut planner = Planner::new(&document.root, &snapshot, options);
    planner.compare(&document.root);
    let wanted = planner.wanted_cells(&document.root);
    let compared = wanted.iter().map(|cell| compare_cell(reader, &snapshot, &planner, cell).boxed());
    for cell in in_order(compared).await? {
        match cell {
            Ok(steps) => planner.extend(steps),
            Err(problems) => planner.problems.extend(problems),
        }
    }
    if !planner.problems.is_empty() {
        return Err(Error::invalid(&planner.problems));
    }
    let mut steps = planner.into_steps();
    deletions::complete(reader, &document.root, &snapshot, &mut steps).await?;
    let plan = Plan::new(document.clone(), options.clone(), steps, reader.requests());
    Ok((plan, snapshot))
}

/// Returns the organization in which a product is created: that of the document, or the only one there is.
async fn organization(reader: &Reader<'_>, document: &Document) -> Result<String> {
    let listed = reader.get(&crate::operations::organizations::LIST, &[]).await?;
    let all: Vec<&Value> = listed.as_array().into_iter().flatten().collect();
    let names = || all.iter().filter_map(|organization| organization["name"].as_str());
    let Some(wanted) = document.organization() else {
        return match all.as_slice() {
            [one] => Ok(one["organizationId"].as_str().unwrap_or_default().to_owned()),
            _ => {
                let names = names().collect::<Vec<_>>().join(", ");
                let product = document.product();
                let message = format!(
                    "there is no product {product:?}; to create it, name its organization, one of {names}"
                );
                Err(Error::bad_request(message))
            }
        };
    };
    let found = all.iter().find(|one| one["name"] == wanted || one["organizationId"] == wanted);
    let found = found.and_then(|one| one["organizationId"].as_str()).map(str::to_owned);
    found.ok_or_else(|| {
        let hint = crate::call::suggestion(wanted, names())
            .map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
        Error::new(ErrorKind::NotFound, format!("there is no organization {wanted:?}{hint}"))
    })
}

/// Reads the values of a config in an environment, and compares them.
async fn compare_cell(
    reader: &Reader<'_>,
    snapshot: &Snapshot,
    planner: &Planner<'_>,
    cell: &WantedCell<'_>,
) -> Result<CellSteps> {
    let Some((config, environment)) = cell.actual else { return Ok(planner.compare_cell(cell, None)) };
    let actual = Cell::read(reader, &snapshot.registry, config, environment).await?;
    Ok(planner.compare_cell(cell, Some(&actual)))
}

fn check_prune(options: &PlanOptions) -> Result<()> {
    let Some(unknown) =
        options.prune.iter().find(|name| named(name).is_none_or(|section| section.name == "products"))
    else {
        return Ok(());
    };
    let known: Vec<&str> = super::section::all().iter().map(|section| section.name).skip(1).collect();
    let hint = match crate::call::suggestion(unknown, known.iter().copied()) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("known are {}", known.join(", ")),
    };
    Err(Error::bad_request(format!("prune: there is no section {unknown:?}; {hint}")))
}

/// Reads a whole product as a document.
pub(super) async fn export(
    reader: &Reader<'_>,
    product: &str,
    organization: Option<&str>,
) -> Result<(Document, Snapshot)> {
    let snapshot = Snapshot::read(reader, product, organization, &Scope::everything()).await?;
    let Some(mut root) = snapshot.product.clone() else {
        return Err(missing_product(reader, product).await?);
    };
    read_values(reader, &snapshot, &mut root).await?;
    Ok((Document { organization: None, root }, snapshot))
}

/// Returns the error that there is no product with a name.
pub(super) async fn missing_product(reader: &Reader<'_>, product: &str) -> Result<Error> {
    let names = super::snapshot::product_names(reader).await?;
    let hint = match crate::call::suggestion(product, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("there are {} others", names.len()),
    };
    Ok(Error::new(ErrorKind::NotFound, format!("no product has the name {product:?}; {hint}")))
}

/// Adds the values of all flags. Their versions are added to what a copy needs.
async fn read_values(reader: &Reader<'_>, snapshot: &Snapshot, root: &mut Item) -> Result<()> {
    let (Some(configs), Some(environments)) = (named("configs"), named("environments")) else {
        return Ok(());
    };
    let at = root.clone();
    let cells = at.below(configs.name).iter().enumerate().flat_map(|(position, config)| {
        at.below(environments.name).iter().map(move |environment| (position, config, environment))
    });
    let cells: Vec<_> = cells.filter(|(_, config, _)| !config.below(VALUES.parent).is_empty()).collect();
    let read = cells.into_iter().map(|(position, config, environment)| {
        async move {
            let cell = Cell::read(reader, &snapshot.registry, config, environment).await?;
            Ok((position, environment.key(environments).to_owned(), cell))
        }
        .boxed()
    });
    let read = in_order(read).await?;
    let mut configs = root.children.get_mut(configs.name);
    for (position, environment, mut cell) in read {
        let config = configs.as_mut().and_then(|configs| configs.get_mut(position));
        let settings = config.and_then(|config| config.children.get_mut(VALUES.parent));
        for setting in settings.into_iter().flatten() {
            let key = setting.fields.get("key").and_then(Value::as_str).unwrap_or_default();
            let Some(value) = cell.values.remove(key) else { continue };
            if let Some(version) = value.version {
                let versions = setting.hidden.entry(VERSIONS).or_insert_with(|| json!({}));
                set(versions, &environment, version);
            }
            if let Some(state) = value.state {
                setting.values.insert(environment.clone(), state);
            }
        }
    }
    Ok(())
}
