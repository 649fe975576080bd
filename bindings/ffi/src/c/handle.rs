//! Handles: objects that C holds by a pointer.
//!
//! Each handle has a tag that identifies its type. A handle of another type, or one that has been freed, is detected in
//! most cases, but not always: freed memory may have been reused.

use super::failure::{CResult, Failure};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Tag that identifies the type of a handle.
#[derive(Debug)]
pub struct Tag(AtomicU64);

/// Tag of a handle that has been freed.
const FREED: u64 = 0xdead_c0de_dead_c0de;

/// A type that C holds by a pointer.
///
/// # Safety
/// `tag` returns a pointer to a field of the struct, and no two types have the same tag.
pub unsafe trait Handle: Sized {
    /// Name of the type in C.
    const NAME: &'static str;
    /// Expected value of the tag.
    const TAG: u64;

    /// Returns a pointer to the tag.
    fn tag(pointer: *const Self) -> *const Tag;
}

impl Tag {
    pub const fn of<T: Handle>() -> Self {
        Self(AtomicU64::new(T::TAG))
    }
}

/// Implements [`Handle`] for a type.
macro_rules! handle {
    ($name:ident, $tag:literal) => {
        // SAFETY: `tag` is a field of the struct, and every handle type has its own tag value.
        unsafe impl $crate::c::handle::Handle for $name {
            const NAME: &'static str = stringify!($name);
            const TAG: u64 = u64::from_le_bytes(*$tag);

            fn tag(pointer: *const Self) -> *const $crate::c::handle::Tag {
                // SAFETY: only computes the address of the field; reads nothing.
                unsafe { &raw const (*pointer).tag }
            }
        }
    };
}
pub(crate) use handle;

/// Checks that a pointer refers to a handle of the type that has not been freed.
unsafe fn check<T: Handle>(pointer: *const T) -> CResult<()> {
    if pointer.is_null() {
        return Err(Failure::misuse(format!("{} is NULL", T::NAME)));
    }
    if !pointer.is_aligned() {
        return Err(Failure::misuse(format!("the handle is not a {}", T::NAME)));
    }
    match unsafe { &*T::tag(pointer) }.0.load(Relaxed) {
        tag if tag == T::TAG => Ok(()),
        FREED => Err(Failure::misuse(format!("this {} has been freed", T::NAME))),
        _ => Err(Failure::misuse(format!("the handle is not a {}, or has been freed", T::NAME))),
    }
}

/// Borrows a handle.
pub unsafe fn borrow<'a, T: Handle>(pointer: *const T) -> CResult<&'a T> {
    unsafe {
        check(pointer)?;
        Ok(&*pointer)
    }
}

/// Borrows a handle mutably; only one thread may use it at a time.
pub unsafe fn borrow_mut<'a, T: Handle>(pointer: *mut T) -> CResult<&'a mut T> {
    unsafe {
        check(pointer)?;
        Ok(&mut *pointer)
    }
}

/// Borrows an optional handle; NULL is none.
pub unsafe fn optional<'a, T: Handle>(pointer: *const T) -> CResult<Option<&'a T>> {
    if pointer.is_null() { Ok(None) } else { unsafe { borrow(pointer) }.map(Some) }
}

/// Passes ownership of a value to C.
pub fn give<T: Handle>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// Takes ownership back from C. Returns `None` for NULL, for other types, and for handles that have been freed.
pub unsafe fn take<T: Handle>(pointer: *mut T) -> Option<Box<T>> {
    unsafe {
        check(pointer).ok()?;
        (*T::tag(pointer)).0.store(FREED, Relaxed);
        Some(Box::from_raw(pointer))
    }
}
