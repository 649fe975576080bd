//! `flag`.

use crate::support::Demo;
use serde_json::json;

const CHECKOUT: [&str; 3] = ["Web Shop", "Storefront", "newCheckout"];

fn flag(action: &'static str, of: [&'static str; 3], rest: &[&'static str]) -> Vec<&'static str> {
    [&["flag", action], &of as &[_], rest].concat()
}

#[test]
fn show_prints_a_line_per_rule() {
    let demo = Demo::start();
    let shown = demo.run(&flag("show", CHECKOUT, &["Staging"])).expect(0);
    assert_eq!(shown, "if in segment Beta customers: true\n20 % true / 80 % false\nelse false\n");
    assert_eq!(demo.run(&flag("show", CHECKOUT, &["Production"])).expect(0), "false\n");
    assert_eq!(demo.json(&flag("show", CHECKOUT, &["Test"])), json!(true));
}

#[test]
fn on_and_off_keep_rules_with_conditions() {
    let demo = Demo::start();
    let run = demo.run(&flag("on", CHECKOUT, &["Staging", "--report", "report.json"])).expect(0);
    assert!(run.contains("~ Storefront / newCheckout / Staging") && run.contains("1 applied"), "{run}");
    let shown = demo.run(&flag("show", CHECKOUT, &["Staging"])).expect(0);
    assert_eq!(shown, "if in segment Beta customers: true\nelse true\n");
    demo.run(&flag("off", CHECKOUT, &["Staging"])).expect(0);
    let shown = demo.run(&flag("show", CHECKOUT, &["Staging"])).expect(0);
    assert_eq!(shown, "if in segment Beta customers: true\nelse false\n");
    let again = demo.run(&flag("off", CHECKOUT, &["Staging"])).expect(0);
    assert_eq!(again, "No changes: Web Shop is as the document says.\n");
    demo.run(&["undo", "report.json", "--yes"]).expect(0);
    assert!(demo.run(&flag("show", CHECKOUT, &["Staging"])).expect(0).contains("20 % true"));
}

#[test]
fn value_for_everyone_removes_the_rules() {
    let demo = Demo::start();
    let kept = demo.run(&flag("off", CHECKOUT, &["Staging"])).expect(0);
    assert!(kept.contains("→ if in segment Beta customers: true; else false"), "{kept}");
    let removed =
        demo.run(&flag("off", CHECKOUT, &["Staging", "--everyone", "--report", "report.json"])).expect(0);
    assert!(removed.contains("→ false"), "{removed}");
    assert_eq!(demo.json(&flag("show", CHECKOUT, &["Staging"])), json!(false));
    demo.run(&["undo", "report.json", "--yes"]).expect(0);
    let shown = demo.run(&flag("show", CHECKOUT, &["Staging"])).expect(0);
    assert!(shown.starts_with("if in segment Beta customers: true\n"), "{shown}");
}

#[test]
fn set_parses_the_value_by_the_type_of_the_flag() {
    let demo = Demo::start();
    let storefront = |key| ["Web Shop", "Storefront", key];
    for (key, value, shown) in [
        ("maxItemsInCart", "-5", "-5\n"),
        ("discountFactor", "1", "1.0\n"),
        ("bannerText", "true", "\"true\"\n"),
        ("expressDelivery", "true", "true\n"),
    ] {
        demo.run(&flag("set", storefront(key), &["Test", value])).expect(0);
        assert_eq!(demo.run(&flag("show", storefront(key), &["Test"])).expect(0), shown);
    }
    let old = ["Web Shop", "Old app", "darkMode"];
    demo.run(&flag("off", old, &["Test"])).expect(0);
    assert_eq!(demo.json(&flag("show", old, &["Test"])), json!(false));
    let wrong = demo.run(&flag("set", storefront("maxItemsInCart"), &["Test", "many"])).fails(2);
    assert!(wrong.contains("value: must be a whole number, not \"many\""), "{wrong}");
    let wrong = demo.run(&flag("on", storefront("maxItemsInCart"), &["Test"])).fails(1);
    assert!(wrong.contains("it is not a boolean flag; use set"), "{wrong}");
}

#[test]
fn flag_in_a_protected_environment_needs_a_reason() {
    let demo = Demo::start();
    let refused = demo.run(&flag("on", CHECKOUT, &["Production"])).fails(1);
    assert!(refused.contains("Production requires a reason"), "{refused}");
    let refused = demo.run(&flag("on", CHECKOUT, &["Production", "--reason", "Launch"])).fails(1);
    assert!(refused.contains("Production requires an approval"), "{refused}");
    assert_eq!(demo.writes(), 0);
    let requested = ["Production", "--reason", "Launch", "--approval", "request"];
    let report = demo.json(&flag("on", CHECKOUT, &requested));
    assert_eq!(report["outcomes"][0]["status"], "requested");
    let bypassed = ["Production", "--reason", "Launch", "--approval", "bypass"];
    demo.run(&flag("on", CHECKOUT, &bypassed)).expect(0);
    assert_eq!(demo.json(&flag("show", CHECKOUT, &["Production"])), json!(true));
}

#[test]
fn misspelt_names_get_suggestions() {
    let demo = Demo::start();
    for (place, near) in [
        (["Web Shp", "Storefront", "newCheckout", "Test"], "Web Shop"),
        (["Web Shop", "Storefrnt", "newCheckout", "Test"], "Storefront"),
        (["Web Shop", "Storefront", "newChekout", "Test"], "newCheckout"),
        (["Web Shop", "Storefront", "newCheckout", "Tst"], "Test"),
    ] {
        for action in ["show", "on"] {
            let message = demo.run(&[&["flag", action], &place as &[_]].concat()).fails(1);
            assert!(message.contains(&format!("did you mean \"{near}\"?")), "{message}");
        }
    }
}
