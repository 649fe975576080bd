//! The program in a pseudo-terminal.

use crate::support::{Demo, PROGRAM};
use configcat_simulator::testing::faults::Fault;
use pty_process::blocking::{Command, Pty, open};
use std::io::{Read as _, Write as _};
use std::process::Child;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A run of the program in a pseudo-terminal.
struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    output: Receiver<Vec<u8>>,
    /// What was printed so far.
    seen: String,
}

impl Terminal {
    fn start(program: std::process::Command) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(40, 100)).unwrap();
        let child = Command::from(program).spawn(pts).unwrap();
        let pty = Arc::new(pty);
        let (sender, output) = channel();
        let reader = Arc::clone(&pty);
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            // At the end, Linux reports an error.
            while let Ok(size @ 1..) = (&*reader).read(&mut chunk) {
                if sender.send(chunk[..size].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { pty, child, output, seen: String::new() }
    }

    /// Waits until a text was printed.
    fn expect(&mut self, text: &str) {
        while !self.seen.contains(text) {
            match self.output.recv_timeout(Duration::from_secs(60)) {
                Ok(more) => self.seen.push_str(&String::from_utf8_lossy(&more)),
                Err(error) => panic!("{text:?} was not printed ({error}): {}", self.seen),
            }
        }
    }

    fn type_text(&self, text: &str) {
        (&*self.pty).write_all(text.as_bytes()).unwrap();
    }

    /// Waits for the end, and returns everything that was printed.
    fn end(mut self, status: i32) -> String {
        while let Ok(more) = self.output.recv_timeout(Duration::from_secs(60)) {
            self.seen.push_str(&String::from_utf8_lossy(&more));
        }
        let code = self.child.wait().unwrap().code();
        assert_eq!(code, Some(status), "{}", self.seen);
        self.seen.replace("\r\n", "\n")
    }
}

fn start(demo: &Demo, arguments: &[&str]) -> Terminal {
    let mut program = demo.program(arguments);
    program.env("PROGRAM", PROGRAM);
    Terminal::start(program)
}

const CHANGE: &str = "
product: Web Shop
configs:
  - name: Storefront
    settings:
      - { key: bannerText, name: Banner, values: { Test: Hi, Staging: Hi } }
";

#[test]
fn whoami_in_a_terminal_is_a_table() {
    let demo = Demo::start();
    let shown = start(&demo, &["whoami"]).end(0);
    assert_eq!(shown, "full_name  Simulator User\nemail      simulator@example.com\n");
    assert!(start(&demo, &["whoami", "--json"]).end(0).starts_with("{\n  \"email\""));
}

#[test]
fn table_is_as_wide_as_the_terminal() {
    let demo = Demo::start();
    let shown = start(&demo, &["get", "products"]).end(0);
    assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
    assert!(shown.contains("more columns: "), "{shown}");
}

#[test]
fn plan_in_a_terminal_has_colours() {
    let demo = Demo::start();
    let file = demo.write("change.yaml", CHANGE);
    let shown = start(&demo, &["plan", &file]).end(2);
    assert!(shown.contains("\u{1b}[33m  ~ Storefront / bannerText\u{1b}[0m"), "{shown}");
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let mut program = demo.program(&["plan", &file]);
        program.env(name, value);
        let plain = Terminal::start(program).end(2);
        assert!(!plain.contains('\u{1b}') && plain.contains("~ Storefront / bannerText"), "{plain}");
    }
}

#[test]
fn flag_grid_in_a_terminal_has_colours() {
    let demo = Demo::start();
    let grid = ["flags", "Web Shop/Storefront"];
    let shown = start(&demo, &grid).end(0);
    assert!(shown.contains("\u{1b}[32mtrue\u{1b}[0m"), "{shown}");
    let mut program = demo.program(&grid);
    program.env("NO_COLOR", "1");
    assert!(!Terminal::start(program).end(0).contains('\u{1b}'));
    let mut piped = demo.program(&grid);
    let output = piped.env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("\u{1b}[32mtrue\u{1b}[0m"));
}

