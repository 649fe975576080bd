//! Memory allocation

use super::status::ccm_status;
use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::c_void;
use std::mem::transmute;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering::Relaxed};

/// Allocates size bytes, aligned as by malloc(). Returns NULL on failure.
pub type ccm_malloc = Option<unsafe extern "C" fn(size: usize) -> *mut c_void>;
/// Resizes memory that ccm_malloc allocated. On failure, returns NULL and leaves the memory unchanged.
pub type ccm_realloc = Option<unsafe extern "C" fn(memory: *mut c_void, size: usize) -> *mut c_void>;
/// Frees memory.
pub type ccm_free = Option<unsafe extern "C" fn(memory: *mut c_void)>;

/// Alignment of malloc() on the supported platforms.
const ALIGNMENT: usize = 16;

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

// SAFETY: both allocators meet the contract: memory has the requested size and alignment, and is freed by the allocator
// that allocated it, because the choice is final before the first allocation.
unsafe impl GlobalAlloc for Chosen {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let malloc = chosen();
        if malloc.is_null() {
            return unsafe { System.alloc(layout) };
        }
        // SAFETY: only `ccm_set_allocator` stores this pointer, and it stores a function of this type.
        let malloc: unsafe extern "C" fn(usize) -> *mut c_void = unsafe { transmute(malloc) };
        if layout.align() <= ALIGNMENT {
            return unsafe { malloc(layout.size()) }.cast();
        }
        // malloc() does not guarantee this alignment: allocate more, and store the original address before the aligned one.
        let Some(size) = layout.size().checked_add(layout.align() + size_of::<usize>()) else {
            return ptr::null_mut();
        };
        let original: *mut u8 = unsafe { malloc(size) }.cast();
        if original.is_null() {
            return original;
        }
        let first = original as usize + size_of::<usize>();
        let offset = first.next_multiple_of(layout.align()) - original as usize;
        unsafe {
            let aligned = original.add(offset);
            aligned.cast::<usize>().sub(1).write_unaligned(original as usize);
            aligned
        }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        let free = FREE.load(Relaxed);
        if free.is_null() {
            return unsafe { System.dealloc(memory, layout) };
        }
        // SAFETY: as above.
        unsafe {
            let free: unsafe extern "C" fn(*mut c_void) = transmute(free);
            if layout.align() <= ALIGNMENT {
                free(memory.cast());
            } else {
                free(memory.cast::<usize>().sub(1).read_unaligned() as *mut c_void);
            }
        }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let realloc = REALLOC.load(Relaxed);
        if realloc.is_null() {
            return unsafe { System.realloc(memory, layout, size) };
        }
        if layout.align() <= ALIGNMENT {
            // SAFETY: as above.
            let realloc: unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void =
                unsafe { transmute(realloc) };
            return unsafe { realloc(memory.cast(), size) }.cast();
        }
        // SAFETY: the alignment is that of a valid layout, and the old and the new memory are at least as long as the copy.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                ptr::copy_nonoverlapping(memory, moved, layout.size().min(size));
                self.dealloc(memory, layout);
            }
            moved
        }
    }
}
