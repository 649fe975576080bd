//! Handles: objects that C holds by a pointer.
//!
//! Each handle begins with a tag that identifies its type. A handle of another type is always detected. A handle that has been
//! freed is detected in most cases, but not always: its memory may have been reused. Of several threads that free the same
//! handle, only one frees it; the others must still find its memory, which only the caller can guarantee.

use super::failure::{CResult, Failure};
use std::mem::offset_of;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tag of a handle that has been freed.
const FREED: u64 = 0xdead_c0de_dead_c0de;

/// A type that C holds by a pointer.
///
/// # Safety
/// No two types have the same tag.
pub unsafe trait Handle: Sized {
    /// Name of the type in C.
    const NAME: &'static str;
    /// Expected value of the tag.
    const TAG: u64;
}

/// What the pointer of a handle refers to. The tag is at the same place in every handle, so that it can be read before the
/// type of the handle is known.
#[repr(C)]
struct Tagged<T> {
    tag: AtomicU64,
    value: T,
}

/// Implements [`Handle`] for a type.
macro_rules! handle {
    ($name:ident, $tag:literal) => {
        // SAFETY: every handle type has its own tag value; a test in C passes every type as every other.
        unsafe impl $crate::c::handle::Handle for $name {
            const NAME: &'static str = stringify!($name);
            const TAG: u64 = u64::from_le_bytes(*$tag);
        }
    };
}
pub(crate) use handle;

/// Finds the tag of a handle of any type.
unsafe fn tag<'a, T: Handle>(pointer: *const T) -> CResult<&'a AtomicU64> {
    const { assert!(offset_of!(Tagged<T>, tag) == 0, "the tag must come first") };
    if pointer.is_null() {
        return Err(Failure::misuse(format!("{} is NULL", T::NAME)));
    }
    // Only the alignment of the tag matters, because that of the value depends on the type.
    let tag = pointer.cast::<AtomicU64>();
    if !tag.is_aligned() {
        return Err(Failure::misuse(format!("the handle is not a {}", T::NAME)));
    }
    // SAFETY: the pointer is aligned, and the caller passes a handle, each of which begins with a tag.
    Ok(unsafe { &*tag })
}

fn unexpected<T: Handle>(tag: u64) -> Failure {
    Failure::misuse(match tag {
        FREED => format!("this {} has been freed", T::NAME),
        _ => format!("the handle is not a {}, or has been freed", T::NAME),
    })
}

/// Checks that a pointer refers to a handle of the type that has not been freed.
unsafe fn check<T: Handle>(pointer: *const T) -> CResult<*const Tagged<T>> {
    match unsafe { tag(pointer) }?.load(Ordering::Acquire) {
        found if found == T::TAG => Ok(pointer.cast()),
        other => Err(unexpected::<T>(other)),
    }
}

/// Borrows a handle.
pub unsafe fn borrow<'a, T: Handle>(pointer: *const T) -> CResult<&'a T> {
    unsafe {
        let handle = check(pointer)?;
        Ok(&(*handle).value)
    }
}

/// Borrows a handle mutably; only one thread may use it at a time.
pub unsafe fn borrow_mut<'a, T: Handle>(pointer: *mut T) -> CResult<&'a mut T> {
    unsafe {
        let handle = check(pointer)?.cast_mut();
        Ok(&mut (*handle).value)
    }
}

/// Borrows an optional handle; NULL is none.
pub unsafe fn optional<'a, T: Handle>(pointer: *const T) -> CResult<Option<&'a T>> {
    if pointer.is_null() { Ok(None) } else { unsafe { borrow(pointer) }.map(Some) }
}

/// Passes ownership of a value to C.
pub fn give<T: Handle>(value: T) -> *mut T {
    Box::into_raw(Box::new(Tagged { tag: AtomicU64::new(T::TAG), value })).cast()
}

/// Marks a handle as freed. Returns whether it was a handle of the type until now, which is true for one thread only.
fn claim<T: Handle>(tag: &AtomicU64) -> bool {
    tag.compare_exchange(T::TAG, FREED, Ordering::AcqRel, Ordering::Acquire).is_ok()
}

/// Takes ownership back from C. Returns `None` for NULL, for other types, and for handles that have been freed. If several
/// threads take the same handle, one of them receives it.
pub unsafe fn take<T: Handle>(pointer: *mut T) -> Option<T> {
    if !claim::<T>(unsafe { tag(pointer) }.ok()?) {
        return None;
    }
    // SAFETY: the tag proves that `give` made the handle, and only one thread exchanges it.
    let handle = unsafe { Box::from_raw(pointer.cast::<Tagged<T>>()) };
    Some(handle.value)
}

#[cfg(test)]
#[path = "handle_tests.rs"]
mod tests;
