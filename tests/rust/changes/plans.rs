//! Plans: their steps, their price, and what is refused.

use super::{SHOP, demo, document, empty, reasoned, received};
use configcat_management::ErrorKind;
use configcat_management::changes::{Action, Approval, Plan, PlanOptions, Status};

#[tokio::test]
async fn document_is_applied_and_exported_again() {
    let (simulator, client) = empty().await;
    let shop = document(SHOP);
    let plan = client.plan(&shop, &reasoned()).await.unwrap();
    assert_eq!(plan.refused().count(), 0, "{}", plan.to_text(false));
    let before = received(&simulator);
    let report = client.apply_document(&shop, &reasoned()).await.unwrap();
    assert!(report.is_complete(), "{}", report.to_text());
    assert_eq!(received(&simulator) - before, usize::try_from(report.requests).unwrap());
    assert_eq!(report.requests, plan.price.requests + plan.price.reads);

    let exported = client.export("Web Shop 2").await.unwrap();
    let again = client.plan(&shop, &reasoned()).await.unwrap();
    assert!(again.is_empty(), "{}\n{}", again.to_text(false), exported.to_yaml());
    let again = client.plan(&exported, &reasoned()).await.unwrap();
    assert!(again.is_empty(), "{}", again.to_text(false));
}

#[tokio::test]
async fn export_of_a_copy_is_the_same_document() {
    let (_simulator, client) = demo().await;
    let error = client.clone_product("Web Shop", "Copy", Some("Corner Shp")).await.unwrap_err();
    assert_eq!(error.message(), "there is no organization \"Corner Shp\"; did you mean \"Corner Shop\"?");
    let plan = client.clone_product("Web Shop", "Copy", Some("Corner Shop")).await.unwrap();
    let report = client.apply(&plan).await.unwrap();
    assert!(report.is_complete(), "{}", report.to_text());
    let copy = client.export("Copy").await.unwrap();
    let original = client.export("Web Shop").await.unwrap();
    assert_eq!(copy.to_yaml(), original.renamed(Some("Copy"), None).to_yaml());
    let difference = client.compare("Web Shop", "Copy").await.unwrap();
    assert!(difference.is_empty(), "{}", difference.to_text(false));
}

#[tokio::test]
async fn plan_says_what_the_service_would_refuse() {
    let (_simulator, client) = demo().await;
    let change = document(
        "
product: Web Shop
configs:
  - name: Storefront
    settings:
      - { key: newCheckout, values: { Production: true } }
",
    );
    let plan = client.plan(&change, &PlanOptions::new()).await.unwrap();
    assert_eq!(plan.steps[0].refused.as_deref(), Some("Production requires a reason (reason)"));
    let error = client.apply(&plan).await.unwrap_err();
    assert!(error.message().contains("Production requires a reason"), "{error}");
    let plan = client.plan(&change, &reasoned()).await.unwrap();
    let refused = plan.steps[0].refused.as_deref().unwrap();
    assert_eq!(refused, "Production requires an approval (approval: request or bypass)");
    let bypassed = client.plan(&change, &reasoned().approval(Approval::Bypass)).await.unwrap();
    assert!(client.apply(&bypassed).await.unwrap().is_complete());
    assert!(client.plan(&change, &reasoned()).await.unwrap().is_empty());
}

#[tokio::test]
async fn approvals_become_change_requests() {
    let (_simulator, client) = demo().await;
    let change = document(
        "
product: Web Shop
configs:
  - name: Storefront
    settings:
      - { key: newCheckout, values: { Production: true } }
      - { key: maxItemsInCart, values: { Production: 70 } }
",
    );
    let options = reasoned().approval(Approval::Request);
    let plan = client.plan(&change, &options).await.unwrap();
    assert_eq!(plan.price.requests, 1);
    let report = client.apply(&plan).await.unwrap();
    assert_eq!(report.summary(), format!("2 requested, with {} requests.", report.requests));
    let id = report.outcomes[0].id.clone().unwrap();
    let request = client.change_requests().get(id.parse::<i64>().unwrap()).await.unwrap();
    assert_eq!(request.title, "2 values of Storefront in Production");
}

