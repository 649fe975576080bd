//! The result of a measurement.

/// Any error ends the program.
pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
