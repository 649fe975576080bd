//! Edits: read a state, change a draft of it, and send the changes as a JSON Patch.
//!
//! ```no_run
//! # async fn run() -> Result<(), configcat_management::Error> {
//! use configcat_management::Client;
//!
//! let client = Client::from_env()?;
//! let environment = "08d86d63-2726-47cd-8bfc-59608ecb91e2";
//! client
//!     .flag_values()
//!     .edit(environment, 5345, |draft| draft.default_value = true.into())
//!     .reason("Launch")
//!     .rebase(3)
//!     .await?;
//!
//! // The same in steps.
//! let mut edit = client.flag_values().begin_edit(environment, 5345).await?;
//! edit.default_value = false.into();
//! edit.commit().await?;
//! # Ok(()) }
//! ```
//!
//! If nothing changed, nothing is sent. The changes apply only to the version that was read, where the service has versions: for
//! flag values with targeting rules (V2). Otherwise a change by others between the two requests may be overwritten.

mod begin;
mod by_name;
mod commit;
mod conflict;
mod draft;
mod editable;
mod edited_flag;
mod flag;
mod named;
mod request;
mod snapshot;

pub use begin::BeginEdit;
#[doc(hidden)]
pub use by_name::EditOperation;
pub use commit::Edit;
pub use conflict::{EditConflict, EditError};
#[doc(hidden)]
pub use draft::NamedDraft;
pub use editable::{EditResult, Editable, State};
#[doc(hidden)]
pub use edited_flag::EditedFlag;
pub use flag::EditableFlag;
#[doc(hidden)]
pub use flag::{turned, with_percentage};
#[doc(hidden)]
pub use named::{NamedEdit, NamedEditError};
pub use request::EditRequest;
#[doc(hidden)]
pub use snapshot::Snapshot;
