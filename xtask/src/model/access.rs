//! The permission that an operation requires of its caller, and the scope of the identifiers in its path. The spec must
//! state both: an operation without them would be open to every caller.

use super::names::Name;
use super::values::text;
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeSet;

/// Narrowest entity that an identifier belongs to. An identifier is visible to the callers who see this entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// No entity, such as for a person or the key of a flag.
    Nothing,
    Organization,
    Product,
    Environment,
}

impl Scope {
    /// Parses `none`, `organization`, `product` or `environment`.
    pub fn read(value: &Value, key: &str) -> Result<Self> {
        Ok(match text(value, key)? {
            "none" => Self::Nothing,
            "organization" => Self::Organization,
            "product" => Self::Product,
            "environment" => Self::Environment,
            other => bail!("`{key}` {other} is not known"),
        })
    }
}

/// Permission that an operation requires of a caller who can see its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Right {
    /// No permission beyond seeing the target.
    View,
    /// Organization admin.
    Admin,
    /// Full access to the environment.
    Write,
    /// At least one of these permissions, granted by the caller's group.
    Permission(Vec<Name>),
}

impl Right {
    /// Parses `x-right` of an operation. `scope` is the narrowest scope among its parameters.
    pub fn read(operation: &Value, scope: Scope, permissions: &BTreeSet<&str>) -> Result<Self> {
        let value = operation.get("x-right").context("`x-right` is missing")?;
        let right = match value {
            Value::String(name) => match name.as_str() {
                "view" => Self::View,
                "admin" => Self::Admin,
                "write" => Self::Write,
                permission => Self::Permission(vec![known(permission, permissions)?]),
            },
            Value::Array(names) if !names.is_empty() => {
                let name = |name: &Value| known(name.as_str().unwrap_or_default(), permissions);
                Self::Permission(names.iter().map(name).collect::<Result<_>>()?)
            }
            other => bail!("`x-right` cannot be {other}"),
        };
        let needed = match right {
            Self::View => Scope::Nothing,
            Self::Admin => Scope::Organization,
            Self::Permission(_) => Scope::Product,
            Self::Write => Scope::Environment,
        };
        ensure!(
            scope >= needed,
            "`x-right` needs a parameter whose scope is {needed:?}, the narrowest is {scope:?}"
        );
        Ok(right)
    }
}

fn known(permission: &str, permissions: &BTreeSet<&str>) -> Result<Name> {
    ensure!(permissions.contains(permission), "`x-right` {permission} is not a permission");
    Ok(Name::new(permission))
}
