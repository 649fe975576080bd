//! `rehearse`, in pipes.

use crate::support::{Demo, PRODUCT, PROGRAM, Run, wait_until};
use configcat_simulator::testing::faults::Fault;
use serde_json::Value;
use std::process::Stdio;

/// A script that turns a flag on, with the program itself.
const TURN_ON: &str = "\"$PROGRAM\" flag on 'Web Shop' Storefront newCheckout Staging";

const FLAG: [&str; 6] = ["flag", "show", "Web Shop", "Storefront", "newCheckout", "Staging"];

fn rehearse(demo: &Demo, options: &[&str], script: &str) -> Run {
    let command = [&["rehearse", "Web Shop"], options, &["--", "sh", "-c", script]].concat();
    demo.program(&command).env("PROGRAM", PROGRAM).stdin(Stdio::null()).output().unwrap().into()
}

#[test]
fn rehearsal_shows_what_the_command_changed() {
    let demo = Demo::start();
    let run = rehearse(&demo, &[], &format!("echo started; {TURN_ON} > /dev/null"));
    let out = run.expect(0);
    assert!(out.starts_with("started\nvalues\n  ~ Storefront / newCheckout / Staging\n"), "{out}");
    assert_eq!(demo.writes(), 0, "the product is only read");
    let unchanged = rehearse(&demo, &[], "true").expect(0);
    assert_eq!(unchanged, "No changes: the command has changed nothing in Web Shop.\n");
}

#[test]
fn rehearsed_command_finds_the_copy_in_its_environment() {
    let demo = Demo::start();
    let names = "echo \"$CONFIGCAT_BASE_URL $CONFIGCAT_BASE_PATH $CONFIGCAT_API_HOST\"
        echo \"$CONFIGCAT_API_USER $CONFIGCAT_BASIC_AUTH_USERNAME\"
        echo \"$CONFIGCAT_API_PASS $CONFIGCAT_BASIC_AUTH_PASSWORD $NO_PROXY\"";
    let out = rehearse(&demo, &[], names).expect(0);
    let lines: Vec<Vec<&str>> = out.lines().map(|line| line.split(' ').collect()).collect();
    assert_eq!(lines[0][0], lines[0][1]);
    assert_eq!(lines[0][0], format!("http://{}", lines[0][2]));
    assert_ne!(lines[0][0], demo.simulator.url());
    assert_eq!(lines[1], ["rehearsal", "rehearsal"]);
    assert_eq!(lines[2][0], lines[2][1]);
    assert!(lines[2][0].len() >= 32 && lines[2][2].contains("127.0.0.1"), "{out}");
    let other = rehearse(&demo, &[], names).expect(0);
    assert_ne!(other.lines().nth(2), out.lines().nth(2), "the password is generated each time");
}

#[test]
fn rehearsal_is_applied_with_apply_and_yes() {
    let demo = Demo::start();
    let refused = rehearse(&demo, &["--apply"], TURN_ON).fails(1);
    assert!(refused.contains("--yes is required"), "{refused}");
    assert_eq!(demo.writes(), 0);
    let options = ["--apply", "--yes", "--report", "report.json"];
    let out = rehearse(&demo, &options, TURN_ON).expect(0);
    assert!(out.ends_with(" requests.\n") && out.contains("1 applied"), "{out}");
    assert_eq!(demo.json(&FLAG)["default"], true);
    demo.run(&["undo", "report.json", "--yes"]).expect(0);
    assert_eq!(demo.json(&FLAG)["default"], false);
}

#[test]
fn rehearsal_is_not_applied_over_changes_of_others() {
    let demo = Demo::start();
    let others = format!(
        "CONFIGCAT_BASE_URL={} CONFIGCAT_API_USER=simulator CONFIGCAT_API_PASS=simulator",
        demo.simulator.url()
    );
    let set = "\"$PROGRAM\" flag set 'Web Shop' Storefront maxItemsInCart Test";
    let script = format!("{set} 7 && {TURN_ON} && {others} {set} 8");
    let out = rehearse(&demo, &["--apply", "--yes"], &script).expect(3);
    assert!(out.contains("conflict: values Storefront / maxItemsInCart / Test"), "{out}");
    assert!(out.contains("1 applied, 1 in conflict"), "{out}");
    assert_eq!(demo.json(&["flag", "show", "Web Shop", "Storefront", "maxItemsInCart", "Test"]), 8);
    assert_eq!(demo.json(&FLAG)["default"], true);
}

