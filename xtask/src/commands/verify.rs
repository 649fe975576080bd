//! `cargo xtask verify`: checks that take too long during development and run before a change is merged.

use crate::parts::{browser, c, interop, python, rust, schemathesis};
use crate::support::lanes::Part;
use anyhow::Result;

/// Fuzzing time for the C entry points, in seconds; `cargo xtask fuzz c` runs longer.
const SHORT_FUZZ: u32 = 20;

/// The attacks measure time and memory.
pub const ALONE: &[&str] = &["adversary"];

/// The part that waits longest comes first, so that the others run concurrently with it.
pub const PARTS: &[Part] = &[
    Part { name: "schemathesis", about: "property-based requests to the simulator", run: schemathesis::test },
    Part {
        name: "adversary",
        about: "attacks on the client and the simulator, in an optimized build",
        run: rust::adversary::test,
    },
    Part { name: "shuttle", about: "the rate limiter under many event orders", run: rust::shuttle::test },
    Part {
        name: "types",
        about: "mypy, stubtest and pyright on the Python package and examples",
        run: python::types::check,
    },
    Part {
        name: "docs",
        about: "doc tests of the crates; the site with its references, in Chromium",
        run: docs,
    },
    Part { name: "miri", about: "unsafe code of the C library in Miri", run: rust::miri::test },
    Part { name: "valgrind", about: "C and C++ programs under valgrind", run: c::checked::valgrind },
    Part {
        name: "sanitizers",
        about: "C and C++ programs with address, undefined behaviour and thread sanitizers",
        run: c::checked::sanitizers,
    },
    Part {
        name: "fuzz-c",
        about: "libFuzzer on the C entry points for 20 s",
        run: || c::fuzz::short(SHORT_FUZZ),
    },
    Part {
        name: "headers",
        about: "the headers on their own, with other standards, and with all warnings of clang",
        run: c::headers::check,
    },
    Part { name: "abi", about: "the C ABI, compared with the recorded one", run: c::abi::check },
    Part {
        name: "install-c",
        about: "what the CMake project installs on each platform, with empty libraries",
        run: c::recipe::check,
    },
    Part {
        name: "dist-c",
        about: "the installed C libraries: symbols, size, and projects that use them",
        run: c::dist::check,
    },
    Part {
        name: "dist-python",
        about: "wheel and source distribution: contents, and tests on every Python",
        run: python::dist::check,
    },
    Part {
        name: "interop",
        about: "evaluation SDKs and WireMock on the simulator",
        run: interop::sdks_and_wiremock,
    },
    Part {
        name: "browser",
        about: "web pages that attack the simulator, and its console, in Chromium",
        run: browser::test,
    },
];

fn docs() -> Result<()> {
    rust::tests::documentation()?;
    super::docs::all()
}
