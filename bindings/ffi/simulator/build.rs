//! Sets the soname of the shared library, which changes when the ABI breaks.

/// ABI version: incremented when a change of the header breaks programs that are already linked.
const ABI: &str = "0";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libconfigcat_management_simulator.so.{ABI}");
    }
}
