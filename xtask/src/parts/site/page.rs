//! Page of the site that is made from something other than a page of the repository.

/// Page as Markdown.
pub struct Page {
    /// Path in the site.
    pub path: String,
    pub text: String,
}
