//! `whoami`, `get`, `call` and `operations`.

use crate::support::{Demo, PRODUCT};
use configcat_management::operations;
use serde_json::{Value, json};

fn id(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns the id of the first config, and that of the first environment.
fn ids(demo: &Demo) -> (String, String) {
    let first = |resource: &str, name: &str| id(&demo.json(&["get", resource, PRODUCT])[0][name]);
    (first("configs", "configId"), first("environments", "environmentId"))
}

#[test]
fn whoami_shows_the_user() {
    let demo = Demo::start();
    assert_eq!(demo.json(&["whoami"])["email"], "simulator@example.com");
    assert!(demo.run(&["whoami", "--table"]).expect(0).contains("email      simulator@example.com"));
    // In a pipe, JSON is the default.
    assert!(demo.run(&["whoami"]).expect(0).starts_with("{\n  \"email\""));
}

#[test]
fn get_lists_resources_and_reads_one() {
    let demo = Demo::start();
    let products = demo.json(&["get", "products"]);
    let names: Vec<&Value> = products.as_array().unwrap().iter().map(|product| &product["name"]).collect();
    assert_eq!(names, ["Web Shop", "Back Office"]);
    let table = demo.run(&["get", "products", "--table"]).expect(0);
    assert!(table.lines().nth(2).unwrap().contains("Web Shop"), "{table}");
    let (config, _) = ids(&demo);
    let flag = demo.json(&["get", "settings", &config])[0].clone();
    assert_eq!(flag["key"], "newCheckout");
    assert_eq!(demo.json(&["get", "settings.get", &id(&flag["settingId"])]), flag);
    let log = demo.json(&["get", "audit_logs", PRODUCT, "page_size=3"]);
    assert_eq!(log["data"].as_array().unwrap().len(), 3);
}

#[test]
fn call_parses_arguments_by_declared_type() {
    let demo = Demo::start();
    let (config, environment) = ids(&demo);
    let config = format!("config_id={config}");
    let flag = demo.json(&["call", "settings.create", &config, "key=cli", "name=7", "setting_type=int"]);
    assert_eq!((&flag["name"], &flag["settingType"]), (&json!("7"), &json!("int")));
    let patch = r#"[{"op": "replace", "path": "/defaultValue/intValue", "value": 5}]"#;
    let patch = format!("patch=@{}", demo.write("patch.json", patch));
    let environment = format!("environment_id={environment}");
    let setting = format!("setting_id={}", flag["settingId"]);
    let patched = demo.json(&["call", "flag_values.patch", &environment, &setting, &patch]);
    assert_eq!(patched["defaultValue"]["intValue"], 5);
    let rules =
        r#"targeting_rules=[{"conditions": [], "percentage_options": [{"percentage": 100, "value": 3}]}]"#;
    let replaced = ["call", "flag_values.replace", &environment, &setting, "default_value=4", rules];
    let replaced = demo.json(&replaced);
    assert_eq!(replaced["targetingRules"][0]["percentageOptions"][0]["value"]["intValue"], 3);
    assert_eq!(demo.run(&["call", "settings.delete", &setting]).expect(0), "null\n");
    // Operation ids of the spec are accepted too.
    assert_eq!(demo.json(&["call", "get-me"])["email"], "simulator@example.com");
}

#[test]
fn patch_is_read_from_the_standard_input() {
    let demo = Demo::start();
    let (config, _) = ids(&demo);
    let flag = id(&demo.json(&["get", "settings", &config])[0]["settingId"]);
    let patch = r#"[{"op": "replace", "path": "/hint", "value": "From a pipe."}]"#;
    let setting = format!("setting_id={flag}");
    let run = demo.run_with(patch, &["call", "settings.patch", &setting, "patch=@-"]);
    let changed: Value = serde_json::from_str(&run.expect(0)).unwrap();
    assert_eq!(changed["hint"], "From a pipe.");
}

#[test]
fn operations_lists_all_and_shows_arguments_of_one() {
    let demo = Demo::start();
    assert_eq!(demo.run(&["operations"]).expect(0).lines().count(), operations::ALL.len());
    let shown = demo.run(&["operations", "settings.create"]).expect(0);
    assert!(shown.contains("POST /v1/configs/{configId}/settings"), "{shown}");
    assert!(shown.contains("setting_type=string (boolean, string, int, double)"), "{shown}");
    let described = demo.json(&["operations", "settings.create"]);
    assert_eq!(described["arguments"][0]["name"], "config_id");
    assert_eq!(demo.json(&["operations"]).as_array().unwrap().len(), operations::ALL.len());
}

#[test]
fn get_with_several_scopes_asks_for_the_name_of_the_id() {
    let demo = Demo::start();
    // An organization's id and a product's id have the same form.
    let refused = demo.run(&["get", "members", PRODUCT]).fails(2);
    for text in
        ["members.list_for_organization organization_id", "members.list_for_product product_id", "_id=ID"]
    {
        assert!(refused.contains(text), "{refused}");
    }
    let members = demo.json(&["get", "members", &format!("product_id={PRODUCT}")]);
    assert_eq!(members, demo.json(&["get", "members.list_for_product", PRODUCT]));
    assert!(members[0]["email"].is_string());
    let organization = id(&demo.json(&["get", "products"])[0]["organization"]["organizationId"]);
    let all = demo.json(&["get", "members", &format!("organization_id={organization}")]);
    assert!(all["admins"].is_array());
}

#[test]
fn tables_show_plain_values() {
    let demo = Demo::start();
    let (config, environment) = ids(&demo);
    let values = demo.run(&["get", "flag_values.get_all", &config, &environment, "--table"]).expect(0);
    assert!(values.contains("\nsetting_formulas:\nsetting "), "{values}");
    assert!(values.contains("read_only ") && values.contains("false"), "{values}");
    for arguments in [["settings", &config], ["products.get", PRODUCT]] {
        let text = demo.run(&["get", arguments[0], arguments[1], "--table"]).expect(0);
        assert!(!text.contains("null") && !text.contains('{'), "{text}");
    }
}

#[test]
fn table_of_one_object_begins_with_its_name() {
    let demo = Demo::start();
    let text = demo.run(&["get", "products.get", PRODUCT, "--table"]).expect(0);
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["name", "Web", "Shop"]);
    assert_eq!(lines[1], ["product_id", PRODUCT]);
    assert!(lines.contains(&vec!["organization", "Corner", "Shop"]), "{text}");
}

