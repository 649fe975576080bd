//! A command that runs with the environment of a copy.

use crate::failure::Failure;
use std::ffi::{OsStr, OsString};
use std::hash::{BuildHasher as _, RandomState};
use std::process::{ExitStatus, Stdio};
use tokio::process::Command;

/// Where the command finds the copy.
#[derive(Debug)]
pub struct Environment<'a> {
    pub url: String,
    pub host: String,
    pub username: &'a str,
    pub password: &'a str,
}

impl Environment<'_> {
    /// The variables: ours, those of the service's own command line, and those of its Terraform provider.
    fn variables(&self) -> [(&'static str, &str); 7] {
        [
            ("CONFIGCAT_BASE_URL", &self.url),
            ("CONFIGCAT_API_HOST", &self.host),
            ("CONFIGCAT_API_USER", self.username),
            ("CONFIGCAT_API_PASS", self.password),
            ("CONFIGCAT_BASE_PATH", &self.url),
            ("CONFIGCAT_BASIC_AUTH_USERNAME", self.username),
            ("CONFIGCAT_BASIC_AUTH_PASSWORD", self.password),
        ]
    }
}

/// Returns a password for one rehearsal. The keys of `RandomState` come from the operating system.
pub fn password() -> String {
    (0..4).map(|part| format!("{:016x}", RandomState::new().hash_one(part))).collect()
}

/// Runs a command until its end, and returns its exit status as a shell does. Signals are passed to it. With `to_error`, its
/// output goes to the standard error.
pub async fn run(words: &[OsString], environment: &Environment<'_>, to_error: bool) -> Result<u8, Failure> {
    let (program, arguments) =
        words.split_first().map_or((OsStr::new(""), &[] as _), |(first, rest)| (first, rest));
    let mut command = Command::new(program);
    command.args(arguments).envs(environment.variables()).kill_on_drop(true);
    // A profile would lead to the real product.
    command.env_remove("CONFIGCAT_PROFILE");
    for name in ["NO_PROXY", "no_proxy"] {
        let before = std::env::var(name).ok().filter(|hosts| !hosts.is_empty());
        let hosts = before.map_or_else(String::new, |hosts| format!("{hosts},"));
        command.env(name, format!("{hosts}127.0.0.1,localhost"));
    }
    if to_error {
        command.stdout(error_stream()?);
    }
    // Before the command starts, so that no signal is lost.
    let signals = signals::Signals::new().map_err(|error| Failure::new(format!("signals: {error}")))?;
    let mut child = command
        .spawn()
        .map_err(|error| Failure::Program(format!("cannot run {}: {error}", program.to_string_lossy())))?;
    let status = signals.pass_until_end(&mut child).await;
    Ok(code(status.map_err(|error| Failure::new(format!("waiting for the command: {error}")))?))
}

/// Returns the standard error once more.
fn error_stream() -> Result<Stdio, Failure> {
    #[cfg(unix)]
    let copy = std::os::fd::AsFd::as_fd(&std::io::stderr()).try_clone_to_owned();
    #[cfg(windows)]
    let copy = std::os::windows::io::AsHandle::as_handle(&std::io::stderr()).try_clone_to_owned();
    copy.map(Stdio::from).map_err(|error| Failure::new(format!("the standard error: {error}")))
}

/// Exit status for shells: that of the command, or 128 and the number of the signal that ended it.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(1);
    }
    // Windows has more statuses than fit.
    status.code().map_or(1, |code| u8::try_from(code).unwrap_or(1))
}

#[cfg(unix)]
mod signals {
    use std::io::{self, IsTerminal as _};
    use std::process::ExitStatus;
    use tokio::process::Child;
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// Signals that are passed to a command.
    pub struct Signals {
        interrupt: Signal,
        terminate: Signal,
        hang_up: Signal,
    }

    impl Signals {
        pub fn new() -> io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up: signal(SignalKind::hangup())?,
            })
        }

        /// Waits until the command ends.
        pub async fn pass_until_end(mut self, child: &mut Child) -> io::Result<ExitStatus> {
            use rustix::process::Signal;
            // A terminal sends Ctrl-C to the command, too.
            let is_sent_to_both = io::stdin().is_terminal() || io::stderr().is_terminal();
            loop {
                let signal = tokio::select! {
                    status = child.wait() => return status,
                    _ = self.interrupt.recv() => (!is_sent_to_both).then_some(Signal::INT),
                    _ = self.terminate.recv() => Some(Signal::TERM),
                    _ = self.hang_up.recv() => Some(Signal::HUP),
                };
                let process = child.id().and_then(|id| rustix::process::Pid::from_raw(id.try_into().ok()?));
                if let (Some(process), Some(signal)) = (process, signal) {
                    // It may have ended.
                    let _ = rustix::process::kill_process(process, signal);
                }
            }
        }
    }
}

#[cfg(not(unix))]
mod signals {
    use std::io;
    use std::process::ExitStatus;
    use tokio::process::Child;

    /// Ctrl-C, which Windows sends to the command, too, and which must not end this process before it.
    pub struct Signals(tokio::signal::windows::CtrlC);

    impl Signals {
        pub fn new() -> io::Result<Self> {
            tokio::signal::windows::ctrl_c().map(Self)
        }

        /// Waits until the command ends.
        pub async fn pass_until_end(mut self, child: &mut Child) -> io::Result<ExitStatus> {
            loop {
                tokio::select! {
                    status = child.wait() => return status,
                    _ = self.0.recv() => {}
                }
            }
        }
    }
}
