//! `flags`, and tables in terminals of any width.

use crate::support::{Demo, bare};
use serde_json::json;

const STOREFRONT: [&str; 2] = ["flags", "Web Shop/Storefront"];

#[test]
fn flags_prints_a_row_per_flag_and_a_column_per_environment() {
    let demo = Demo::start();
    let grid = demo.run(&STOREFRONT).expect(0);
    let lines: Vec<Vec<&str>> = grid.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["flag", "type", "Test", "Staging", "Production"]);
    assert_eq!(lines[2], ["newCheckout", "boolean", "true", "false", "+2", "rules", "%", "false"]);
    assert!(
        grid.contains("bannerText") && grid.contains("\"Hello, tester!\"") && !grid.contains('\u{1b}'),
        "{grid}"
    );
    let old = demo.run(&["flags", "Web Shop/Old app"]).expect(0);
    assert!(old.contains("darkMode  boolean  true  false    false +1 rule %\n"), "{old}");
}

#[test]
fn flags_as_json_has_values_by_environment() {
    let demo = Demo::start();
    let flags = demo.json(&STOREFRONT);
    assert_eq!(flags[0]["key"], "newCheckout");
    let staging = json!({ "value": false, "rules": 2, "hasPercentages": true });
    assert_eq!(flags[0]["values"]["Staging"], staging);
    assert_eq!(flags[3]["values"]["Test"]["value"], 1000);
}

#[test]
fn flags_of_a_misspelt_place_get_suggestions() {
    let demo = Demo::start();
    for (place, near) in [("Web Shp/Storefront", "Web Shop"), ("Web Shop/Storefrnt", "Storefront")] {
        let message = demo.run(&["flags", place]).fails(1);
        assert!(message.contains(&format!("did you mean '{near}'?")), "{message}");
    }
    let message = demo.run(&["flags", "Storefront"]).fails(2);
    assert!(message.contains("must name product and config, such as \"Web Shop/Storefront\""), "{message}");
}

#[test]
fn narrow_table_keeps_the_columns_that_identify_a_row() {
    let demo = Demo::start();
    let narrow = |arguments: &[&str], columns: &str| {
        let mut program = demo.program(arguments);
        let output = program.env("COLUMNS", columns).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let table = narrow(&["get", "products", "--table"], "20");
    assert!(table.starts_with("name") && table.contains("20000000-0000-4000-8000-000000000001"), "{table}");
    let grid = narrow(&STOREFRONT, "34");
    assert!(grid.contains("newCheckout") && grid.contains("more columns: "), "{grid}");
    let grid = narrow(&STOREFRONT, "12");
    assert!(grid.lines().skip(1).any(|line| line == "newCheckout"), "{grid}");
}

#[test]
fn bare_commands_print_their_help() {
    let demo = Demo::start();
    for arguments in [&[][..], &["flag"], &["flags"], &["get"], &["promote"], &["flag", "show"]] {
        let run = demo.run(arguments);
        assert!(run.err.contains("Usage: configcat-management"), "{arguments:?}: {run:?}");
        assert!(run.err.contains("Options:") || run.err.contains("Commands:"), "{arguments:?}: {run:?}");
        assert_eq!(run.status, Some(2), "{arguments:?}");
    }
    assert_eq!(demo.run(&["plan"]).status, Some(1), "2 means that there are changes");
}

#[test]
fn connection_error_names_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = bare(folder.path(), &["whoami"]);
    program.env("CONFIGCAT_BASE_URL", "http://127.0.0.1:9").env("CONFIGCAT_API_USER", "a");
    let output = program.env("CONFIGCAT_API_PASS", "b").output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("127.0.0.1:9"), "{message}");
}
