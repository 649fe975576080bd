//! Third-party tools that parts need, and the Debian packages that contain them.

use super::process::succeeds;
use super::report;
use super::workspace::target;
use std::process::Command;

/// Third-party program or library.
pub struct Tool {
    /// Name by which parts refer to it.
    pub name: &'static str,
    pub package: &'static str,
    /// Lanes and parts that need it.
    pub parts: &'static str,
    found: Found,
}

/// How to check that a tool is installed.
enum Found {
    /// The program prints its version when called with this argument.
    Program(&'static str),
    /// pkg-config knows the library.
    Library,
    /// clang links a program with libFuzzer.
    Fuzzer,
    /// One of the names of Chromium prints its version.
    Browser,
}

const VERSION: Found = Found::Program("--version");

pub const TOOLS: &[Tool] = &[
    Tool {
        name: "cc",
        package: "gcc",
        parts: "test c, examples; verify valgrind, sanitizers, abi",
        found: VERSION,
    },
    Tool {
        name: "c++",
        package: "g++",
        parts: "test c, examples; verify valgrind, sanitizers",
        found: VERSION,
    },
    Tool { name: "pkg-config", package: "pkg-config", parts: "test examples; verify dist-c", found: VERSION },
    Tool { name: "libuv", package: "libuv1-dev", parts: "test examples", found: Found::Library },
    Tool { name: "libcurl", package: "libcurl4-openssl-dev", parts: "bench c", found: Found::Library },
    Tool { name: "libcjson", package: "libcjson-dev", parts: "bench c", found: Found::Library },
    Tool { name: "go", package: "golang-go", parts: "test examples", found: Found::Program("version") },
    Tool { name: "javac", package: "default-jdk-headless", parts: "test kotlin, examples", found: VERSION },
    Tool { name: "mvn", package: "maven", parts: "test kotlin, examples", found: VERSION },
    Tool {
        name: "debootstrap",
        package: "debootstrap",
        parts: "test swift, where Swift is not installed",
        found: VERSION,
    },
    Tool { name: "node", package: "nodejs", parts: "verify types, interop, browser, docs", found: VERSION },
    Tool { name: "npm", package: "npm", parts: "verify types, interop, browser, docs", found: VERSION },
    Tool { name: "nm", package: "binutils", parts: "test c; verify dist-c", found: VERSION },
    Tool { name: "readelf", package: "binutils", parts: "verify dist-c", found: VERSION },
    Tool {
        name: "valgrind",
        package: "valgrind",
        parts: "verify valgrind; nightly instructions; bench instructions",
        found: VERSION,
    },
    Tool { name: "clang", package: "clang", parts: "verify fuzz-c, headers", found: VERSION },
    Tool { name: "libFuzzer", package: "libclang-rt-dev", parts: "verify fuzz-c", found: Found::Fuzzer },
    Tool { name: "abidw", package: "abigail-tools", parts: "verify abi", found: VERSION },
    Tool { name: "cmake", package: "cmake", parts: "verify dist-c, install-c", found: VERSION },
    Tool { name: "make", package: "make", parts: "verify dist-c", found: VERSION },
    Tool { name: "meson", package: "meson", parts: "verify dist-c", found: VERSION },
    Tool { name: "ninja", package: "ninja-build", parts: "verify dist-c", found: VERSION },
    Tool { name: "chromium", package: "chromium", parts: "verify browser, docs", found: Found::Browser },
    Tool { name: "doxygen", package: "doxygen", parts: "docs; verify docs", found: VERSION },
];

impl Tool {
    /// Whether the tool is installed.
    pub fn present(&self) -> bool {
        match self.found {
            Found::Program(argument) => succeeds(Command::new(self.name).arg(argument)),
            Found::Library => succeeds(Command::new("pkg-config").args(["--exists", self.name])),
            Found::Fuzzer => links_fuzzer(),
            Found::Browser => browser().is_some(),
        }
    }
}

/// Returns the name of an installed Chromium. Chrome is preinstalled where Ubuntu has Chromium as a snap only.
pub fn browser() -> Option<&'static str> {
    let names = ["chromium", "chromium-headless-shell", "chromium-browser", "google-chrome"];
    names.into_iter().find(|name| succeeds(Command::new(name).arg("--version")))
}

/// Whether clang can link a fuzzer. The runtime of libFuzzer is a separate package.
fn links_fuzzer() -> bool {
    let probe = || -> anyhow::Result<bool> {
        let source = target("fuzzer-probe.c")?;
        std::fs::create_dir_all(target("")?)?;
        std::fs::write(&source, "int LLVMFuzzerTestOneInput(void) { return 0; }\n")?;
        let mut clang = Command::new("clang");
        clang.args(["-fsanitize=fuzzer,address,undefined", "-o"]).arg(target("fuzzer-probe")?);
        Ok(succeeds(clang.arg(source)))
    };
    probe().unwrap_or(false)
}

/// Returns the tool of this name.
pub fn tool(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// Whether a tool is installed; if not, reports a skip that names its package.
pub fn available(name: &str, consequence: &str) -> bool {
    let tool = tool(name);
    let present = match tool {
        Some(tool) => tool.present(),
        None => succeeds(Command::new(name).arg("--version")),
    };
    if !present {
        let package = tool.map(|tool| format!(" (Debian package {}; `cargo xtask setup`)", tool.package));
        report::skip(&format!("{name} is not installed{}: {consequence}", package.unwrap_or_default()));
    }
    present
}
