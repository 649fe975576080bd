//! The runtimes of calls: they end with the last client

use super::failure::CResult;
use crate::signals::Blocked;
use configcat_management::blocking::{self, Driver};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Returns the async runtime, and starts it if necessary. Its threads block signals: only the program handles them.
pub fn runtime() -> CResult<Handle> {
    let _blocked = Blocked::new();
    Ok(blocking::runtime()?)
}

/// Returns the runtime of waiting calls, which the waiting threads drive. The threads that it starts, for name lookups, block
/// signals.
pub fn driver() -> CResult<Arc<Driver>> {
    Ok(blocking::driver(|| std::mem::forget(Blocked::new()))?)
}

/// Stops the threads of the library and cancels all calls in progress. Their callbacks receive CCM_CANCELLED. When this function
/// returns, no callback is running, unless one takes longer than 200 ms.
///
/// Usually not needed: the threads stop when the last client is freed. Call it before dlclose() if clients may remain, from
/// a thread that does not belong to the library. A later API call starts the threads again.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_shutdown() {
    super::failure::quiet((), || {
        blocking::shutdown();
        Ok(())
    });
}
