//! Names of the members of the document's form, and of the wire's.

pub(super) const DEFAULT: &str = "default";
pub(super) const RULES: &str = "rules";
pub(super) const PERCENTAGE_ATTRIBUTE: &str = "percentageAttribute";
pub(super) const IF: &str = "if";
pub(super) const SERVE: &str = "serve";
pub(super) const PERCENTAGE: &str = "percentage";
pub(super) const VALUE: &str = "value";
pub(super) const HINT: &str = "hint";
pub(super) const USER: &str = "user";
pub(super) const SEGMENT: &str = "segment";
pub(super) const FLAG: &str = "flag";
pub(super) const COMPARATOR: &str = "comparator";
pub(super) const IS_NOT_IN: &str = "isNotIn";
pub(super) const IS_IN: &str = "isIn";
pub(super) const EQUALS: &str = "equals";
pub(super) const DOES_NOT_EQUAL: &str = "doesNotEqual";

/// Comparators that only V1 configs have.
pub(super) const LEGACY: [&str; 2] = ["contains", "doesNotContain"];