#[test]
fn status_of_the_command_is_passed_and_nothing_applied() {
    let demo = Demo::start();
    let run = rehearse(&demo, &["--apply", "--yes"], &format!("{TURN_ON}; exit 7"));
    assert!(run.out.contains("Storefront / newCheckout / Staging"), "{run:?}");
    assert!(run.fails(7).contains("the command ended with status 7; nothing was applied"));
    assert_eq!(demo.writes(), 0);
    rehearse(&demo, &[], "kill -9 $$").fails(137);
    let missing = demo.run(&["rehearse", "Web Shop", "--", "no-such-program"]).fails(127);
    assert!(missing.contains("cannot run no-such-program"), "{missing}");
    assert!(demo.run(&["rehearse", "Web Shp", "--", "true"]).fails(1).contains("did you mean \"Web Shop\"?"));
    demo.run(&["rehearse", "Web Shop"]).fails(2);
    demo.run(&["rehearse", "Web Shop", "--yes", "--", "true"]).fails(2);
}

#[test]
fn json_has_the_output_to_itself() {
    let demo = Demo::start();
    let run = rehearse(&demo, &["--json"], &format!("echo started; {TURN_ON} > /dev/null"));
    let plan: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(plan["steps"][0]["section"], "values");
    assert!(run.err.contains("started\n") && run.err.contains("Plan: 1 to update"), "{run:?}");
    let run = rehearse(&demo, &["--json", "--apply", "--yes"], TURN_ON);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["outcomes"][0]["status"], "done");
}

#[test]
fn signals_are_passed_to_the_command() {
    use rustix::process::{Pid, Signal, kill_process};
    let demo = Demo::start();
    for (signal, name, status) in
        [(Signal::INT, "INT", 5), (Signal::TERM, "TERM", 6), (Signal::HUP, "HUP", 7)]
    {
        let ready = demo.file(name);
        let script =
            format!("trap 'exit {status}' {name}; touch {}; while :; do sleep 0.01; done", ready.display());
        let mut program = demo.program(&["rehearse", "Web Shop", "--", "sh", "-c", &script]);
        program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = program.spawn().unwrap();
        wait_until(|| ready.exists());
        kill_process(Pid::from_child(&child), signal).unwrap();
        let run = Run::from(child.wait_with_output().unwrap());
        assert!(run.out.contains("No changes"), "{run:?}");
        run.fails(status);
    }
}

#[test]
fn changes_that_are_not_part_of_the_plan_are_named() {
    let demo = Demo::start();
    let webhook = "\"$PROGRAM\" call webhooks.create config_id=50000000-0000-4000-8000-000000000001 \\
        environment_id=30000000-0000-4000-8000-000000000001 url=https://hook.example http_method=post > /dev/null";
    let run = rehearse(&demo, &[], &format!("{webhook} && {webhook}; {TURN_ON} > /dev/null"));
    assert!(run.err.contains("note: not part of the plan: webhooks.create (2 calls)\n"), "{run:?}");
    assert!(run.err.contains("note: the copy has no proxy profiles"), "{run:?}");
    assert!(!run.err.contains("flag_values") && run.out.contains("1 to update"), "{run:?}");
}

#[test]
fn placeholders_of_secrets_are_named() {
    let demo = Demo::start();
    let headers = r#"web_hook_headers=[{"key": "X-Token", "value": "hidden", "is_secure": true}, {"key": "X-Plain", "value": "seen"}]"#;
    let create = [
        "call",
        "webhooks.create",
        "config_id=50000000-0000-4000-8000-000000000001",
        "environment_id=30000000-0000-4000-8000-000000000001",
        "url=https://hook.example/a",
        headers,
    ];
    let id = demo.json(&create)["webhookId"].clone();
    let read = format!(
        "\"$PROGRAM\" call webhooks.get webhook_id={id} | tr -d '\\n '; \"$PROGRAM\" get webhooks product_id={PRODUCT}"
    );
    let run = rehearse(&demo, &[], &read);
    let of = "of the webhook https://hook.example/a (Storefront / Test)\n";
    assert!(run.err.contains(&format!("note: placeholders in the copy: signing keys {of}")), "{run:?}");
    assert!(
        run.err.contains(&format!("note: placeholders in the copy: secure header X-Token {of}")),
        "{run:?}"
    );
    assert!(!run.err.contains("X-Plain"), "{run:?}");
    assert!(run.out.contains("\"seen\"") && !run.out.contains("hidden"), "{run:?}");
    assert!(run.out.contains(&format!("\"webhookId\":{id}")), "{run:?}");
}

#[test]
fn rehearsal_needs_no_right_to_read_secrets() {
    let demo = Demo::start();
    let hidden = Fault { operation: Some("webhooks.list".into()), status: Some(403), ..Fault::default() };
    demo.simulator.add_fault(hidden).unwrap();
    // The product manager may not see SDK keys.
    let mut program = demo.program(&["rehearse", "Web Shop", "--", "true"]);
    program.env("CONFIGCAT_API_USER", "grace").env("CONFIGCAT_API_PASS", "grace");
    let run = Run::from(program.stdin(Stdio::null()).output().unwrap());
    assert!(run.out.contains("No changes"), "{run:?}");
}