#[test]
fn pages_are_tables_of_their_items() {
    let demo = Demo::start();
    let text = demo.run(&["get", "audit_logs", PRODUCT, "page_size=3", "--table"]).expect(0);
    assert!(text.contains("current_page=1") && text.contains("\ndata:\n"), "{text}");
    assert!(text.contains("audit_log_id"), "{text}");
}

#[test]
fn invalid_command_reports_the_problem() {
    let demo = Demo::start();
    let product = &*format!("product_id={PRODUCT}");
    let a = r#"emails=["a@example.com"]"#;
    let b = r#"emails=["b@example.com"]"#;
    let cases: &[(&[&str], i32, &str)] = &[
        (&["get", "product"], 2, "did you mean products?"),
        (&["call", "settings.creat"], 2, "did you mean settings.create?"),
        (&["operations", "settings.creat"], 2, "did you mean settings.create?"),
        (&["call", "tags.create", product, "nam=x"], 2, "did you mean name?"),
        (&["call", "tags.create", "name=x"], 2, "product_id missing"),
        (&["call", "tags.create", "name"], 2, "key=value"),
        (&["call", "tags.create", product], 1, "name"),
        (&["call", "settings.reorder", "x=1"], 2, "unknown operation"),
        (&["call", "audit_logs.list", product, "page_size=many"], 2, "is not a valid integer"),
        (&["get", "products", "1", "2"], 2, "takes 2 ids"),
        (&["get", "configs", PRODUCT, product], 2, "no query takes 1 id;"),
        (&["call", "tags.create", product, "name=a", "name=b"], 2, "name is present more than once"),
        (
            &["get", "audit_logs", PRODUCT, "page_size=1", "page_size=2"],
            2,
            "page_size is present more than once",
        ),
        (&["call", "members.invite", product, a, b], 2, "write a list as JSON: emails='["),
        (&["get", "configs", "20000000-0000-4000-8000-00000000ffff"], 1, "404"),
        (&["get", "products", "--json", "--table"], 2, "cannot be used with"),
    ];
    for (arguments, status, text) in cases {
        let message = demo.run(arguments).fails(*status);
        assert!(message.contains(text), "{arguments:?}: {message}");
    }
}
