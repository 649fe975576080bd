//! Memory

use super::status::ccm_status;
use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::c_void;
use std::mem::transmute;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering::Relaxed};

/// Gives memory of a size, aligned as malloc() does, or NULL.
pub type ccm_malloc = Option<unsafe extern "C" fn(size: usize) -> *mut c_void>;
/// Changes the size of memory that ccm_malloc gave, or gives NULL and leaves it alone.
pub type ccm_realloc = Option<unsafe extern "C" fn(memory: *mut c_void, size: usize) -> *mut c_void>;
/// Takes memory back.
pub type ccm_free = Option<unsafe extern "C" fn(memory: *mut c_void)>;

/// What malloc() aligns to on the machines we know.
const ALIGNMENT: usize = 16;

static MALLOC: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());
static REALLOC: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());
static FREE: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());
/// Whether anything has been allocated: from then on the allocator stays what it is.
static USED: AtomicBool = AtomicBool::new(false);

/// Lets the library take its memory from the program. To be called before any other function of the library, and once:
/// memory has to go back where it came from.
///
/// @param malloc Gives memory.
/// @param realloc Changes its size.
/// @param free Takes it back. All three may be called from any thread, and must not call functions of the library.
/// @return CCM_OK; CCM_MISUSE when one of them is NULL, or when it is too late.
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

/// The system's memory, or the program's.
struct Chosen;

#[global_allocator]
static ALLOCATOR: Chosen = Chosen;

fn chosen() -> *mut c_void {
    if !USED.load(Relaxed) {
        USED.store(true, Relaxed);
    }
    MALLOC.load(Relaxed)
}

// SAFETY: both ways keep the contract: memory is as large and as aligned as asked for, and goes back where it came from,
// for the choice is made before the first allocation.
unsafe impl GlobalAlloc for Chosen {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let malloc = chosen();
        if malloc.is_null() {
            return unsafe { System.alloc(layout) };
        }
        // SAFETY: only `ccm_set_allocator` stores here, and nothing but such a function.
        let malloc: unsafe extern "C" fn(usize) -> *mut c_void = unsafe { transmute(malloc) };
        if layout.align() <= ALIGNMENT {
            return unsafe { malloc(layout.size()) }.cast();
        }
        // More than malloc() promises: take more, and keep what was given in front of what is handed out.
        let Some(size) = layout.size().checked_add(layout.align() + size_of::<usize>()) else {
            return ptr::null_mut();
        };
        let given: *mut u8 = unsafe { malloc(size) }.cast();
        if given.is_null() {
            return given;
        }
        let first = given as usize + size_of::<usize>();
        let offset = first.next_multiple_of(layout.align()) - given as usize;
        unsafe {
            let aligned = given.add(offset);
            aligned.cast::<usize>().sub(1).write_unaligned(given as usize);
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
        // SAFETY: a layout of the same alignment; the old memory is at least as long as what is copied.
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
