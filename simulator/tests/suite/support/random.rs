//! Reproducible random choices.

use configcat_management::spec::Operation;

/// A linear congruential generator: the same seed makes the same choices on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// Returns the operations that create or change something, and that take a body.
pub fn writes() -> Vec<&'static Operation> {
    let writes = |operation: &&Operation| operation.body.is_some() && !operation.id.contains("delete");
    configcat_management::operations::ALL.iter().copied().filter(writes).collect()
}
