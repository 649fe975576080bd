//! What the service will refuse: values in environments that need a reason, an approval, or rights.

use super::options::{Approval, PlanOptions};
use super::requests::note;
use super::step::Step;
use crate::changes::document::Item;
use crate::changes::section::named;
use crate::changes::snapshot::Cell;

/// What a change of a value in an environment needs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Conditions {
    read_only: bool,
    reason_required: bool,
    approve_required: bool,
    can_bypass: bool,
}

impl Conditions {
    /// As the service reports it.
    pub(super) const fn of(cell: &Cell) -> Self {
        Self {
            read_only: cell.read_only,
            reason_required: cell.reason_required,
            approve_required: cell.approve_required,
            can_bypass: cell.can_bypass,
        }
    }

    /// In an environment or a config that does not exist yet, as far as the preferences of the product tell.
    pub(super) fn of_preferences(product: Option<&Item>, environment: &str) -> Self {
        let environment = product.and_then(|product| product.find(named("environments")?, environment));
        let requires = |name: &str| {
            let of = |item: Option<&Item>| item?.fields.get(name)?.as_bool();
            of(product).unwrap_or_default() || of(environment).unwrap_or_default()
        };
        Self {
            reason_required: requires("reasonRequired"),
            approve_required: requires("approveRequired"),
            // Unknown until it exists.
            can_bypass: true,
            read_only: false,
        }
    }

    /// Notes in a step that it would be refused, or what is done instead.
    pub(super) fn apply(self, options: &PlanOptions, step: &mut Step) {
        let environment = step.path.last().cloned().unwrap_or_default();
        let refused = if self.read_only {
            Some(format!("the credentials may only read in {environment}"))
        } else if self.reason_required && options.reason.as_deref().is_none_or(str::is_empty) {
            Some(format!("{environment} requires a reason (reason)"))
        } else if !self.approve_required {
            None
        } else {
            match options.approval {
                Approval::Refuse => {
                    Some(format!("{environment} requires an approval (approval: request or bypass)"))
                }
                Approval::Bypass if !self.can_bypass => {
                    Some(format!("the credentials may not bypass the approval that {environment} requires"))
                }
                Approval::Bypass => None,
                Approval::Request => {
                    step.note = note(options.approval).map(str::to_owned);
                    None
                }
            }
        };
        if refused.is_some() {
            step.refused = refused;
        }
    }
}
