//! `export`, `plan`, `apply`, `promote`, `compare`, `clone` and `undo`, in pipes.

use crate::support::Demo;
use configcat_simulator::seed::Seed;
use configcat_simulator::testing::faults::Fault;
use serde_json::Value;

/// Changes a name, and the values of two environments.
const CHANGE: &str = "
product: Web Shop
configs:
  - name: Storefront
    settings:
      - key: bannerText
        name: Banner
        values: { Test: Hi, Staging: Hi }
";

const NEW_NAME: &str = "product: Web Shop\nenvironments: [{ name: Test, color: green }]\n";

#[test]
fn exported_document_has_an_empty_plan() {
    let demo = Demo::start();
    assert_eq!(demo.run(&["export", "Web Shop", "-o", "shop.yaml"]).expect(0), "");
    assert!(demo.read("shop.yaml").starts_with("product: Web Shop\n"));
    let plan = demo.run(&["plan", "shop.yaml"]).expect(0);
    assert_eq!(plan, "No changes: Web Shop is as the document says.\n");
    let json = demo.json(&["export", "Web Shop"]);
    assert_eq!(json["configs"][0]["name"], "Storefront");
    assert_eq!(demo.run_with(&json.to_string(), &["plan", "-"]).status, Some(0));
    let missing = demo.run(&["export", "Web Shp"]).fails(1);
    assert!(missing.contains("did you mean \"Web Shop\"?"), "{missing}");
}

#[test]
fn plan_shows_changes_and_ends_with_2() {
    let demo = Demo::start();
    let file = demo.write("change.yaml", CHANGE);
    let text = demo.run(&["plan", &file]).expect(2);
    assert!(
        text.contains("\n  ~ Storefront / bannerText\n      name: \"Banner text\" → \"Banner\"\n"),
        "{text}"
    );
    assert!(text.contains("Storefront / bannerText / Test\n      \"Hello, tester!\" → \"Hi\""), "{text}");
    assert!(text.ends_with("Plan: 3 to update, with 3 requests.\n") && !text.contains('\u{1b}'), "{text}");
    assert_eq!(demo.run_with(CHANGE, &["plan", "-"]).expect(2), text);
    let markdown = demo.run(&["plan", &file, "--markdown"]).expect(2);
    assert!(markdown.starts_with("### Plan for Web Shop\n"), "{markdown}");
    assert!(markdown.contains("| update | Storefront / bannerText |"), "{markdown}");
    let json: Value = serde_json::from_str(&demo.run(&["plan", &file, "--json"]).expect(2)).unwrap();
    assert_eq!(json["price"]["requests"], 3);
    assert_eq!(demo.writes(), 0);
}

#[test]
fn plan_options_reach_the_plan() {
    let demo = Demo::start();
    let file =
        demo.write("tags.yaml", "product: Web Shop\ntags: [{ name: checkout }, { name: experiment }]\n");
    assert_eq!(demo.run(&["plan", &file]).status, Some(0));
    let pruned = demo.run(&["plan", &file, "--prune", "tags"]).expect(2);
    assert!(pruned.contains("- operations"), "{pruned}");
    let text = "product: Web Shop\nconfigs: [{ name: Storefront, settings: [{ key: bannerText, settingType: int }] }]\n";
    let file = demo.write("replace.yaml", text);
    assert!(demo.run(&["plan", &file]).expect(2).contains("1 would be refused"));
    let replaced = demo.run(&["plan", &file, "--allow-replace"]).expect(2);
    assert!(replaced.ends_with("Plan: 1 to replace, with 2 requests.\n"), "{replaced}");
    let strict: Value =
        serde_json::from_str(&demo.run_with(CHANGE, &["plan", "-", "--json", "--strict"]).expect(2)).unwrap();
    assert_eq!(strict["options"]["strict"], true);
}

#[test]
fn apply_in_a_pipe_requires_yes() {
    let demo = Demo::start();
    let file = demo.write("change.yaml", CHANGE);
    let run = demo.run(&["apply", &file]);
    assert!(run.out.contains("Plan: 3 to update"), "{run:?}");
    assert!(run.fails(1).contains("--yes is required"));
    assert_eq!(demo.writes(), 0);
    let dry = demo.run(&["apply", &file, "--dry-run"]).expect(0);
    assert!(dry.contains("Plan: 3 to update"), "{dry}");
    assert_eq!(demo.writes(), 0);
    let applied = demo.run(&["apply", &file, "--yes", "--reason", "Launch"]);
    assert_eq!(applied.err, "", "progress is for terminals");
    let applied = applied.expect(0);
    assert!(applied.contains("3 applied, with "), "{applied}");
    assert_eq!(
        demo.run(&["apply", &file, "--yes"]).expect(0),
        "No changes: Web Shop is as the document says.\n"
    );
    assert_eq!(demo.run(&["plan", &file]).status, Some(0));
}

#[test]
fn undo_takes_back_what_a_report_says() {
    let demo = Demo::start();
    let before = demo.run(&["export", "Web Shop"]).expect(0);
    demo.run_with(CHANGE, &["apply", "-", "--yes", "--report", "report.json"]).expect(0);
    let refused = demo.run(&["undo", "report.json"]);
    assert!(refused.out.contains("name: \"Banner\" → \"Banner text\""), "{refused:?}");
    assert!(refused.fails(1).contains("--yes is required"));
    let undone = demo.json(&["undo", "report.json", "--yes"]);
    assert_eq!(undone["outcomes"].as_array().unwrap().len(), 3);
    assert_eq!(demo.run(&["export", "Web Shop"]).expect(0), before);
    let file = demo.write("wrong.json", "{}");
    assert!(demo.run(&["undo", &file]).fails(1).contains("wrong.json: invalid report"));
}

