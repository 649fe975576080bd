//! Value of a flag in one environment with its targeting, by names instead of ids. Configs of both evaluation versions have the
//! same form, so that values can be compared, promoted and migrated between them.

mod explain;
mod lookup;
mod members;
mod read;
mod scalar;
mod state;
mod v1;
mod v2;
mod versions;
mod write;

pub use lookup::Ids;
pub(crate) use lookup::Names;
pub use state::{Comparison, FlagCondition, FlagRule, FlagState, ListItem, Serve};
