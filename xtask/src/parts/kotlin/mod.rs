//! The Kotlin packages: libraries and bindings for the Maven build, tests, distribution and examples.

pub mod bench;
pub mod reference;

use crate::parts::mobile_library::{Language, bindings, client, ship_as, simulator};
use crate::parts::swift::EMERGENCY;
use crate::support::files::fingerprint;
use crate::support::process::{run, run_tests, step};
use crate::support::python::Profile;
use crate::support::report;
use crate::support::servers::TestServers;
use crate::support::toolbox::available;
use crate::support::workspace::{cargo, root, target};
use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

fn project() -> PathBuf {
    root().join("bindings/ffi/kotlin")
}

/// Returns the directory in which JNA looks for a library for this platform.
fn platform() -> Result<&'static str> {
    Ok(match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x86-64",
        ("linux", "aarch64") => "linux-aarch64",
        ("macos", "x86_64") => "darwin-x86-64",
        ("macos", "aarch64") => "darwin-aarch64",
        ("windows", "x86_64") => "win32-x86-64",
        (os, arch) => bail!("no Kotlin package for {os} on {arch}"),
    })
}

/// Module and name of the client's library. The C library has another name: a search by name would find either.
const CLIENT: (&str, &str) = ("client", "configcat_management_jvm");

/// Module and name of the simulator's library.
const SIMULATOR: (&str, &str) = ("testing", "configcat_management_simulator_jvm");

/// Returns the path of a library in its module. JNA looks for resources of the JAR in a directory per platform.
fn shipped((module, name): (&str, &str)) -> Result<PathBuf> {
    let file = format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    Ok(project().join(module).join("native").join(platform()?).join(file))
}

/// Builds the libraries into the directories of the packages, and writes their uniffi bindings.
pub fn prepare(profile: Profile) -> Result<()> {
    step("kotlin: libraries");
    let library = client(profile)?;
    for (library, to) in [(&library, CLIENT), (&simulator(profile)?, SIMULATOR)] {
        let to = shipped(to)?;
        ship_as(library, profile, &to)?;
        // Libraries of earlier versions of this command had other names.
        for entry in std::fs::read_dir(to.parent().context("a library is in no directory")?)? {
            let file = entry?.path();
            if file != to {
                std::fs::remove_file(file)?;
            }
        }
    }
    bindings(Language::Kotlin, &library, |file| Some(project().join("client/bindings").join(file)))
}

/// Options that let Maven repeat a download that hangs after a minute, as its releases spell them. Without them it waits for half
/// an hour.
const DOWNLOADS: [&str; 4] = [
    "-Dmaven.wagon.rto=60000",
    "-Dmaven.wagon.http.retryHandler.count=3",
    "-Daether.connector.requestTimeout=60000",
    "-Daether.transport.http.requestTimeout=60000",
];

/// The compiler's daemon would go on for hours after the build, and a build that waits for it can hang.
const NO_DAEMON: &str = "-Dkotlin.compiler.daemon=false";

/// Returns a Maven command in the project, in batch mode and without download progress.
pub fn maven() -> Command {
    let mut command = Command::new("mvn");
    command
        .current_dir(project())
        .args(["--batch-mode", "--no-transfer-progress", NO_DAEMON])
        .args(DOWNLOADS);
    command
}

/// Whether Maven and a Java compiler are installed; reports a skip if not.
pub fn here(what: &str) -> bool {
    available("javac", what) && available("mvn", what)
}

/// Runs the tests: contract vectors, API surface, cancellation, errors, threads, memory, Java.
pub fn test() -> Result<()> {
    if !here("nothing in Kotlin was tested") {
        return Ok(());
    }
    let _project = PROJECT.lock().unwrap_or_else(PoisonError::into_inner);
    prepare(Profile::Dev)?;
    step("tests of the bindings generator");
    run_tests(cargo()?.args(["test", "--quiet", "--package", "configcat-management-bindgen"]))?;
    let servers = TestServers::start()?;
    step("mvn test");
    let sources = Sources::read()?;
    run_tests(servers.announce(maven().args(sources.phases()).arg("test")))?;
    sources.compiled()
}

