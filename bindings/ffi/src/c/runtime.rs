//! The threads that serve the connections: there while there are clients, gone with the last.

use super::failure::Outcome;
use crate::signals::Blocked;
use configcat_management::blocking;
use tokio::runtime::Handle;

/// The runtime. Its threads take no signals: those are the program's own affair.
pub fn runtime() -> Outcome<Handle> {
    let _blocked = Blocked::new();
    Ok(blocking::runtime()?)
}

/// Ends the threads of the library and every call that is under way; their callbacks are told CCM_CANCELLED.
///
/// Not needed as a rule: the threads end with the last client. Call it before dlclose() if clients may be left, from a
/// thread that is not the library's own. A later call of an operation starts the threads again.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_shutdown() {
    super::failure::quiet((), || {
        blocking::shutdown();
        Ok(())
    });
}
