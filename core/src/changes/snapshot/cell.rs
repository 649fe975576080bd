//! Values of the flags of one config in one environment.

use super::reader::Reader;
use super::registry::Registry;
use crate::changes::document::Item;
use crate::changes::flag::{FlagState, Names};
use crate::changes::section::VALUES;
use crate::error::Result;
use crate::models::{ConfigSettingFormulas, ConfigSettingValues};
use crate::operations;
use std::collections::BTreeMap;

/// Values of a config in an environment, and what the service says about changing them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    /// Whether the caller cannot change them.
    pub(crate) read_only: bool,
    /// Whether a change needs a reason.
    pub(crate) reason_required: bool,
    /// Whether a change needs an approval.
    pub(crate) approve_required: bool,
    /// Whether the caller may do without the approval.
    pub(crate) can_bypass: bool,
    /// Values by the key of the flag.
    pub(crate) values: BTreeMap<String, CellValue>,
}

/// Value of a flag.
#[derive(Debug, Clone)]
pub(crate) struct CellValue {
    /// The value; `None` if it has parts that this version does not know.
    pub(crate) state: Option<FlagState>,
    /// Version of the value, which V1 configs do not have.
    pub(crate) version: Option<String>,
}

/// Names for the conditions of a config.
struct ConfigNames<'a> {
    registry: &'a Registry,
    keys: BTreeMap<i32, &'a str>,
}

impl Names for ConfigNames<'_> {
    fn segment(&self, id: &str) -> Option<&str> {
        self.registry.name("segments", id)
    }

    fn flag(&self, id: i32) -> Option<&str> {
        self.keys.get(&id).copied()
    }
}

impl Cell {
    /// Reads the values of a config in an environment.
    pub(crate) async fn read(
        reader: &Reader<'_>,
        registry: &Registry,
        config: &Item,
        environment: &Item,
    ) -> Result<Self> {
        let settings = config.below(VALUES.parent).iter();
        let keys = settings.filter_map(|item| Some((item.id.as_deref()?.parse().ok()?, item.text("key")?)));
        let names = ConfigNames { registry, keys: keys.collect() };
        let (config_id, environment_id) =
            (config.id.as_deref().unwrap_or_default(), environment.id.as_deref().unwrap_or_default());
        let v1 = config.text("evaluationVersion") == Some("v1");
        let mut cell = if v1 {
            Self::read_v1(reader, &names, config_id, environment_id).await?
        } else {
            Self::read_v2(reader, &names, config_id, environment_id).await?
        };
        let requires = |name: &str| environment.fields.get(name).is_some_and(|value| value == true);
        cell.reason_required |= requires("reasonRequired");
        cell.approve_required |= requires("approveRequired") && !v1;
        Ok(cell)
    }

    async fn read_v2(
        reader: &Reader<'_>,
        names: &ConfigNames<'_>,
        config: &str,
        environment: &str,
    ) -> Result<Self> {
        let path = [("configId", config), ("environmentId", environment)];
        let read: ConfigSettingFormulas = reader.read(&operations::flag_values::GET_ALL, &path).await?;
        let mut cell = Self {
            read_only: read.read_only,
            reason_required: read.reason_required,
            approve_required: read.approve_required,
            can_bypass: read.can_bypass_approval,
            values: BTreeMap::new(),
        };
        for value in read.setting_formulas {
            let state = FlagState::from_v2(
                value.default_value,
                value.targeting_rules,
                value.percentage_evaluation_attribute,
                names,
            );
            let version = Some(value.last_version_id.to_string());
            cell.values.insert(value.setting.key, CellValue { state, version });
        }
        Ok(cell)
    }

    async fn read_v1(
        reader: &Reader<'_>,
        names: &ConfigNames<'_>,
        config: &str,
        environment: &str,
    ) -> Result<Self> {
        let path = [("configId", config), ("environmentId", environment)];
        let read: ConfigSettingValues = reader.read(&operations::values::GET_ALL, &path).await?;
        let mut cell = Self { read_only: read.read_only, ..Self::default() };
        for value in read.setting_values {
            let state =
                FlagState::from_v1(value.value, value.rollout_rules, value.rollout_percentage_items, names);
            cell.values.insert(value.setting.key, CellValue { state, version: None });
        }
        Ok(cell)
    }
}
