//! Exit statuses, and the standard streams.

use crate::support::{Demo, bare};
use configcat_simulator::testing::faults::Fault;
use std::process::Stdio;

#[test]
fn help_goes_to_the_output_and_has_examples() {
    let demo = Demo::start();
    for command in
        ["export", "plan", "apply", "promote", "compare", "clone", "undo", "rehearse", "flag", "get", "call"]
    {
        let help = demo.run(&[command, "--help"]).expect(0);
        assert!(
            help.contains("Example") && help.contains(&format!("configcat-management {command}")),
            "{help}"
        );
    }
    assert!(demo.run(&["--help"]).expect(0).contains("Exit status:"));
    assert!(demo.run(&["--version"]).expect(0).starts_with("configcat-management "));
}

#[test]
fn invalid_command_line_ends_with_2_but_1_for_plan() {
    let demo = Demo::start();
    assert_eq!(demo.run(&[]).status, Some(2));
    assert_eq!(demo.run(&["aply"]).status, Some(2));
    assert_eq!(demo.run(&["apply"]).status, Some(2));
    assert_eq!(demo.run(&["plan"]).status, Some(1));
    assert_eq!(demo.run(&["plan", "file", "--approval", "maybe"]).status, Some(1));
    assert_eq!(demo.run(&["plan", "--help"]).status, Some(0));
    assert!(demo.run(&["plan", "missing.yaml"]).fails(1).contains("missing.yaml: "));
    let wrong = demo.write("wrong.yaml", "product: Web Shop\ntgas: []\n");
    let message = demo.run(&["plan", &wrong]).fails(1);
    assert!(message.contains("wrong.yaml: ") && message.contains("tgas"), "{message}");
}

#[test]
fn missing_credentials_name_the_variable() {
    let demo = Demo::start();
    let output = bare(demo.folder.path(), &["whoami"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("CONFIGCAT_API_USER"), "{output:?}");
}

#[test]
fn output_that_its_reader_closes_is_no_error() {
    let demo = Demo::start();
    let mut child =
        demo.program(&["operations"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
}

#[cfg(unix)]
#[test]
fn full_output_is_an_error() {
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else { return };
    let demo = Demo::start();
    let output = demo.program(&["operations"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the standard output"), "{output:?}");
}

#[cfg(unix)]
#[test]
fn interrupt_ends_with_130() {
    let demo = Demo::start();
    let slow = Fault { operation: Some("me.get".into()), delay_ms: Some(60_000), ..Fault::default() };
    demo.simulator.add_fault(slow).unwrap();
    let mut child = demo.program(&["whoami"]).spawn().unwrap();
    demo.wait_for_fault();
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
