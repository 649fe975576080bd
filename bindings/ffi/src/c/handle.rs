//! Handles: what C holds by a pointer.
//!
//! Each has a tag that says what it is. A handle of another kind, or one that has been freed, is noticed in most
//! cases: memory that was given back may hold anything.

use super::failure::{Failure, Outcome};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What tells handles apart.
#[derive(Debug)]
pub struct Tag(AtomicU64);

/// What stands in place of the tag of a handle that has been freed.
const FREED: u64 = 0xdead_c0de_dead_c0de;

/// Something that C holds.
///
/// # Safety
/// `tag` gives the place of a field of the struct, and no two kinds have the same tag.
pub unsafe trait Handle: Sized {
    /// What it is called in C.
    const NAME: &'static str;
    /// What the tag has to be.
    const TAG: u64;

    /// Where the tag is.
    fn tag(pointer: *const Self) -> *const Tag;
}

impl Tag {
    pub const fn of<T: Handle>() -> Self {
        Self(AtomicU64::new(T::TAG))
    }
}

/// Declares a handle.
macro_rules! handle {
    ($name:ident, $tag:literal) => {
        // SAFETY: a field of the struct; every handle has a tag of its own.
        unsafe impl $crate::c::handle::Handle for $name {
            const NAME: &'static str = stringify!($name);
            const TAG: u64 = u64::from_le_bytes(*$tag);

            fn tag(pointer: *const Self) -> *const $crate::c::handle::Tag {
                // SAFETY: only the place is reckoned, nothing is read.
                unsafe { &raw const (*pointer).tag }
            }
        }
    };
}
pub(crate) use handle;

/// Whether a pointer leads to a living handle of the kind.
unsafe fn check<T: Handle>(pointer: *const T) -> Outcome<()> {
    if pointer.is_null() {
        return Err(Failure::misuse(format!("{} is NULL", T::NAME)));
    }
    if !pointer.is_aligned() {
        return Err(Failure::misuse(format!("this is no {}", T::NAME)));
    }
    match unsafe { &*T::tag(pointer) }.0.load(Relaxed) {
        tag if tag == T::TAG => Ok(()),
        FREED => Err(Failure::misuse(format!("this {} has been freed", T::NAME))),
        _ => Err(Failure::misuse(format!("this is no {}, or one that has been freed", T::NAME))),
    }
}

/// Looks at a handle.
pub unsafe fn borrow<'a, T: Handle>(pointer: *const T) -> Outcome<&'a T> {
    unsafe {
        check(pointer)?;
        Ok(&*pointer)
    }
}

/// Changes a handle that only one thread uses at a time.
pub unsafe fn borrow_mut<'a, T: Handle>(pointer: *mut T) -> Outcome<&'a mut T> {
    unsafe {
        check(pointer)?;
        Ok(&mut *pointer)
    }
}

/// Looks at a handle that may be left out.
pub unsafe fn optional<'a, T: Handle>(pointer: *const T) -> Outcome<Option<&'a T>> {
    if pointer.is_null() { Ok(None) } else { unsafe { borrow(pointer) }.map(Some) }
}

/// Hands something over to C.
pub fn give<T: Handle>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// Takes back what C gives up; nothing for NULL, or for what is no living handle of the kind.
pub unsafe fn take<T: Handle>(pointer: *mut T) -> Option<Box<T>> {
    unsafe {
        check(pointer).ok()?;
        (*T::tag(pointer)).0.store(FREED, Relaxed);
        Some(Box::from_raw(pointer))
    }
}
