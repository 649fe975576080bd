//! Copies of products in simulators.

use super::options::PlanOptions;
use super::plan::NativePlan;
use crate::client::NativeClient;
use crate::error::ConfigCatError;
use configcat_management::changes::{Jobs, ProductSeed};
use std::sync::Arc;

/// A product for a simulator.
#[derive(Clone, uniffi::Record)]
pub struct ProductCopy {
    /// Seed of the simulator, as JSON.
    pub seed: String,
    /// Name of the product.
    pub name: String,
    /// Secrets that cannot be read, and are placeholders in the copy, in words.
    pub placeholders: Vec<String>,
}

/// Omits the seed, which has SDK keys.
impl std::fmt::Debug for ProductCopy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProductCopy").field("name", &self.name).finish_non_exhaustive()
    }
}

#[uniffi::export]
impl NativeClient {
    /// Reads a product as the seed of a simulator.
    ///
    /// # Errors
    /// There is no such product, several have the name, or a call fails.
    pub async fn copy_product(&self, product: String) -> Result<ProductCopy, ConfigCatError> {
        let calls = self.calls();
        let seed = self.make(async move { Jobs(&calls).export_seed(&product).await }).await?;
        let copy = ProductSeed(&seed);
        Ok(ProductCopy {
            name: copy.name().to_owned(),
            placeholders: copy.placeholders(),
            seed: seed.to_string(),
        })
    }

    /// Plans what has been changed in a simulator with a copy of a product, from a simulator with an untouched copy.
    ///
    /// # Errors
    /// A call fails.
    pub async fn changes_since(
        &self,
        untouched: Arc<Self>,
        product: String,
        options: PlanOptions,
    ) -> Result<Arc<NativePlan>, ConfigCatError> {
        let (calls, before) = (self.calls(), untouched.calls());
        let plan = async move { Jobs(&calls).changes_since(Jobs(&before), &product, options.into()).await };
        Ok(Arc::new(NativePlan(self.make(plan).await?)))
    }
}
