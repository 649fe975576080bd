//! Strings and values of handles, which are made when they are first used.

use super::super::failure::quiet;
use super::super::handle::{Handle, borrow};
use super::super::text::owned;
use crate::tree::{NodeKind, Tree, Value};
use bytes::Bytes;
use configcat_management::spec::Type;
use serde_json::Value as Json;
use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::OnceLock;

/// A string of a handle.
#[derive(Debug, Default)]
pub struct KeptText(OnceLock<CString>);

/// Returns a string of a handle, which is valid as long as the handle; NULL for NULL.
pub unsafe fn kept<T: Handle>(
    handle: *const T,
    place: impl FnOnce(&T) -> &KeptText,
    write: impl FnOnce(&T) -> String,
) -> *const c_char {
    quiet(ptr::null(), || {
        let handle = unsafe { borrow(handle) }?;
        Ok(place(handle).0.get_or_init(|| owned(&write(handle))).as_ptr())
    })
}

/// Items of a handle, as values that C can read.
#[derive(Default)]
pub struct KeptItems(OnceLock<Option<Tree>>);

impl KeptItems {
    /// Returns a member of an item of the list that `write` returns; `None` if there is no such item, or the member is null.
    pub fn member(&self, write: impl FnOnce() -> Json, index: usize, name: &str) -> Option<Value<'_>> {
        let tree = self.0.get_or_init(|| Tree::read(Bytes::from(write().to_string()), &Type::Any).ok());
        let member = tree.as_ref()?.root()?.children().get(index)?.member(name.as_bytes())?;
        (member.kind() != NodeKind::Null).then_some(member)
    }
}

/// Returns the string of a value; NULL if it is absent or none.
pub fn string_of(value: Option<Value<'_>>) -> *const c_char {
    value.and_then(Value::text).map_or(ptr::null(), <*const u8>::cast)
}