#[tokio::test]
async fn problems_name_place_and_similar_names() {
    let (simulator, client) = demo().await;
    let wrong = document(
        "
product: Web Shop
configs:
  - name: Storefront
    settings:
      - key: newCheckout
        tags: [chekout]
        values:
          Tset: true
          Test: 3
          Staging:
            default: false
            rules: [{ if: [{ segment: Beta custmers }, { flag: newSearch, equals: true }], serve: true }]
      - { key: brandNew }
",
    );
    let error = client.plan(&wrong, &PlanOptions::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    let fields = error.field_errors();
    let said = |path: &str| fields.get(path).map(|messages| messages.join("; ")).unwrap_or_default();
    assert!(
        said("configs[Storefront].settings[newCheckout].tags[0]").contains("did you mean \"checkout\"?"),
        "{fields:?}"
    );
    assert!(
        said("configs[Storefront].settings[newCheckout].values.Tset").contains("no environment"),
        "{fields:?}"
    );
    assert!(
        said("configs[Storefront].settings[newCheckout].values.Test.default").contains("type boolean"),
        "{fields:?}"
    );
    assert!(
        said("configs[Storefront].settings[newCheckout].values.Staging.rules[0].if[0]")
            .contains("no segment"),
        "{fields:?}"
    );
    assert!(said("configs[Storefront].settings[brandNew].settingType").contains("is missing"), "{fields:?}");
    let writes = simulator.journal(&configcat_simulator::testing::journal::Query::default());
    assert!(writes.iter().all(|entry| entry.method == "GET"));
}

#[tokio::test]
async fn only_named_sections_are_pruned() {
    let (_simulator, client) = demo().await;
    let change = document("product: Web Shop\ntags: [{ name: checkout }]\n");
    assert!(client.plan(&change, &PlanOptions::new()).await.unwrap().is_empty());
    let plan = client.plan(&change, &PlanOptions::new().prune("tags")).await.unwrap();
    let deleted: Vec<String> =
        plan.steps.iter().map(|step| format!("{} {}", step.action, step.place())).collect();
    assert_eq!(deleted, ["delete experiment", "delete operations"]);
    // Also if the document does not mention the section.
    let config = document("product: Web Shop\nconfigs: [{ name: Storefront }]\n");
    assert!(client.plan(&config, &PlanOptions::new()).await.unwrap().is_empty());
    let options = PlanOptions::new().prune("segments").prune("settings");
    let plan = client.plan(&config, &options).await.unwrap();
    let count = |section: &str| plan.steps.iter().filter(|step| step.section == section).count();
    assert_eq!(
        (count("segments"), count("settings"), plan.steps.len()),
        (2, 5, 7),
        "{}",
        plan.to_text(false)
    );
    let error = client.plan(&change, &PlanOptions::new().prune("tag")).await.unwrap_err();
    assert!(error.message().contains("there is no section \"tag\""), "{error}");
}

#[tokio::test]
async fn type_of_a_flag_changes_only_by_replacement() {
    let (_simulator, client) = demo().await;
    let change = document(
        "
product: Web Shop
configs:
  - name: Storefront
    settings:
      - { key: maxItemsInCart, settingType: string, values: { Test: many } }
",
    );
    let plan = client.plan(&change, &reasoned()).await.unwrap();
    assert_eq!(plan.steps[0].action, Action::Replace);
    assert!(plan.steps[0].refused.as_deref().unwrap().contains("allow_replace"), "{}", plan.to_text(false));
    let plan = client.plan(&change, &reasoned().allow_replace()).await.unwrap();
    let report = client.apply(&plan).await.unwrap();
    assert!(report.is_complete(), "{}", report.to_text());
    assert!(client.plan(&change, &reasoned()).await.unwrap().is_empty());
}

#[tokio::test]
async fn saved_plan_is_applied_after_unrelated_changes() {
    let (_simulator, client) = demo().await;
    let change = |key: &str| {
        document(&format!(
            "product: Web Shop\nconfigs: [{{ name: Storefront, settings: [{{ key: {key}, settingType: boolean }}] }}]"
        ))
    };
    let saved = client.plan(&change("mine"), &PlanOptions::new()).await.unwrap();
    assert!(client.apply_document(&change("theirs"), &PlanOptions::new()).await.unwrap().is_complete());
    let report = client.apply(&saved).await.unwrap();
    assert!(report.is_complete(), "{}", report.to_text());
    let again = client.apply(&saved).await.unwrap();
    assert_eq!(again.outcomes[0].status, Status::AlreadyDone);
    let error =
        client.plan(&document("product: 20000000-0000-4000-8000-00000000000f"), &PlanOptions::new()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn values_of_a_replaced_config_are_refused_as_in_others() {
    let (_simulator, client) = demo().await;
    let exported = client.export("Web Shop").await.unwrap();
    let v2 = document(&exported.to_yaml().replace("evaluationVersion: v1", "evaluationVersion: v2"));
    let plan = client.plan(&v2, &PlanOptions::new().allow_replace()).await.unwrap();
    let refused: Vec<_> = plan.refused().map(|step| step.refused.as_deref().unwrap()).collect();
    assert_eq!(refused, ["Production requires a reason (reason)"], "{}", plan.to_text(false));
    let options = reasoned().allow_replace().approval(Approval::Bypass);
    let report = client.apply_document(&v2, &options).await.unwrap();
    assert!(report.is_complete(), "{}", report.to_text());
    assert!(client.plan(&v2, &options).await.unwrap().is_empty());
    let undone = client.apply_document(&report.undo(), &options).await.unwrap();
    assert!(undone.is_complete(), "{}", undone.to_text());
    assert_eq!(client.export("Web Shop").await.unwrap().to_yaml(), exported.to_yaml());
}

#[tokio::test]
async fn config_is_not_replaced_if_something_would_be_lost() {
    let (_simulator, client) = demo().await;
    let options = reasoned().allow_replace().approval(Approval::Bypass);
    for (settings, lost) in [
        ("", "darkMode"),
        (
            ", settings: [{ key: darkMode, name: Dark mode, settingType: boolean, values: { Test: true } }]",
            "darkMode in Production, darkMode in Staging",
        ),
    ] {
        let text =
            format!("product: Web Shop\nconfigs: [{{ name: Old app, evaluationVersion: v2{settings} }}]");
        let plan = client.plan(&document(&text), &options).await.unwrap();
        let refused: Vec<_> = plan.refused().map(|step| step.refused.as_deref().unwrap()).collect();
        let expected = format!("the document does not have, and it would lose: {lost}");
        assert_eq!(refused, [expected], "{}", plan.to_text(false));
    }
    let text = "product: Web Shop\nconfigs: [{ name: Old app, evaluationVersion: v2, settings: [{ key: darkMode, state: absent }] }]";
    let report = client.apply_document(&document(text), &options).await.unwrap();
    assert!(report.is_complete(), "{}", report.to_text());
}

#[tokio::test]
async fn refusal_names_only_some_of_many_losses() {
    let (_simulator, client) = demo().await;
    let text = "product: Web Shop\nconfigs: [{ name: Storefront, evaluationVersion: v1, settings: [{ key: newCheckout, values: {} }] }]";
    let plan = client.plan(&document(text), &reasoned().allow_replace()).await.unwrap();
    let refused = plan.refused().next().unwrap().refused.as_deref().unwrap();
    assert!(
        refused.starts_with("the document does not have, and it would lose: newCheckout in "),
        "{refused}"
    );
    assert!(refused.ends_with(" and 2 more"), "{refused}");
}

#[tokio::test]
async fn flags_of_a_replaced_config_keep_what_is_not_mentioned() {
    let (_simulator, client) = demo().await;
    let options = reasoned().allow_replace().approval(Approval::Bypass);
    let text = "
product: Web Shop
configs:
  - name: Old app
    evaluationVersion: v2
    settings:
      - { key: darkMode, hint: At night, values: { Test: true, Staging: true, Production: false } }
";
    let report = client.apply_document(&document(text), &options).await.unwrap();
    assert!(report.is_complete(), "{}", report.to_text());
    let yaml = client.export("Web Shop").await.unwrap().to_yaml();
    let flag = "  - key: darkMode\n    name: Dark mode\n    settingType: boolean\n    hint: At night\n";
    assert!(yaml.contains(flag), "{yaml}");
}

#[tokio::test]
async fn saved_plan_is_refused_where_others_were_faster() {
    let (_simulator, client) = demo().await;
    let change = |flag: &str, value: &str| {
        format!(
            "product: Web Shop\nconfigs: [{{ name: Storefront, settings: [{{ key: {flag}, values: {{ Test: {value} }} }}] }}]"
        )
    };
    let both = document(
        "
product: Web Shop
configs:
  - name: Storefront
    settings:
      - { key: maxItemsInCart, values: { Test: 7 } }
      - { key: bannerText, values: { Test: Mine } }
",
    );
    let saved = client.plan(&both, &PlanOptions::new()).await.unwrap().to_json();
    let theirs = document(&change("bannerText", "Theirs"));
    assert!(client.apply_document(&theirs, &PlanOptions::new()).await.unwrap().is_complete());
    let report = client.apply(&Plan::from_json(&saved).unwrap()).await.unwrap();
    let outcomes: Vec<String> = report.outcomes.iter().map(|outcome| outcome.status.to_string()).collect();
    assert_eq!(outcomes, ["done", "conflict"], "{}", report.to_text());
    assert_eq!(report.outcomes[1].theirs, Some("Theirs".into()));
    let step = &report.plan.steps[1];
    assert_eq!(
        (step.before.clone(), step.after.clone()),
        (Some("Hello, tester!".into()), Some("Mine".into()))
    );
}

#[tokio::test]
async fn saved_change_of_what_was_deleted_is_a_conflict() {
    let (_simulator, client) = demo().await;
    let changed = document("product: Web Shop\ntags: [{ name: checkout, color: red }]");
    let saved = client.plan(&changed, &PlanOptions::new()).await.unwrap();
    let deleted = document("product: Web Shop\ntags: [{ name: checkout, state: absent }]");
    assert!(client.apply_document(&deleted, &PlanOptions::new()).await.unwrap().is_complete());
    let report = client.apply(&saved).await.unwrap();
    assert_eq!(report.outcomes[0].status, Status::Conflict, "{}", report.to_text());
    assert_eq!(client.plan(&changed, &PlanOptions::new()).await.unwrap().steps[0].action, Action::Create);
}

#[tokio::test]
async fn saved_plan_sets_some_preferences_first_and_some_last() {
    let (_simulator, client) = demo().await;
    let change = document(
        "product: Web Shop\nenvironments: [{ name: Test, reasonRequired: true }, { name: Production, reasonRequired: false }]",
    );
    let saved = client.plan(&change, &PlanOptions::new()).await.unwrap();
    assert_eq!(saved.steps.len(), 2, "{}", saved.to_text(false));
    let report = client.apply(&saved).await.unwrap();
    assert!(report.outcomes.iter().all(|outcome| outcome.status == Status::Done), "{}", report.to_text());
    assert!(client.plan(&change, &PlanOptions::new()).await.unwrap().is_empty());
}