#[test]
fn apply_in_a_terminal_asks() {
    let demo = Demo::start();
    let file = demo.write("change.yaml", CHANGE);
    for answer in ["n\n", "\n", "yess\n"] {
        let mut terminal = start(&demo, &["apply", &file]);
        terminal.expect("Apply this to Web Shop? [y/N] ");
        assert!(terminal.seen.contains("Plan: 3 to update"), "{}", terminal.seen);
        terminal.type_text(answer);
        assert!(terminal.end(1).contains("error: nothing was applied\n"));
    }
    assert_eq!(demo.writes(), 0);
    let mut terminal = start(&demo, &["apply", &file]);
    terminal.expect("[y/N] ");
    terminal.type_text("Yes\n");
    let shown = terminal.end(0);
    assert!(shown.contains(" of 3 steps") && shown.contains("3 applied, with "), "{shown}");
    assert!(demo.writes() > 0);
}

#[test]
fn interrupt_at_the_question_applies_nothing() {
    let demo = Demo::start();
    let file = demo.write("change.yaml", CHANGE);
    let mut terminal = start(&demo, &["apply", &file]);
    terminal.expect("[y/N] ");
    terminal.type_text("\u{3}");
    terminal.end(130);
    assert_eq!(demo.writes(), 0);
}

/// Delays the change of a flag's name, which comes before the changes of values.
fn slow(milliseconds: u64) -> Fault {
    Fault { operation: Some("settings.patch".into()), delay_ms: Some(milliseconds), ..Fault::default() }
}

#[test]
fn interrupted_apply_reports_what_was_done() {
    let demo = Demo::start();
    let before = demo.run(&["export", "Web Shop"]).expect(0);
    let file = demo.write("change.yaml", CHANGE);
    demo.simulator.add_fault(slow(1_000)).unwrap();
    let terminal = start(&demo, &["apply", &file, "--yes", "--report", "report.json"]);
    demo.wait_for_fault();
    terminal.type_text("\u{3}");
    let shown = terminal.end(130);
    assert!(shown.contains("stopping when the requests in flight are completed"), "{shown}");
    assert!(shown.contains("1 applied, 2 skipped, with "), "{shown}");
    demo.simulator.clear_faults();
    demo.run(&["undo", "report.json", "--yes"]).expect(0);
    assert_eq!(demo.run(&["export", "Web Shop"]).expect(0), before);
}

#[test]
fn second_interrupt_stops_at_once() {
    let demo = Demo::start();
    let file = demo.write("change.yaml", CHANGE);
    demo.simulator.add_fault(slow(60_000)).unwrap();
    let mut terminal = start(&demo, &["apply", &file, "--yes"]);
    demo.wait_for_fault();
    terminal.type_text("\u{3}");
    terminal.expect("Ctrl-C again stops at once");
    terminal.type_text("\u{3}");
    assert!(terminal.end(130).contains("interrupted: what is done stays done"));
    demo.simulator.clear_faults();
    start(&demo, &["apply", &file, "--yes"]).end(0);
    assert_eq!(demo.run(&["plan", &file]).status, Some(0));
}

#[test]
fn rehearsal_in_a_terminal_asks_before_it_applies() {
    let demo = Demo::start();
    let script = "test -t 1 && \"$PROGRAM\" flag on 'Web Shop' Storefront newCheckout Staging";
    let mut terminal = start(&demo, &["rehearse", "Web Shop", "--apply", "--", "sh", "-c", script]);
    terminal.expect("Apply this to Web Shop? [y/N] ");
    assert_eq!(demo.writes(), 0);
    terminal.type_text("y\n");
    assert!(terminal.end(0).contains("1 applied"));
    let flag = ["flag", "show", "Web Shop", "Storefront", "newCheckout", "Staging"];
    assert_eq!(demo.json(&flag)["default"], true);
}

#[test]
fn interrupt_in_a_terminal_reaches_the_command_once() {
    let demo = Demo::start();
    let script = "trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.01; done";
    let mut terminal = start(&demo, &["rehearse", "Web Shop", "--", "sh", "-c", script]);
    terminal.expect("ready");
    terminal.type_text("\u{3}");
    let shown = terminal.end(9);
    assert_eq!(shown.matches("caught").count(), 1, "{shown}");
    assert!(shown.contains("No changes: the command has changed nothing"), "{shown}");
}
