//! The parts that lanes are made of, by language. Nothing here imports from `commands`.

pub mod bench;
pub mod c;
pub mod examples;
pub mod interop;
pub mod kotlin;
pub mod mobile_library;
pub mod python;
pub mod reproducible;
pub mod rust;
pub mod schemathesis;
pub mod swift;
