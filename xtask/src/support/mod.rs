//! Shared infrastructure of parts and commands. Modules here do not import from `parts` or `commands`.

pub mod build;
pub mod counts;
pub mod coverage;
pub mod files;
pub mod lanes;
pub mod npm;
pub mod packages;
pub mod process;
pub mod python;
pub mod remap_paths;
pub mod report;
pub mod servers;
pub mod time_limit;
pub mod toolbox;
pub mod workspace;
