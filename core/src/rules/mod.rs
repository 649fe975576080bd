//! Targeting rules that fit on a line.
//!
//! ```
//! use configcat_management::models::{UpdateEvaluationFormula, UpdateTargetingRule};
//! use configcat_management::rules::when;
//!
//! let testers = UpdateTargetingRule::serve(true).condition(when::email().ends_with_any_of(["@example.com"]));
//! let some = UpdateTargetingRule::split([(20, true), (80, false)]).condition(when::country().equals("Norway"));
//! let formula = UpdateEvaluationFormula::new(false).targeting_rules(vec![testers, some]);
//! assert_eq!(
//!     serde_json::to_value(&formula)?["targetingRules"][0]["conditions"][0]["userCondition"],
//!     serde_json::json!({
//!         "comparisonAttribute": "Email",
//!         "comparator": "textEndsWithAnyOf",
//!         "comparisonValue": { "listValue": [{ "value": "@example.com" }] },
//!     })
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! Each comparator takes one type of value, and the method of an [`Attribute`] that is named for it takes no other.
//! [`UserComparator::takes`](crate::models::UserComparator::takes) returns the type.

mod attribute;
mod rule;
pub mod when;

pub use attribute::{Attribute, ComparisonType, Flag, Segment};
