//! Sets the soname of the shared library, which changes when the ABI breaks.

/// ABI version: incremented when a change of the header breaks programs that are already linked.
const ABI: &str = "0";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux") => {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libconfigcat_management_simulator.so.{ABI}");
        }
        // Otherwise programs would look for the library in the directory where it was built.
        Ok("macos") => {
            println!(
                "cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libconfigcat_management_simulator.{ABI}.dylib"
            );
        }
        _ => {}
    }
}
