//! Runtime threads: started with the first client, stopped with the last

use super::failure::CResult;
use crate::signals::Blocked;
use configcat_management::blocking;
use tokio::runtime::Handle;

/// Returns the async runtime, and starts it if necessary. Its threads block signals: only the program handles them.
pub fn runtime() -> CResult<Handle> {
    let _blocked = Blocked::new();
    Ok(blocking::runtime()?)
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
