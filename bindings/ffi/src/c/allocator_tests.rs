//! Tests the alignment of memory from an allocator that guarantees no more than it must.

use super::{ALIGNMENT, Foreign, is_aligned_by_malloc};
use std::alloc::{Layout, System};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::c_void;
use std::ptr;

thread_local! {
    /// Memory in use: the block that contains it, and its size.
    static LIVE: RefCell<HashMap<*mut u8, (*mut u8, usize)>> = RefCell::default();
}

/// Layout of the blocks. Memory begins inside a block, so that it is aligned no better than required.
fn block(size: usize) -> Layout {
    Layout::from_size_align(size + 4096, 4096).unwrap()
}

/// The alignment that malloc() must guarantee for a size: that of the largest object that fits.
fn guaranteed(size: usize) -> usize {
    if size == 0 { 1 } else { (1 << size.ilog2()).min(ALIGNMENT) }
}

unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
    let block_start = unsafe { std::alloc::GlobalAlloc::alloc(&System, block(size)) };
    let memory = unsafe { block_start.add(guaranteed(size)) };
    LIVE.with_borrow_mut(|live| live.insert(memory, (block_start, size)));
    memory.cast()
}

unsafe extern "C" fn free(memory: *mut c_void) {
    let found = LIVE.with_borrow_mut(|live| live.remove(&memory.cast()));
    let (block_start, size) = found.expect("only memory of malloc is freed");
    unsafe { std::alloc::GlobalAlloc::dealloc(&System, block_start, block(size)) };
}

unsafe extern "C" fn realloc(memory: *mut c_void, size: usize) -> *mut c_void {
    let old = LIVE.with_borrow(|live| live.get(&memory.cast()).map(|(_, size)| *size));
    unsafe {
        let moved = malloc(size);
        ptr::copy_nonoverlapping(memory.cast::<u8>(), moved.cast::<u8>(), old.unwrap().min(size));
        free(memory);
        moved
    }
}

const MINIMAL: Foreign = Foreign { malloc, realloc, free };

fn fill(memory: *mut u8, size: usize) {
    for i in 0..size {
        unsafe { memory.add(i).write(i.to_le_bytes()[0]) };
    }
}

fn is_filled(memory: *mut u8, size: usize) -> bool {
    (0..size).all(|i| unsafe { memory.add(i).read() } == i.to_le_bytes()[0])
}

#[test]
fn memory_has_the_alignment_of_its_layout() {
    for align in (0..12).map(|power| 1_usize << power) {
        for size in [1, 3, 4, 8, 15, 16, 17, 64, 1000] {
            let layout = Layout::from_size_align(size, align).unwrap();
            unsafe {
                let memory = MINIMAL.alloc(layout);
                assert!(memory.addr().is_multiple_of(align), "{layout:?}");
                fill(memory, size);
                MINIMAL.dealloc(memory, layout);
            }
        }
    }
    assert!(LIVE.with_borrow(HashMap::is_empty));
}

#[test]
fn resized_memory_keeps_alignment_and_contents() {
    for align in (0..8).map(|power| 1_usize << power) {
        for (from, to) in [(1, 100), (100, 1), (8, 16), (16, 8), (24, 4000), (64, 64)] {
            let layout = Layout::from_size_align(from, align).unwrap();
            unsafe {
                let memory = MINIMAL.alloc(layout);
                fill(memory, from);
                let moved = MINIMAL.realloc(memory, layout, to);
                assert!(moved.addr().is_multiple_of(align), "{layout:?} to {to}");
                assert!(is_filled(moved, from.min(to)), "{layout:?} to {to}");
                MINIMAL.dealloc(moved, Layout::from_size_align(to, align).unwrap());
            }
        }
    }
    assert!(LIVE.with_borrow(HashMap::is_empty));
}

#[test]
fn malloc_is_trusted_up_to_two_words() {
    let trusted = |size, align| is_aligned_by_malloc(Layout::from_size_align(size, align).unwrap());
    let word = size_of::<usize>();
    assert!(trusted(2 * word, 2 * word) && trusted(word, word) && trusted(1, 1));
    assert!(!trusted(word, 2 * word), "a small size may be aligned less");
    assert!(!trusted(64, 4 * word), "the alignment exceeds two words");
}
