//! Gives the shared library the name by which the dynamic linker finds it: it changes when the ABI breaks.

/// Version of the ABI: raised when a change to the header breaks programs that were linked before.
const ABI: &str = "0";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Only the C ABI has versions: Kotlin and Swift load the library that they were built with, by its plain name.
    let c = std::env::var_os("CARGO_FEATURE_C").is_some();
    if c && std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libconfigcat_management.so.{ABI}");
    }
}
