//! The tree of sections.

use super::product::PRODUCT;
use super::shape::Section;

/// Finds a section by its name.
pub(crate) fn named(name: &str) -> Option<&'static Section> {
    all().into_iter().find(|section| section.name == name)
}

/// Every section, parents before children.
pub(crate) fn all() -> Vec<&'static Section> {
    let mut found: Vec<&'static Section> = vec![&PRODUCT];
    let mut next = 0;
    while let Some(section) = found.get(next) {
        found.extend(section.children);
        next += 1;
    }
    found
}
