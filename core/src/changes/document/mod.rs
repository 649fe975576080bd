//! Documents: the desired state of a product, or of a part of it, by names and without ids.

mod convert;
mod item;
mod model;
mod place;
mod read;
mod tidy;
mod write;
mod yaml;

pub(crate) use convert::{from_value, to_value};
pub(crate) use item::Item;
pub use model::Document;
#[doc(hidden)]
pub use yaml::yaml_options;
