//! `completion`, `man` and `simulator`.

use crate::support::{Demo, bare};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

fn script(demo: &Demo, shell: &str) -> String {
    demo.run(&["completion", shell]).expect(0)
}

#[test]
fn completion_script_contains_commands_and_operations() {
    let demo = Demo::start();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(script(&demo, shell).contains("rehearse"), "{shell}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = script(&demo, shell);
        assert!(script.contains("settings.create") && script.contains("audit_logs"), "{shell}");
    }
}

#[test]
fn bash_completes_operation_names() {
    let demo = Demo::start();
    let ask = "COMP_WORDS=(configcat-management call settings.cr); COMP_CWORD=2
        function=$(complete -p configcat-management | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        $function configcat-management settings.cr call; echo ${COMPREPLY[@]}";
    let bash = Command::new("bash").args(["-c", &format!("{}\n{ask}", script(&demo, "bash"))]).output();
    // Not every machine has it.
    let Ok(bash) = bash else { return };
    assert_eq!(String::from_utf8_lossy(&bash.stdout), "settings.create\n", "{bash:?}");
}

#[test]
fn man_writes_a_page_per_command() {
    let demo = Demo::start();
    demo.run(&["man", "pages/man1"]).expect(0);
    let page = demo.read("pages/man1/configcat-management-promote.1");
    assert!(page.contains(".TH") && page.contains("Production"), "{page}");
    assert!(demo.read("pages/man1/configcat-management.1").contains("rehearse"));
    assert!(demo.file("pages/man1/configcat-management-flag-on.1").exists());
    let file = demo.write("file", "");
    assert!(demo.run(&["man", &file]).fails(1).contains("file: "));
}

#[test]
fn simulator_runs_until_a_signal() {
    let demo = Demo::start();
    let mut program = bare(demo.folder.path(), &["simulator", "--seed", "demo", "--port", "0"]);
    let mut child = program.stdout(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let mut other = demo.program(&["get", "products"]);
    let products = other.env("CONFIGCAT_BASE_URL", url.trim()).output().unwrap();
    assert!(String::from_utf8_lossy(&products.stdout).contains("Back Office"), "{products:?}");
    #[cfg(unix)]
    {
        let id = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    let _ = child.kill();
    let help = demo.run(&["simulator", "--help"]).expect(0);
    assert!(
        help.contains("Usage: configcat-management simulator") && help.contains("--rate-limit"),
        "{help}"
    );
}
