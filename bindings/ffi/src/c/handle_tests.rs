//! Tests handles as C uses them.

use super::{Handle, borrow, borrow_mut, claim, give, take};
use std::cell::Cell;
use std::ptr;
use std::rc::Rc;
use std::sync::atomic::Ordering::Release;

/// A type whose fields Rust would sort before a tag.
struct Wide {
    drops: Rc<Cell<u32>>,
    text: String,
}

struct Narrow(u8);

#[repr(align(64))]
struct Aligned(u8);

// SAFETY: each type has its own tag.
unsafe impl Handle for Wide {
    const NAME: &'static str = "wide";
    const TAG: u64 = 1;
}
unsafe impl Handle for Narrow {
    const NAME: &'static str = "narrow";
    const TAG: u64 = 2;
}
unsafe impl Handle for Aligned {
    const NAME: &'static str = "aligned";
    const TAG: u64 = 3;
}

impl Drop for Wide {
    fn drop(&mut self) {
        self.drops.set(self.drops.get() + 1);
    }
}

fn wide() -> (*mut Wide, Rc<Cell<u32>>) {
    let drops = Rc::new(Cell::new(0));
    (give(Wide { drops: Rc::clone(&drops), text: "kept".to_owned() }), drops)
}

#[test]
fn handle_is_dropped_once_by_take() {
    let (handle, drops) = wide();
    unsafe {
        assert_eq!(borrow(handle).map(|wide| wide.text.as_str()).ok(), Some("kept"));
        borrow_mut(handle).map(|wide| wide.text.push('!')).ok();
        assert_eq!(take(handle).map(|wide| wide.text.clone()).as_deref(), Some("kept!"));
    }
    assert_eq!(drops.get(), 1);
}

#[test]
fn handle_of_another_type_is_left_alone() {
    let (handle, drops) = wide();
    let narrow = give(Narrow(7));
    let aligned = give(Aligned(9));
    unsafe {
        assert!(take(handle.cast::<Narrow>()).is_none() && take(handle.cast::<Aligned>()).is_none());
        assert!(take(narrow.cast::<Wide>()).is_none() && take(narrow.cast::<Aligned>()).is_none());
        assert!(take(aligned.cast::<Wide>()).is_none() && take(aligned.cast::<Narrow>()).is_none());
        assert!(take(ptr::null_mut::<Wide>()).is_none());
        assert!(take(handle.byte_add(1)).is_none(), "a pointer that is not aligned is not a handle");
        assert_eq!(drops.get(), 0);
        assert!(take(handle).is_some());
        assert_eq!(take(narrow).map(|narrow| narrow.0), Some(7));
        assert_eq!(take(aligned).map(|aligned| aligned.0), Some(9));
    }
}

#[test]
fn racing_threads_take_a_handle_once() {
    // The memory of a handle may be reused as soon as it has been taken. So that every thread finds the tag, this test only
    // claims the handle, which is the first half of `take`.
    let handle = give(Narrow(1));
    let tag = unsafe { super::tag(handle) }.ok().expect("it is a handle");
    let taken: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| usize::from(claim::<Narrow>(tag)))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(taken, 1);
    assert!(unsafe { take(handle) }.is_none(), "the tag says that it has been freed");
    tag.store(Narrow::TAG, Release);
    assert!(unsafe { take(handle) }.is_some());
}
