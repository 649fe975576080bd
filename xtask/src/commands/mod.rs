//! What each `cargo xtask` command does.

pub mod bench;
pub mod bench_servers;
pub mod c;
pub mod c_bench;
pub mod c_dist;
pub mod c_examples;
pub mod c_fuzz;
pub mod c_library;
pub mod codegen;
pub mod demo;
pub mod dist;
pub mod docs;
pub mod drift;
pub mod examples;
pub mod fuzz;
pub mod interop;
pub mod kotlin;
pub mod kotlin_bench;
pub mod mobile_library;
pub mod pacing_bench;
mod process;
pub mod python_env;
pub mod python_types;
pub mod servers;
pub mod swift;
pub mod test;
