//! Credentials and URL: from the configuration file, or from the environment.

use crate::failure::Failure;
use configcat_management::{Builder, Client};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Profile that is used if none is named.
const DEFAULT: &str = "default";

/// The configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Configuration {
    default_profile: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

/// An account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    base_url: Option<String>,
    username: Option<String>,
    password: Option<String>,
    password_command: Option<String>,
}

/// Does not show the password.
impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Profile").field("username", &self.username).finish_non_exhaustive()
    }
}

/// Returns a builder with the settings of a profile that the command line names, or else of the environment, or else of the
/// default profile.
pub fn builder(named: Option<&str>) -> Result<Builder, Failure> {
    let file = path();
    if let Some(name) = named {
        let (file, mut found) = required(file.as_deref())?;
        return from_profile(Client::builder(), &file, &mut found, name);
    }
    let environment = Builder::from_env();
    if variable("CONFIGCAT_API_USER").is_some() || variable("CONFIGCAT_API_PASS").is_some() {
        return Ok(environment);
    }
    if let Some(name) = variable("CONFIGCAT_PROFILE") {
        let (file, mut found) = required(file.as_deref())?;
        return from_profile(environment, &file, &mut found, &name).map(with_url_of_environment);
    }
    let Some((file, mut found)) = file.and_then(|file| load(&file).transpose()).transpose()? else {
        return Ok(environment);
    };
    let default = found.default_profile.clone();
    match default.or_else(|| found.profiles.contains_key(DEFAULT).then(|| DEFAULT.to_owned())) {
        Some(name) => from_profile(environment, &file, &mut found, &name).map(with_url_of_environment),
        None => Ok(environment),
    }
}

/// Replaces the URL by the one of the environment, if it has one.
fn with_url_of_environment(builder: Builder) -> Builder {
    if let Some(url) = variable("CONFIGCAT_BASE_URL") {
        return builder.base_url(url);
    }
    match variable("CONFIGCAT_API_HOST") {
        Some(host) if host.contains("://") => builder.base_url(host),
        Some(host) => builder.base_url(format!("https://{host}")),
        None => builder,
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Returns the path of the configuration file.
fn path() -> Option<PathBuf> {
    if let Some(path) = variable("CONFIGCAT_CONFIG") {
        return Some(path.into());
    }
    let folder = variable(if cfg!(windows) { "APPDATA" } else { "XDG_CONFIG_HOME" }).map(PathBuf::from);
    let folder = folder.or_else(|| Some(Path::new(&variable("HOME")?).join(".config")))?;
    Some(folder.join("configcat-management").join("config.toml"))
}

/// Reads the configuration file; `None` if there is none.
fn load(file: &Path) -> Result<Option<(PathBuf, Configuration)>, Failure> {
    let text = match std::fs::read_to_string(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|error| in_file(file, &error))?,
    };
    match toml::from_str(&text) {
        Ok(found) => Ok(Some((file.to_owned(), found))),
        // Without the line itself, which may contain a password.
        Err(error) => {
            let line = error.span().and_then(|span| text.get(..span.start));
            let line = line.map_or(1, |before| before.matches('\n').count() + 1);
            Err(in_file(file, &format!("line {line}: {}", error.message())))
        }
    }
}

/// Reads the configuration file, which has to exist.
fn required(file: Option<&Path>) -> Result<(PathBuf, Configuration), Failure> {
    let Some(file) = file else {
        return Err(Failure::new("there is no configuration file: set CONFIGCAT_CONFIG or HOME"));
    };
    load(file)?.ok_or_else(|| in_file(file, &"there is no such configuration file"))
}

fn in_file(file: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("{}: {error}", file.display()))
}

/// Adds the settings of a profile to a builder.
fn from_profile(
    builder: Builder,
    file: &Path,
    found: &mut Configuration,
    name: &str,
) -> Result<Builder, Failure> {
    let Some(profile) = found.profiles.remove(name) else {
        let known = found.profiles.keys().map(String::as_str);
        let hint = match configcat_management::call::suggestion(name, known) {
            Some(similar) => format!("; did you mean {similar:?}?"),
            None => String::new(),
        };
        return Err(in_file(file, &format!("there is no profile {name:?}{hint}")));
    };
    let in_profile = |problem: &str| in_file(file, &format!("profile {name:?}: {problem}"));
    let username = profile.username.ok_or_else(|| in_profile("username is missing"))?;
    let password = match (profile.password, profile.password_command) {
        (None, None) => return Err(in_profile("password_command is missing")),
        (Some(_), Some(_)) => return Err(in_profile("password and password_command exclude each other")),
        (Some(_), None) if is_shared(file) => {
            return Err(in_profile(
                "others can read the password: use password_command, or run chmod 600 on the file",
            ));
        }
        (Some(password), None) => password,
        (None, Some(command)) => password_of(&command).map_err(|problem| in_profile(&problem))?,
    };
    let builder = builder.credentials(username, password);
    Ok(match profile.base_url {
        Some(url) => builder.base_url(url),
        None => builder,
    })
}

/// Whether other users can read a file.
#[cfg(unix)]
fn is_shared(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    // Unknown counts as shared.
    std::fs::metadata(file).map_or(true, |metadata| metadata.permissions().mode() & 0o077 != 0)
}

/// Whether other users can read a file. Windows has lists of rights, and the folder of settings is private.
#[cfg(not(unix))]
const fn is_shared(_: &Path) -> bool {
    false
}

/// Runs the command that prints the password.
fn password_of(command: &str) -> Result<String, String> {
    let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    shell.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(command);
    let output = shell.stderr(Stdio::inherit()).stdin(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("password_command cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("password_command ended with {}", output.status));
    }
    let password = String::from_utf8(output.stdout).map_err(|_| "password_command printed no text")?;
    match password.trim_end_matches(['\r', '\n']) {
        "" => Err("password_command printed nothing".to_owned()),
        password => Ok(password.to_owned()),
    }
}
