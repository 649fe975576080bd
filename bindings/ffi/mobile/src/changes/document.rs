//! Documents of products.

use crate::error::ConfigCatError;
use configcat_management::changes::Document;
use std::sync::Arc;

/// Desired state of a product, or of a part of it.
#[derive(Debug, uniffi::Object)]
pub struct NativeDocument(pub(super) Document);

#[uniffi::export]
impl NativeDocument {
    /// Creates a document about a product that mentions nothing else.
    #[uniffi::constructor]
    #[must_use]
    pub fn new(product: String) -> Self {
        Self(Document::new(product))
    }

    /// Parses a document from YAML or JSON.
    ///
    /// # Errors
    /// It is not a document.
    #[uniffi::constructor]
    pub fn parse(text: &str) -> Result<Self, ConfigCatError> {
        Ok(Self(Document::from_yaml(text)?))
    }

    /// Name of the product.
    #[must_use]
    pub fn product(&self) -> String {
        self.0.product().to_owned()
    }

    /// Name or id of the organization.
    #[must_use]
    pub fn organization(&self) -> Option<String> {
        self.0.organization().map(str::to_owned)
    }

    /// Returns the document with the product under another name, or in another organization.
    #[must_use]
    pub fn renamed(&self, product: Option<String>, organization: Option<String>) -> Arc<Self> {
        Arc::new(Self(self.0.clone().renamed(product.as_deref(), organization.as_deref())))
    }

    /// Writes the document as YAML.
    #[must_use]
    pub fn yaml(&self) -> String {
        self.0.to_yaml()
    }

    /// Writes the document as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        self.0.to_json()
    }

    /// Whether both say the same.
    #[must_use]
    pub fn same_as(&self, other: Arc<Self>) -> bool {
        self.0 == other.0
    }
}