/// Held while Maven runs in the project, because two runs must not share its output directories.
static PROJECT: Mutex<()> = Mutex::new(());

/// Fingerprint of the inputs of the Kotlin compiler, which takes half a minute to detect that nothing changed.
struct Sources {
    stamp: PathBuf,
    fingerprint: String,
}

impl Sources {
    fn read() -> Result<Self> {
        let directories = [project(), root().join("tests/kotlin"), root().join("examples/kotlin")];
        let fingerprint = fingerprint(&directories, &["target", "native"])?.to_string();
        Ok(Self { stamp: project().join("tests/target/compiled-from"), fingerprint })
    }

    /// Returns the Maven arguments that skip compilation if everything was compiled from the same sources.
    fn phases(&self) -> &'static [&'static str] {
        let classes = ["client/target/classes", "testing/target/classes", "tests/target/test-classes"];
        let fresh = std::fs::read_to_string(&self.stamp).is_ok_and(|stamp| stamp == self.fingerprint);
        if fresh && classes.iter().all(|folder| project().join(folder).is_dir()) {
            &[
                "-Dkotlin.bindings.phase=none",
                "-Dkotlin.compile.phase=none",
                "-Dkotlin.test.compile.phase=none",
            ]
        } else {
            &[]
        }
    }

    /// Records that all sources were compiled.
    fn compiled(&self) -> Result<()> {
        std::fs::write(&self.stamp, &self.fingerprint)?;
        Ok(())
    }
}

/// Builds the distribution JARs with the library for this platform, and installs them into Maven's local repository.
pub fn dist() -> Result<()> {
    if !here("no JAR was built") {
        return Ok(());
    }
    let _project = PROJECT.lock().unwrap_or_else(PoisonError::into_inner);
    prepare(Profile::Release)?;
    step("kotlin: mvn install");
    run(maven().args(["install", "--quiet", "-DskipTests", "-Pdist", "--projects", ".,client,testing"]))?;
    let folder = target("dist-kotlin")?;
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    for (module, name) in [("client", "configcat-management"), ("testing", "configcat-management-testing")] {
        for kind in ["", "-sources", "-javadoc"] {
            let jar = format!("{name}-{}{kind}.jar", env!("CARGO_PKG_VERSION"));
            let size = std::fs::copy(project().join(module).join("target").join(&jar), folder.join(&jar))
                .with_context(|| format!("Maven built no {jar}"))?;
            report::passed(1);
            report::note(&format!("{jar}: {:.2} MB", size as f64 / 1e6));
        }
    }
    let library = project().join("client/native").join(platform()?);
    for entry in std::fs::read_dir(library)? {
        let entry = entry?;
        let size = entry.metadata()?.len() as f64 / 1e6;
        report::note(&format!("{}: {size:.2} MB", entry.file_name().display()));
    }
    Ok(())
}

/// Runs the examples. `run_with` sets the URL and the credentials of a simulator.
pub fn run_examples(run_with: &dyn Fn(&mut Command)) -> Result<()> {
    if !here("no example in Kotlin ran") {
        return Ok(());
    }
    let _project = PROJECT.lock().unwrap_or_else(PoisonError::into_inner);
    prepare(Profile::Dev)?;
    let sources = Sources::read()?;
    step("examples/kotlin");
    let mut command = maven();
    command.args(sources.phases());
    command.args(["test", "--quiet", "--also-make", "-DskipTests", "-Dexec.skip=false"]);
    // The quickstart ignores arguments.
    command.args(["--projects", ":quickstart,:emergency-switch"]).arg(format!("-Dexec.args={EMERGENCY}"));
    run_with(&mut command);
    run(&mut command)?;
    report::passed(2);
    Ok(())
}
