//! The Swift package: what its compiler needs from us, and its tests, here or in a Debian that has a compiler.

use super::bench::recorded;
use super::mobile_library::{Language, bindings, client, ship, simulator};
use super::process::{refresh, root, run, step, succeeds};
use super::python_env::Profile;
use super::servers::TestServers;
use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The Debian whose packages have Swift.
const SUITE: &str = "trixie";
/// The compiler, and what it links with.
const PACKAGES: &str = "swiftlang,libc6-dev,libstdc++-14-dev,libcurl4t64,libxml2,git,ca-certificates";

/// What the emergency switches are told: the quickstarts made this flag.
pub const EMERGENCY: &str = "off newCheckout Test Trial";

fn package() -> PathBuf {
    root().join("bindings/ffi/swift")
}

/// Builds the libraries, and writes what uniffi makes of them, into the places where the package looks.
pub fn prepare(profile: Profile) -> Result<()> {
    step("swift: libraries");
    let native = package().join("native");
    let library = client(profile)?;
    ship(&library, profile, &native)?;
    let simulator = ship(&simulator(profile)?, profile, &native)?;
    // Programs are linked with the name that the library gives itself.
    refresh(&simulator, &simulator.with_extension("so.0"))?;
    let sources = package().join("Sources");
    bindings(Language::Swift, &library, |file| match file.extension()?.to_str()? {
        "swift" => Some(sources.join("ConfigCatManagement/Bindings").join(file)),
        "h" => Some(sources.join("ConfigCatManagementFFI/include").join(file)),
        _ => None,
    })?;
    let header = "configcat_management_simulator.h";
    refresh(&root().join("include").join(header), &sources.join("ConfigCatSimulatorFFI/include").join(header))
}

/// Where Swift runs.
pub enum Swift {
    /// On this machine.
    Here,
    /// In a Debian of our own, below this folder.
    Debian(PathBuf),
}

impl Swift {
    /// Finds Swift, or gets it; says why if it cannot be had.
    pub fn find(what: &str) -> Option<Self> {
        if succeeds(Command::new("swift").arg("--version")) {
            return Some(Self::Here);
        }
        match debian() {
            Ok(folder) => Some(Self::Debian(folder)),
            Err(error) => {
                println!("SKIPPED: there is no Swift here and none could be set up ({error:#}), so {what}");
                None
            }
        }
    }

    /// `swift` with a command, in a package below the root of the project.
    pub fn command(&self, action: &str, package: &str) -> Command {
        // Mounts belong to the command and go with it.
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
            Self::Here => root().join("target/swift").join(package),
            Self::Debian(_) => Path::new("/build").join(package),
        };
        command.arg(action).arg("--scratch-path").arg(scratch);
        command.arg("-Xlinker").arg(format!("-L{}", native.display()));
        if matches!(self, Self::Debian(_)) {
            // Its libswiftObservation asks for a function that is nowhere, for the case that a lock fails.
            command.args(["-Xlinker", "--unresolved-symbols=ignore-in-shared-libs"]);
        }
        command.env("LD_LIBRARY_PATH", &native).env("DYLD_LIBRARY_PATH", &native);
        command
    }
}

/// A Debian with Swift in the user's cache, outside the project: it is large and the same for every checkout.
fn debian() -> Result<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let folder =
        cache.context("neither XDG_CACHE_HOME nor HOME is set")?.join("configcat-management/swift-debian");
    let done = folder.join("project");
    if !done.is_dir() {
        ensure!(succeeds(Command::new("debootstrap").arg("--version")), "debootstrap is not here");
        ensure!(
            succeeds(Command::new("unshare").args(["--mount", "mount", "-t", "proc", "proc", "/proc"])),
            "this user may not mount anything"
        );
        step(&format!("swift: setting up Debian {SUITE} with swiftlang in {}", folder.display()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let mut command = Command::new("debootstrap");
        command.args(["--variant=minbase", &format!("--include={PACKAGES}"), SUITE]).arg(&folder);
        run(command.stdout(Stdio::null()))?;
        std::fs::create_dir(&done)?;
    }
    Ok(folder)
}

/// The tests: contract vectors, the surface, cancellation, errors, tasks.
pub fn test() -> Result<()> {
    let Some(swift) = Swift::find("nothing in Swift was tested") else { return Ok(()) };
    prepare(Profile::Dev)?;
    let servers = TestServers::start()?;
    step("swift: swift test");
    run(servers.announce(&mut swift.command("test", "bindings/ffi/swift")))?;
    step("swift: tests of examples/swift/EmergencySwitch");
    run(&mut swift.command("test", "examples/swift/EmergencySwitch"))
}

/// Runs the examples; `prepare` sets the address and the credentials of a simulator.
pub fn run_examples(run_with: &dyn Fn(&mut Command)) -> Result<()> {
    let Some(swift) = Swift::find("no example in Swift ran") else { return Ok(()) };
    prepare(Profile::Dev)?;
    for (package, program, arguments) in
        [("Quickstart", "Quickstart", ""), ("EmergencySwitch", "emergency-switch", EMERGENCY)]
    {
        step(&format!("examples/swift/{package}"));
        let mut command = swift.command("run", &format!("examples/swift/{package}"));
        command.arg(program).args(arguments.split_whitespace());
        run_with(&mut command);
        run(&mut command)?;
    }
    Ok(())
}

/// Our client beside URLSession with Codable, in one process.
pub fn bench() -> Result<()> {
    let Some(swift) = Swift::find("the Swift client was not measured") else { return Ok(()) };
    prepare(Profile::Release)?;
    let (player, _, small, large) = recorded()?;
    step("swift: building and running the bench");
    let mut command = swift.command("run", "bench/swift/Bench");
    command.args(["--configuration", "release", "Bench", "all"]);
    run(command.args([&player.url, &small, &large]))
}
