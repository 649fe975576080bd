//! The commands, one per file.

pub mod apply;
pub mod call;
pub mod clone;
pub mod compare;
pub mod completion;
pub mod export;
pub mod flag;
pub mod flags;
pub mod get;
pub mod man;
pub mod operations;
pub mod plan;
pub mod promote;
pub mod rehearse;
pub mod simulator;
pub mod undo;
pub mod whoami;
