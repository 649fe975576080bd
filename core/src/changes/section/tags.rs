//! Tags.

use super::member::Member;
use super::shape::Section;
use crate::operations::tags;

pub(super) static TAGS: Section = Section {
    name: "tags",
    singular: "tag",
    key: "name",
    id: "tagId",
    list: &tags::LIST,
    items: None,
    get: None,
    create: &tags::CREATE,
    update: &tags::UPDATE,
    delete: &tags::DELETE,
    fields: &[Member::plain("color")],
    children: &[],
};
