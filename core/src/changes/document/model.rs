//! The document itself.

use super::item::Item;
use super::read::ItemOf;
use super::write::write_below;
use super::{place, yaml};
use crate::changes::section::PRODUCT;
use crate::error::{Error, Result};
use serde::de::{DeserializeSeed as _, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::fmt;

/// Member with the name of the product.
const NAME: &str = "product";
/// Member with the name of the organization.
const ORGANIZATION: &str = "organization";

/// Desired state of a product, or of a part of it. What a document does not mention is left alone.
///
/// ```
/// use configcat_management::changes::Document;
///
/// let document = Document::from_yaml(r#"
/// product: Web Shop
/// configs:
///   - name: Storefront
///     settings:
///       - key: newCheckout
///         name: New checkout
///         settingType: boolean
///         values: { Test: true, Production: false }
/// "#)?;
/// assert_eq!(document.product(), "Web Shop");
/// assert_eq!(Document::from_json(&document.to_json())?, document);
/// # Ok::<(), configcat_management::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub(crate) organization: Option<String>,
    pub(crate) root: Item,
}

impl Document {
    /// Creates a document about a product that mentions nothing else.
    pub fn new(product: impl Into<String>) -> Self {
        Self { organization: None, root: Item::named(&PRODUCT, &product.into()) }
    }

    /// Name of the product.
    #[must_use]
    pub fn product(&self) -> &str {
        self.root.key(&PRODUCT)
    }

    /// Name or id of the organization, in which a product is created that does not exist.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.organization.as_deref()
    }

    /// Returns the document with the product under another name, or in another organization.
    #[must_use]
    pub fn renamed(mut self, product: Option<&str>, organization: Option<&str>) -> Self {
        if let Some(name) = product {
            self.root.fields.insert(PRODUCT.key.to_owned(), name.into());
        }
        if let Some(organization) = organization {
            self.organization = Some(organization.to_owned());
        }
        self
    }

    /// Returns the document of a whole product with what it does not mention, so that a plan removes it elsewhere. For the mirror.
    #[doc(hidden)]
    #[must_use]
    pub fn completed(mut self) -> Self {
        self.root = self.root.completed(&PRODUCT);
        self
    }

    /// Parses a document from YAML, of which JSON is a part.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) with the place of the first mistake: the path, and line and
    /// column.
    pub fn from_yaml(text: &str) -> Result<Self> {
        yaml::read(text).map_err(|message| {
            let plain = yaml::without_places(&message);
            let place = place::find(text, plain);
            invalid(&place.map_or_else(|| message.clone(), |place| format!("{plain} ({place})")))
        })
    }

    /// Parses a document from JSON.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) with the place of the first mistake: the path, and line and
    /// column.
    pub fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            if !error.is_data() {
                return invalid(&message);
            }
            // Each level has added the place where it ends.
            let plain = message.split(" at line ").next().unwrap_or(&message);
            match place::find(text, plain) {
                Some(place) => invalid(&format!("{plain} ({place})")),
                None => invalid(&message),
            }
        })
    }

    /// Reads a document from JSON that has been parsed.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) with the path of the first mistake.
    pub fn from_value(value: Value) -> Result<Self> {
        serde_json::from_value(value).map_err(|error| invalid(&error))
    }

    /// Writes the document as YAML.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        yaml::write(self)
    }

    /// Writes the document as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        // All keys are strings.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// Returns the error for a document that cannot be read.
fn invalid(error: &impl fmt::Display) -> Error {
    Error::bad_request(format!("invalid document: {error}"))
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document: an object with the name of a product")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Document, A::Error> {
        let mut organization = None;
        let renamed = Renamed { members, organization: &mut organization };
        let root = ItemOf(&PRODUCT).deserialize(serde::de::value::MapAccessDeserializer::new(renamed))?;
        Ok(Document { organization, root })
    }
}

/// Reads `product` as the key of the product, and keeps `organization`.
struct Renamed<'a, A> {
    members: A,
    organization: &'a mut Option<String>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Renamed<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: serde::de::DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        loop {
            let Some(name) = self.members.next_key::<String>()? else { return Ok(None) };
            if name == ORGANIZATION {
                *self.organization = Some(self.members.next_value()?);
                continue;
            }
            let name = match name.as_str() {
                NAME => PRODUCT.key.to_owned(),
                // The member of a document is `product`.
                other if other == PRODUCT.key => format!("{other} (of the document; use {NAME})"),
                _ => name,
            };
            return seed.deserialize(serde::de::value::StringDeserializer::new(name)).map(Some);
        }
    }

    fn next_value_seed<V: serde::de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.members.next_value_seed(seed)
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry(NAME, self.product())?;
        if let Some(organization) = &self.organization {
            members.serialize_entry(ORGANIZATION, organization)?;
        }
        write_below(&PRODUCT, &self.root, &mut members)?;
        members.end()
    }
}
