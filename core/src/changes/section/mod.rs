//! Sections of documents: one kind of entity each. A section says which operations list, create, update and delete its entities,
//! and what their fields are. Everything else is derived from that and from the spec.

mod all;
mod configs;
mod environments;
mod integrations;
mod member;
mod permission_groups;
mod product;
mod rank;
mod segments;
mod settings;
mod shape;
mod tags;

pub(crate) use all::{all, named};
pub(crate) use member::{Member, Role};
pub(crate) use product::{ENVIRONMENT_PREFERENCES, PREFERENCES, PRODUCT};
pub(crate) use rank::{RELAXED, TIGHTENED, rank};
pub(crate) use shape::{Section, VALUES};
