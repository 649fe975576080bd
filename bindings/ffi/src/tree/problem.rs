//! Why a document cannot be parsed, and where.

/// Why a document cannot be parsed.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// JSON path by wire names, such as `[1].order`.
    pub path: String,
    pub message: String,
}

impl Problem {
    /// A problem of the value itself.
    pub(super) const fn new(message: String) -> Self {
        Self { path: String::new(), message }
    }

    /// The problem as one of a member of the value that contains it.
    pub(super) fn step(mut self, step: &str) -> Self {
        let joint = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{step}{joint}{}", self.path);
        self
    }

    /// The problem as one of an item of the list that contains it.
    pub(super) fn at_item(self, index: usize) -> Self {
        self.step(&format!("[{index}]"))
    }
}
