//! Segments. Their list does not contain what they compare, so that each is read by a request of its own.

use super::member::Member;
use super::shape::Section;
use crate::operations::segments;

pub(super) static SEGMENTS: Section = Section {
    name: "segments",
    singular: "segment",
    key: "name",
    id: "segmentId",
    list: &segments::LIST,
    items: None,
    get: Some(&segments::GET),
    create: &segments::CREATE,
    update: &segments::UPDATE,
    delete: &segments::DELETE,
    fields: &[
        Member::plain("description"),
        Member::plain("comparisonAttribute"),
        Member::plain("comparator"),
        Member::plain("comparisonValue"),
    ],
    children: &[],
};
