//! The Swift package: libraries and bindings for its compiler, and its tests. Swift runs on this machine or in a Debian system
//! that has it.

pub mod debian;

use crate::parts::bench::{Artefact, Recorded, measured, run_program};
use crate::parts::c::library::header;
use crate::parts::mobile_library::{Language, bindings, client, ship, simulator};
use crate::support::files::refresh;
use crate::support::process::{run, run_check, run_tests, step, succeeds};
use crate::support::python::Profile;
use crate::support::report;
use crate::support::servers::TestServers;
use crate::support::workspace::{root, target};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Arguments of the emergency switch examples: the seed `demo` has this flag in this environment, which requires no approval.
pub const EMERGENCY: &str = "off newCheckout Test Trial";

/// Held while the native libraries of the package are replaced or used.
static PACKAGE: Mutex<()> = Mutex::new(());

fn package() -> PathBuf {
    root().join("bindings/ffi/swift")
}

/// Builds the libraries and their uniffi bindings into the directories where the package expects them.
pub fn prepare(profile: Profile) -> Result<()> {
    step("swift: libraries");
    let native = package().join("native");
    let library = client(profile)?;
    for shipped in [ship(&library, profile, &native)?, ship(&simulator(profile)?, profile, &native)?] {
        // If the library has a soname, as builds with the C ABI do, programs look it up by that name.
        refresh(&shipped, &shipped.with_extension("so.0"))?;
    }
    let sources = package().join("Sources");
    bindings(Language::Swift, &library, |file| match file.extension()?.to_str()? {
        "swift" => Some(sources.join("ConfigCatManagement/Bindings").join(file)),
        "h" => Some(sources.join("ConfigCatManagementFFI/include").join(file)),
        _ => None,
    })?;
    let copy = sources.join("ConfigCatSimulatorFFI/include/configcat_management_simulator.h");
    refresh(&root().join(header("configcat_management_simulator")), &copy)
}

/// Whether Swift is installed on this machine.
pub fn here() -> bool {
    succeeds(Command::new("swift").arg("--version"))
}

/// The system on which Swift runs.
pub enum Swift {
    /// On this machine.
    Here,
    /// In the Debian system in this directory.
    Debian(PathBuf),
}

impl Swift {
    /// Finds Swift on this machine or in the Debian system that `cargo xtask setup` created; reports a skip if there is none.
    pub fn find(consequence: &str) -> Option<Self> {
        if here() {
            return Some(Self::Here);
        }
        let debian = debian::folder().ok().filter(|folder| debian::is_complete(folder));
        if debian.is_none() {
            report::skip(&format!("Swift is not installed (`cargo xtask setup` gets it): {consequence}"));
        }
        debian.map(Self::Debian)
    }

    /// Returns a `swift` command that runs in a package, whose path is relative to the root of the project.
    pub fn command(&self, action: &str, package: &str) -> Result<Command> {
        // The mounts are in the command's own mount namespace and disappear when it exits.
        const ENTER: &str = "mount -t proc proc \"$0/proc\" && mount --bind \"$1\" \"$0/project\" && shift && exec chroot \"$0\" sh -c 'cd \"/project/$1\" && shift && exec \"$@\"' sh \"$@\"";
        let (mut command, project) = match self {
            Self::Here => {
                let mut command = Command::new("swift");
                command.current_dir(root().join(package));
                (command, root())
            }
            Self::Debian(folder) => {
                let mut command = Command::new("unshare");
                command.args(["--mount", "sh", "-c", ENTER]).arg(folder).arg(root()).args([package, "swift"]);
                command.env("HOME", "/root").env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
                (command, PathBuf::from("/project"))
            }
        };
        let native = project.join("bindings/ffi/swift/native");
        let scratch = match self {
            Self::Here => target("swift")?.join(package),
            Self::Debian(_) => Path::new("/build").join(package),
        };
        command.arg(action).arg("--scratch-path").arg(scratch);
        command.arg("-Xlinker").arg(format!("-L{}", native.display()));
        if matches!(self, Self::Debian(_)) {
            // libswiftObservation in Debian references an undefined function, which it only calls if a lock fails.
            command.args(["-Xlinker", "--unresolved-symbols=ignore-in-shared-libs"]);
        }
        command.env("LD_LIBRARY_PATH", &native).env("DYLD_LIBRARY_PATH", &native);
        Ok(command)
    }
}

/// Runs the tests: contract vectors, API surface, cancellation, errors, tasks.
pub fn test() -> Result<()> {
    let Some(swift) = Swift::find("nothing in Swift was tested") else { return Ok(()) };
    let _package = PACKAGE.lock().unwrap_or_else(PoisonError::into_inner);
    prepare(Profile::Dev)?;
    let servers = TestServers::start()?;
    step("swift test");
    run_tests(servers.announce(&mut swift.command("test", "bindings/ffi/swift")?))?;
    step("swift test: examples/swift/EmergencySwitch");
    run_tests(&mut swift.command("test", "examples/swift/EmergencySwitch")?)
}

/// Runs the examples. `run_with` sets the URL and the credentials of a simulator.
pub fn run_examples(run_with: &dyn Fn(&mut Command)) -> Result<()> {
    let Some(swift) = Swift::find("no example in Swift ran") else { return Ok(()) };
    let _package = PACKAGE.lock().unwrap_or_else(PoisonError::into_inner);
    prepare(Profile::Dev)?;
    for (package, program, arguments) in
        [("Quickstart", "Quickstart", ""), ("EmergencySwitch", "emergency-switch", EMERGENCY)]
    {
        step(&format!("examples/swift/{package}"));
        let mut command = swift.command("run", &format!("examples/swift/{package}"))?;
        command.arg(program).args(arguments.split_whitespace());
        run_with(&mut command);
        run_check(&mut command)?;
    }
    Ok(())
}

/// Compares the client with URLSession and Codable, in one process.
pub fn bench() -> Result<()> {
    let Some(swift) = Swift::find("the Swift client was not measured") else { return Ok(()) };
    prepare(Profile::Release)?;
    let library = client(Profile::Release)?;
    let shipped = package().join("native").join(library.file_name().unwrap_or_default());
    let artefact = Artefact::new(&library, "mobile")?.shipped_as(shipped);
    step("swift: building the bench");
    run(swift.command("build", "bench/swift/Bench")?.args(["--configuration", "release"]))?;
    let recorded = Recorded::start()?;
    let mut command = swift.command("run", "bench/swift/Bench")?;
    command.args(["--skip-build", "--configuration", "release", "Bench", "all", recorded.url()]);
    measured(|| run_program(command.args([&recorded.small, &recorded.large]), &artefact))
}
