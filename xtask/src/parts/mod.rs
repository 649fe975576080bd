//! The parts of the lanes, by language. Modules here do not import from `commands`.

pub mod bench;
pub mod browser;
pub mod c;
pub mod examples;
pub mod guides;
pub mod interop;
pub mod kotlin;
pub mod mobile_library;
pub mod python;
pub mod reproducible;
pub mod rust;
pub mod schemathesis;
pub mod site;
pub mod swift;
