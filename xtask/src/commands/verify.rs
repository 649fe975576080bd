//! `cargo xtask verify`: what takes longer than a change can wait for, and runs before it lands.

use crate::parts::{c, interop, python, rust, schemathesis};
use crate::support::lanes::Part;
use anyhow::Result;

/// How long the fuzzer runs over the C entry points, in seconds; `cargo xtask fuzz c` takes longer.
const SHORT_FUZZ: u32 = 20;

/// The one that waits longest comes first, so that the others run beside it.
pub const PARTS: &[Part] = &[
    Part { name: "schemathesis", about: "property-based requests to the simulator", run: schemathesis::test },
    Part { name: "shuttle", about: "the rate limiter in many orders of events", run: rust::shuttle::test },
    Part {
        name: "types",
        about: "mypy, stubtest and pyright on the Python package and examples",
        run: python::types::check,
    },
    Part {
        name: "docs",
        about: "examples in the documentation of the crates, pages for Python users with strict links",
        run: docs,
    },
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
    Part { name: "abi", about: "the C ABI against the last one that was written down", run: c::abi::check },
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
];

fn docs() -> Result<()> {
    rust::tests::documentation()?;
    python::docs::check()
}