#[test]
fn saved_plan_is_applied_unless_something_moved() {
    let demo = Demo::start();
    demo.run_with(CHANGE, &["plan", "-", "-o", "plan.json"]).expect(2);
    demo.run(&["flag", "set", "Web Shop", "Storefront", "bannerText", "Test", "Theirs"]).expect(0);
    let run = demo.run(&["apply", "plan.json", "--yes"]).expect(3);
    assert!(run.contains("conflict: values Storefront / bannerText / Test: it has been changed"), "{run}");
    assert!(run.contains("2 applied, 1 in conflict"), "{run}");
    assert_eq!(demo.json(&["flag", "show", "Web Shop", "Storefront", "bannerText", "Test"]), "Theirs");
    assert_eq!(demo.json(&["flag", "show", "Web Shop", "Storefront", "bannerText", "Staging"]), "Hi");
    let usage = demo.run(&["apply", "plan.json", "--yes", "--prune", "tags"]).fails(2);
    assert!(usage.contains("a saved plan has its options"), "{usage}");
}

#[test]
fn reason_is_added_to_a_saved_plan_that_needs_none() {
    let demo = Demo::start();
    demo.run_with(NEW_NAME, &["plan", "-", "-o", "plan.json"]).expect(2);
    let report: Value = serde_json::from_str(
        &demo.run(&["apply", "plan.json", "--yes", "--reason", "Merge", "--json"]).expect(0),
    )
    .unwrap();
    assert_eq!(report["plan"]["options"]["reason"], "Merge");
    let protected = "product: Web Shop\nconfigs: [{ name: Storefront, settings: [{ key: newCheckout, values: { Production: true } }] }]\n";
    demo.run_with(protected, &["plan", "-", "-o", "plan.json"]).expect(2);
    let refused = demo.run(&["apply", "plan.json", "--yes", "--reason", "Merge"]).fails(2);
    assert!(refused.contains("make it again with plan --reason"), "{refused}");
}

#[test]
fn failed_step_ends_with_3_and_is_reported() {
    let demo = Demo::start();
    let fault =
        Fault { operation: Some("environments.update".into()), status: Some(500), ..Fault::default() };
    demo.simulator.add_fault(fault).unwrap();
    let run = demo.run_with(NEW_NAME, &["apply", "-", "--yes", "--report", "report.json"]);
    assert!(run.out.contains("failed: environments Test: "), "{run:?}");
    run.expect(3);
    let report: Value = serde_json::from_str(&demo.read("report.json")).unwrap();
    assert_eq!(report["outcomes"][0]["status"], "failed");
}

#[test]
fn report_that_cannot_be_written_stops_before_changes() {
    let demo = Demo::start();
    let refused = demo.run_with(NEW_NAME, &["apply", "-", "--yes", "--report", "missing/report.json"]);
    assert!(refused.fails(1).contains("missing/report.json: "));
    assert_eq!(demo.writes(), 0);
}

#[test]
fn apply_creates_a_product_that_does_not_exist() {
    let demo = Demo::with(Seed::empty());
    let run = demo.run_with("product: Fresh\ntags: [{ name: a }]\n", &["apply", "-", "--yes"]).expect(0);
    assert!(run.contains("+ product") || run.contains("+ Fresh"), "{run}");
    assert_eq!(demo.json(&["get", "products"])[0]["name"], "Fresh");
}

#[test]
fn promotion_is_shown_and_applied() {
    let demo = Demo::start();
    let promote = ["promote", "Web Shop", "Storefront", "Staging", "Test", "--flag", "newCheckout"];
    let shown = demo.run(&promote);
    assert!(shown.out.contains("~ Storefront / newCheckout / Test"), "{shown:?}");
    assert!(shown.fails(1).contains("--yes is required"));
    let plan = demo.json(&[&promote as &[_], &["--dry-run", "--aspect", "values"]].concat());
    assert_eq!(plan["steps"][0]["after"]["default"], Value::Null);
    assert_eq!(plan["steps"].as_array().unwrap().len(), 1);
    demo.run(&[&promote as &[_], &["--yes"]].concat()).expect(0);
    assert_eq!(
        demo.json(&["flag", "show", "Web Shop", "Storefront", "newCheckout", "Test"]),
        demo.json(&["flag", "show", "Web Shop", "Storefront", "newCheckout", "Staging"]),
    );
    let again = demo.run(&promote).expect(0);
    assert_eq!(again, "No changes: Web Shop is as the document says.\n");
}

#[test]
fn clone_creates_a_product_that_compares_equal() {
    let demo = Demo::start();
    let clone = ["clone", "Web Shop", "Copy", "--organization", "Corner Shop", "--yes"];
    assert!(demo.run(&clone).expect(0).contains(" applied, with "));
    assert_eq!(
        demo.run(&["compare", "Web Shop", "Copy"]).expect(0),
        "No differences: Copy is like Web Shop.\n"
    );
    assert!(demo.run(&clone).fails(1).contains("a product has the name \"Copy\" already"));
    demo.run(&["flag", "off", "Copy", "Storefront", "newCheckout", "Test"]).expect(0);
    let different = demo.run(&["compare", "Web Shop", "Copy"]).expect(0);
    assert!(different.contains("false → true"), "{different}");
    assert_eq!(demo.json(&["compare", "Web Shop", "Copy"])["steps"].as_array().unwrap().len(), 1);
}
