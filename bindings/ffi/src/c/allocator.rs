//! Memory allocation

use super::status::ccm_status;
use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::c_void;
use std::mem::transmute;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering::Relaxed};

/// Allocates size bytes, aligned for any object of this size, but at most to two pointers, as malloc() does. Returns NULL on
/// failure.
pub type ccm_malloc = Option<unsafe extern "C" fn(size: usize) -> *mut c_void>;
/// Resizes memory that ccm_malloc allocated. On failure, returns NULL and leaves the memory unchanged.
pub type ccm_realloc = Option<unsafe extern "C" fn(memory: *mut c_void, size: usize) -> *mut c_void>;
/// Frees memory.
pub type ccm_free = Option<unsafe extern "C" fn(memory: *mut c_void)>;

/// Maximum alignment that malloc() guarantees: two words, 16 bytes on 64-bit systems and 8 bytes on 32-bit systems.
const ALIGNMENT: usize = 2 * size_of::<usize>();

static MALLOC: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());
static REALLOC: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());
static FREE: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());
/// Whether anything has been allocated. After that, the allocator can no longer be changed.
static USED: AtomicBool = AtomicBool::new(false);

/// Sets the allocator of the library. Must be called once, before any other function of the library, because memory must be
/// freed by the allocator that allocated it. The three functions may be called from any thread, and must not call functions
/// of the library.
///
/// @param malloc Allocates memory.
/// @param realloc Resizes memory.
/// @param free Frees memory.
/// @return CCM_OK; CCM_MISUSE if a function is NULL, or if the library has already allocated memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_set_allocator(
    malloc: ccm_malloc,
    realloc: ccm_realloc,
    free: ccm_free,
) -> ccm_status {
    let (Some(malloc), Some(realloc), Some(free)) = (malloc, realloc, free) else {
        return ccm_status::CCM_MISUSE;
    };
    if USED.load(Relaxed) {
        return ccm_status::CCM_MISUSE;
    }
    REALLOC.store(realloc as *mut c_void, Relaxed);
    FREE.store(free as *mut c_void, Relaxed);
    MALLOC.store(malloc as *mut c_void, Relaxed);
    ccm_status::CCM_OK
}

/// Global allocator: that of the program if it has set one, else that of the system.
struct Chosen;

#[global_allocator]
static ALLOCATOR: Chosen = Chosen;

fn chosen() -> *mut c_void {
    if !USED.load(Relaxed) {
        USED.store(true, Relaxed);
    }
    MALLOC.load(Relaxed)
}

/// Allocator in C.
#[derive(Clone, Copy)]
struct Foreign {
    malloc: unsafe extern "C" fn(usize) -> *mut c_void,
    realloc: unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void,
    free: unsafe extern "C" fn(*mut c_void),
}

/// Whether malloc() guarantees the alignment: for a small size, it may guarantee less than for a large one.
const fn is_aligned_by_malloc(layout: Layout) -> bool {
    layout.align() <= ALIGNMENT && layout.align() <= layout.size()
}

impl Foreign {
    /// Returns the allocator that the program has set.
    fn set() -> Option<Self> {
        if chosen().is_null() {
            return None;
        }
        let (malloc, realloc, free) = (MALLOC.load(Relaxed), REALLOC.load(Relaxed), FREE.load(Relaxed));
        // SAFETY: only `ccm_set_allocator` stores these pointers, and it stores all three as functions of these types.
        unsafe {
            Some(Self {
                malloc: transmute::<*mut c_void, unsafe extern "C" fn(usize) -> *mut c_void>(malloc),
                realloc: transmute::<*mut c_void, unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void>(
                    realloc,
                ),
                free: transmute::<*mut c_void, unsafe extern "C" fn(*mut c_void)>(free),
            })
        }
    }

    unsafe fn alloc(self, layout: Layout) -> *mut u8 {
        if is_aligned_by_malloc(layout) {
            return unsafe { (self.malloc)(layout.size()) }.cast();
        }
        // Allocate more, and store the pointer to the whole memory before the aligned address.
        let header = size_of::<*mut u8>();
        let Some(size) = layout.size().checked_add(layout.align() + header) else {
            return ptr::null_mut();
        };
        let whole: *mut u8 = unsafe { (self.malloc)(size) }.cast();
        if whole.is_null() {
            return whole;
        }
        let first = whole.addr() + header;
        let offset = first.next_multiple_of(layout.align()) - whole.addr();
        // SAFETY: the offset is at least the length of the header and at most that plus the alignment.
        unsafe {
            let aligned = whole.add(offset);
            aligned.cast::<*mut u8>().sub(1).write_unaligned(whole);
            aligned
        }
    }

    unsafe fn dealloc(self, memory: *mut u8, layout: Layout) {
        // SAFETY: memory of such a layout has a header, which `alloc` wrote.
        unsafe {
            let whole = if is_aligned_by_malloc(layout) {
                memory
            } else {
                memory.cast::<*mut u8>().sub(1).read_unaligned()
            };
            (self.free)(whole.cast());
        }
    }

    unsafe fn realloc(self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the alignment is that of a valid layout, and the caller guarantees the size.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        if is_aligned_by_malloc(layout) && is_aligned_by_malloc(wanted) {
            return unsafe { (self.realloc)(memory.cast(), size) }.cast();
        }
        // SAFETY: the old and the new memory are at least as long as the copy.
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(memory, moved, layout.size().min(size));
                self.dealloc(memory, layout);
            }
            moved
        }
    }
}

// SAFETY: both allocators meet the contract: memory has the requested size and alignment, and is freed by the allocator
// that allocated it, because the choice is final before the first allocation.
unsafe impl GlobalAlloc for Chosen {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match Foreign::set() {
            None => unsafe { System.alloc(layout) },
            Some(foreign) => unsafe { foreign.alloc(layout) },
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let Some(foreign) = Foreign::set() else { return unsafe { System.alloc_zeroed(layout) } };
        // SAFETY: the memory is as long as the layout says.
        unsafe {
            let memory = foreign.alloc(layout);
            if !memory.is_null() {
                memory.write_bytes(0, layout.size());
            }
            memory
        }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        match Foreign::set() {
            None => unsafe { System.dealloc(memory, layout) },
            Some(foreign) => unsafe { foreign.dealloc(memory, layout) },
        }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        match Foreign::set() {
            None => unsafe { System.realloc(memory, layout, size) },
            Some(foreign) => unsafe { foreign.realloc(memory, layout, size) },
        }
    }
}

#[cfg(test)]
#[path = "allocator_tests.rs"]
mod tests;
