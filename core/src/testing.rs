//! Models of responses for tests of your own code. Needs the feature `testing`, as a dev-dependency:
//!
//! ```toml
//! [dev-dependencies]
//! configcat-management = { version = "*", features = ["testing"] }
//! ```
//!
//! With the feature, every model of a response has a default value: empty strings and lists, zeros, `None`, the first value of an
//! enum, the Unix epoch. [`build`] changes what a test is about. Code that does this still compiles when the service adds a
//! field, because it does not list the fields.
//!
//! ```
//! use configcat_management::models::Product;
//! use configcat_management::testing::build;
//!
//! let shop: Product = build(|product: &mut Product| product.name = "Shop".into());
//! assert_eq!((shop.name.as_str(), shop.description), ("Shop", None));
//! ```

/// Returns the default value of a model after a change.
#[must_use]
pub fn build<T: Default>(change: impl FnOnce(&mut T)) -> T {
    let mut value = T::default();
    change(&mut value);
    value
}
