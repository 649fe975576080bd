//! Promotions: flags of an environment get the values that they have in another one.

use super::document::{Document, Item};
use super::flag::{FlagRule, FlagState, Serve};
use super::planning::missing_product;
use super::section::{Section, VALUES, named};
use super::snapshot::{Cell, Reader, Scope, Snapshot};
use crate::call::suggestion;
use crate::error::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Part of a value that is promoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "camelCase")]
pub enum Aspect {
    /// The value that is served if no rule matches.
    Values,
    /// Rules that serve one value.
    Rules,
    /// Rules that serve values by percentage, and the attribute of which percentages are calculated.
    Percentages,
}

/// Which values are promoted, and where to.
///
/// ```
/// use configcat_management::changes::{Aspect, Promotion};
///
/// let release = Promotion::new("Web Shop", "Storefront", "Staging", "Production").flag("newCheckout");
/// let only_rules = release.clone().aspect(Aspect::Rules);
/// # let _ = only_rules;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Promotion {
    /// Name or id of the product.
    pub product: String,
    /// Name of the config.
    pub config: String,
    /// Environment whose values are promoted.
    pub from: String,
    /// Environment that gets them.
    pub to: String,
    /// Keys of the flags; empty means all.
    #[serde(default)]
    pub flags: BTreeSet<String>,
    /// Parts of the values; empty means all. Rules with one value come before those with percentages, if only one of both is
    /// promoted.
    #[serde(default)]
    pub aspects: BTreeSet<Aspect>,
}

impl Promotion {
    /// Promotes all flags of a config from one environment to another.
    pub fn new(
        product: impl Into<String>,
        config: impl Into<String>,
        from: impl Into<String>,
        to: impl Into<String>,
    ) -> Self {
        Self {
            product: product.into(),
            config: config.into(),
            from: from.into(),
            to: to.into(),
            flags: BTreeSet::new(),
            aspects: BTreeSet::new(),
        }
    }

    /// Promotes this flag, and others that are named, but not all.
    #[must_use]
    pub fn flag(mut self, key: impl Into<String>) -> Self {
        self.flags.insert(key.into());
        self
    }

    /// Promotes this part of values, and others that are named, but not all.
    #[must_use]
    pub fn aspect(mut self, aspect: Aspect) -> Self {
        self.aspects.insert(aspect);
        self
    }

    fn has(&self, aspect: Aspect) -> bool {
        self.aspects.is_empty() || self.aspects.contains(&aspect)
    }

    /// Returns the value with the parts that are promoted.
    fn merge(&self, from: &FlagState, to: Option<&FlagState>) -> FlagState {
        let to = to.unwrap_or(from);
        let pick = |aspect: Aspect| if self.has(aspect) { from } else { to };
        let rules = match (self.has(Aspect::Rules), self.has(Aspect::Percentages)) {
            (true, true) => from.rules.clone(),
            (false, false) => to.rules.clone(),
            _ => {
                let is_split = |rule: &&FlagRule| matches!(rule.serve, Serve::Split(_));
                let rules = pick(Aspect::Rules).rules.iter().filter(|rule| !is_split(rule));
                rules.chain(pick(Aspect::Percentages).rules.iter().filter(is_split)).cloned().collect()
            }
        };
        FlagState {
            default: pick(Aspect::Values).default.clone(),
            rules,
            percentage_attribute: pick(Aspect::Percentages).percentage_attribute.clone(),
        }
    }
}

/// Returns the document with the promoted values.
pub(super) async fn document(reader: &Reader<'_>, promotion: &Promotion) -> Result<Document> {
    let (Some(configs), Some(environments)) = (named("configs"), named("environments")) else {
        return Err(Error::bad_request("there are no configs"));
    };
    let mut document = Document::new(&*promotion.product);
    document.root.entry(configs, &promotion.config).children.insert(VALUES.parent, Vec::new());
    let scope = Scope::of(&document.root, &BTreeSet::new());
    let snapshot = Snapshot::read(reader, &promotion.product, None, &scope).await?;
    let Some(product) = &snapshot.product else {
        return Err(missing_product(reader, &promotion.product).await?);
    };
    let config = found(product, configs, &promotion.config)?;
    let (from, to) =
        (found(product, environments, &promotion.from)?, found(product, environments, &promotion.to)?);
    let settings = config.below(VALUES.parent);
    for flag in &promotion.flags {
        if !settings.iter().any(|setting| setting.text("key") == Some(flag)) {
            let known = settings.iter().filter_map(|setting| setting.text("key"));
            return Err(missing("flag", flag, known));
        }
    }
    let source = Cell::read(reader, &snapshot.registry, config, from).await?;
    let partial = !promotion.aspects.is_empty();
    let target =
        if partial { Cell::read(reader, &snapshot.registry, config, to).await? } else { Cell::default() };
    let Some(section) = named(VALUES.parent) else { return Ok(document) };
    let desired = document.root.entry(configs, &promotion.config);
    for (key, value) in source.values {
        let wanted = promotion.flags.is_empty() || promotion.flags.contains(&key);
        let Some(state) = value.state.filter(|_| wanted) else { continue };
        let to = target.values.get(&key).and_then(|value| value.state.as_ref());
        desired.entry(section, &key).values.insert(promotion.to.clone(), promotion.merge(&state, to));
    }
    Ok(document)
}

fn found<'a>(product: &'a Item, section: &'static Section, name: &str) -> Result<&'a Item> {
    product.find(section, name).ok_or_else(|| {
        missing(section.singular, name, product.below(section.name).iter().map(|item| item.key(section)))
    })
}

fn missing<'a>(singular: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let hint = suggestion(name, known).map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
    Error::new(ErrorKind::NotFound, format!("there is no {singular} {name:?}{hint}"))
}
