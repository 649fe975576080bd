//! Gives the shared library the name by which the dynamic linker finds it: it changes when the ABI breaks.

/// Version of the ABI: raised when a change to the header breaks programs that were linked before.
const ABI: &str = "0";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Only the C ABI has versions: Kotlin and Swift load the library that they were built with, by its plain name.
    if std::env::var_os("CARGO_FEATURE_C").is_none() {
        return;
    }
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux") => println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libconfigcat_management.so.{ABI}"),
        // Otherwise programs would look for the library in the directory where it was built.
        Ok("macos") => {
            println!(
                "cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libconfigcat_management.{ABI}.dylib"
            )
        }
        _ => {}
    }
}
