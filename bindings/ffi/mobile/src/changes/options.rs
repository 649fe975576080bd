//! Options of plans, and promotions.

use configcat_management::changes::{self, Approval, Aspect};

/// Options of a plan. All have defaults.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PlanOptions {
    /// Reason of the changes, which environments may require. At most 1,000 characters.
    #[uniffi(default)]
    pub reason: Option<String>,
    /// What happens to values in environments that require an approval. Default: the plan is not applied.
    #[uniffi(default)]
    pub approval: Option<Approval>,
    /// Sections, such as `tags`, of which everything is deleted that the document does not have. Default: none.
    #[uniffi(default)]
    pub prune: Vec<String>,
    /// Whether entities may be deleted and created again, if a field differs that cannot be changed: the type of a flag, the
    /// evaluation version of a config. Default: no.
    #[uniffi(default)]
    pub allow_replace: bool,
    /// Whether each value is written by a request of its own, with the version that it builds on. By default, several values of a
    /// config in an environment are written by one request, and what others write between reading and writing is lost.
    #[uniffi(default)]
    pub strict: bool,
}

impl From<PlanOptions> for changes::PlanOptions {
    fn from(wanted: PlanOptions) -> Self {
        let mut options = Self::new().approval(wanted.approval.unwrap_or_default());
        options.reason = wanted.reason;
        options.prune = wanted.prune.into_iter().collect();
        options.allow_replace = wanted.allow_replace;
        options.strict = wanted.strict;
        options
    }
}

/// Which values are promoted, and where to.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Promotion {
    /// Name or id of the product.
    pub product: String,
    /// Name of the config.
    pub config: String,
    /// Environment whose values are promoted.
    pub from: String,
    /// Environment that gets them.
    pub to: String,
    /// Keys of the flags. Default: all.
    #[uniffi(default)]
    pub flags: Vec<String>,
    /// Parts of the values. Default: all.
    #[uniffi(default)]
    pub aspects: Vec<Aspect>,
}

impl From<Promotion> for changes::Promotion {
    fn from(wanted: Promotion) -> Self {
        let mut promotion = Self::new(wanted.product, wanted.config, wanted.from, wanted.to);
        promotion.flags = wanted.flags.into_iter().collect();
        promotion.aspects = wanted.aspects.into_iter().collect();
        promotion
    }
}
