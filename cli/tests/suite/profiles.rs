//! Profiles of the configuration file.

use crate::support::{Demo, Run, bare};
use std::path::Path;

/// Runs `whoami` with a configuration file and variables of the environment.
fn whoami(demo: &Demo, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut program = bare(demo.folder.path(), &[&["whoami"], arguments].concat());
    program.envs(variables.iter().copied()).output().unwrap().into()
}

/// Writes the configuration file where the program looks for it.
fn configure(demo: &Demo, text: &str) -> std::path::PathBuf {
    let folder = if cfg!(windows) { "configcat-management" } else { ".config/configcat-management" };
    std::fs::create_dir_all(demo.file(folder)).unwrap();
    let file = demo.file(folder).join("config.toml");
    std::fs::write(&file, text.replace("URL", &demo.simulator.url())).unwrap();
    set_mode(&file, 0o600);
    file
}

#[cfg(unix)]
fn set_mode(file: &Path, mode: u32) {
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

const PROFILES: &str = r#"
default_profile = "owner"

[profiles.owner]
base_url = "URL"
username = "simulator"
password_command = "echo simulator"

[profiles.ada]
base_url = "URL"
username = "ada"
password = "ada"
"#;

#[test]
fn profile_is_chosen_by_option_then_variable_then_default() {
    let demo = Demo::start();
    configure(&demo, PROFILES);
    let url = demo.simulator.url();
    let grace =
        [("CONFIGCAT_API_USER", "grace"), ("CONFIGCAT_API_PASS", "grace"), ("CONFIGCAT_BASE_URL", &*url)];
    let by_variable = [("CONFIGCAT_PROFILE", "ada")];
    for (arguments, variables, email) in [
        (&[] as &[&str], &[] as &[(&str, &str)], "simulator@example.com"),
        (&[], &by_variable, "ada@shop.example"),
        (&[], &grace, "grace@shop.example"),
        (&["--profile", "ada"], &grace, "ada@shop.example"),
        (&["--profile", "owner"], &by_variable, "simulator@example.com"),
    ] {
        let shown = whoami(&demo, arguments, variables).expect(0);
        assert!(shown.contains(email), "{arguments:?} {variables:?}: {shown}");
    }
}

#[test]
fn url_of_the_environment_wins_over_the_default_profile() {
    let demo = Demo::start();
    configure(&demo, &PROFILES.replace("URL", "http://127.0.0.1:9"));
    let url = demo.simulator.url();
    whoami(&demo, &[], &[("CONFIGCAT_BASE_URL", &*url)]).expect(0);
    whoami(&demo, &[], &[("CONFIGCAT_API_HOST", &*url)]).expect(0);
    whoami(&demo, &["--profile", "owner"], &[("CONFIGCAT_BASE_URL", &*url)]).fails(1);
}

#[test]
fn configuration_file_is_found_by_variables() {
    let demo = Demo::start();
    let file = configure(&demo, PROFILES);
    let moved = demo.file("moved/configcat-management");
    std::fs::create_dir_all(&moved).unwrap();
    std::fs::rename(file, moved.join("config.toml")).unwrap();
    let (folder, file) = (demo.file("moved"), moved.join("config.toml"));
    whoami(&demo, &[], &[("CONFIGCAT_CONFIG", file.to_str().unwrap())]).expect(0);
    let variable = if cfg!(windows) { "APPDATA" } else { "XDG_CONFIG_HOME" };
    whoami(&demo, &[], &[(variable, folder.to_str().unwrap())]).expect(0);
    whoami(&demo, &[], &[]).fails(1);
    assert!(whoami(&demo, &["--profile", "ada"], &[]).fails(1).contains("no such configuration file"));
}

#[cfg(unix)]
#[test]
fn password_that_others_can_read_is_refused() {
    let demo = Demo::start();
    let file = configure(&demo, PROFILES);
    set_mode(&file, 0o640);
    let refused = whoami(&demo, &["--profile", "ada"], &[]).fails(1);
    assert!(refused.contains("profile \"ada\": others can read the password"), "{refused}");
    // A command is no secret.
    whoami(&demo, &["--profile", "owner"], &[]).expect(0);
}

#[test]
fn invalid_configuration_is_reported_without_secrets() {
    let demo = Demo::start();
    for (text, message) in [
        ("[profiles.a]\nusername = 'u'\npassword = 'hidden\n", "line 3"),
        ("[profiles.a]\nusername = 'u'\npasword = 'hidden'\n", "unknown field `pasword`"),
        ("[profiles.a]\nusername = 'u'\n", "profile \"a\": password_command is missing"),
        ("[profiles.a]\npassword = 'hidden'\n", "profile \"a\": username is missing"),
        ("[profiles.a]\nusername = 'u'\npassword = 'hidden'\npassword_command = 'x'\n", "exclude each other"),
        ("[profiles.a]\nusername = 'u'\npassword_command = 'exit 3'\n", "password_command ended with exit"),
        ("[profiles.a]\nusername = 'u'\npassword_command = 'exit 0'\n", "printed nothing"),
        ("[profiles.alpha]\nusername = 'u'\npassword = 'hidden'\n", "there is no profile \"a\""),
    ] {
        configure(&demo, text);
        let refused = whoami(&demo, &["--profile", "a"], &[]).fails(1);
        assert!(refused.contains(message) && !refused.contains("hidden"), "{text}: {refused}");
        assert!(refused.contains("config.toml: "), "{refused}");
    }
}
