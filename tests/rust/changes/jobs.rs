//! Jobs on top of plans: undo, promote, compare.

use super::{SHOP, demo, document, empty, reasoned};
use configcat_management::ErrorKind;
use configcat_management::changes::{Approval, Aspect, PlanOptions, Progress, Promotion, Report, Status};

#[tokio::test]
async fn undo_restores_what_was_changed_created_and_deleted() {
    let (_simulator, client) = demo().await;
    let before = client.export("Web Shop").await.unwrap();
    let change = document(
        "
product: Web Shop
description: Changed.
environments:
  - { name: Staging, color: green }
tags: [{ name: checkout, state: absent }, { name: brandNew }]
configs:
  - name: Storefront
    settings:
      - { key: expressDelivery, state: absent }
      - { key: newFlag, name: New flag, settingType: boolean, values: { Test: true } }
      - { key: newCheckout, hint: Another hint., tags: [brandNew], values: { Test: false, Staging: true } }
  - { name: New config }
",
    );
    let options = reasoned().approval(Approval::Bypass);
    let report = client.apply_document(&change, &options).await.unwrap();
    assert!(report.is_complete(), "{}", report.to_text());
    let saved = Report::from_json(&report.to_json()).unwrap();
    assert_eq!(saved, report);
    let undo = client.plan(&saved.undo(), &options).await.unwrap();
    let report = client.apply(&undo).await.unwrap();
    assert!(report.is_complete(), "{}\n{}", report.to_text(), undo.to_text(false));
    let after = client.export("Web Shop").await.unwrap();
    // What was deleted comes back last.
    let options = PlanOptions::new();
    let rest = client.plan(&before, &options).await.unwrap();
    let only_order =
        rest.steps.iter().all(|step| step.after.as_ref().is_some_and(|after| after.get("order").is_some()));
    assert!(only_order, "{}\n{}", rest.to_text(false), after.to_yaml());
}

#[tokio::test]
async fn undo_of_a_new_product_deletes_it() {
    let (_simulator, client) = empty().await;
    let report = client.apply_document(&document(SHOP), &reasoned()).await.unwrap();
    let undo = client.plan(&report.undo(), &reasoned()).await.unwrap();
    assert!(client.apply(&undo).await.unwrap().is_complete(), "{}", undo.to_text(false));
    assert!(client.products().list().await.unwrap().is_empty());
}

#[tokio::test]
async fn promotion_copies_values_by_aspect() {
    let (_simulator, client) = demo().await;
    let release = Promotion::new("Web Shop", "Storefront", "Staging", "Test");
    let plan = client.promote(&release, &PlanOptions::new()).await.unwrap();
    assert!(client.apply(&plan).await.unwrap().is_complete());
    assert!(client.promote(&release, &PlanOptions::new()).await.unwrap().is_empty());

    let back = Promotion::new("Web Shop", "Storefront", "Production", "Test")
        .flag("newCheckout")
        .aspect(Aspect::Values);
    let plan = client.promote(&back, &PlanOptions::new()).await.unwrap();
    assert!(plan.is_empty(), "both defaults are false: {}", plan.to_text(false));
    let back = Promotion::new("Web Shop", "Storefront", "Production", "Test")
        .flag("newCheckout")
        .aspect(Aspect::Percentages);
    let plan = client.promote(&back, &PlanOptions::new()).await.unwrap();
    assert_eq!(plan.steps.len(), 1);
    let after = serde_json::to_string(&plan.steps[0].after).unwrap();
    assert!(after.contains("segment") && !after.contains("percentage"), "{after}");
}

#[tokio::test]
async fn promotion_of_an_unknown_flag_suggests_another() {
    let (_simulator, client) = demo().await;
    let wrong = Promotion::new("Web Shop", "Storefront", "Staging", "Test").flag("newChekout");
    let error = client.promote(&wrong, &PlanOptions::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.message(), "there is no flag \"newChekout\"; did you mean \"newCheckout\"?");
    let wrong = Promotion::new("Web Shp", "Storefront", "Staging", "Test");
    let error = client.promote(&wrong, &PlanOptions::new()).await.unwrap_err();
    assert!(error.message().contains("did you mean \"Web Shop\"?"), "{error}");
}

#[tokio::test]
async fn v1_config_becomes_a_v2_config() {
    let (_simulator, client) = demo().await;
    let exported = client.export("Web Shop").await.unwrap().to_yaml();
    // The same config, with the other evaluation version.
    let (before, old) = exported.split_once("- name: Old app").unwrap();
    let old = old.replace("evaluationVersion: v1", "evaluationVersion: v2").replace("Old app", "New app");
    let migrated = document(&format!("{before}- name: New app{old}"));
    let options = reasoned().approval(Approval::Bypass);
    let report = client.apply_document(&migrated, &options).await.unwrap();
    assert!(report.is_complete(), "{}", report.to_text());
    assert!(client.plan(&migrated, &options).await.unwrap().is_empty());
    let after = client.export("Web Shop").await.unwrap().to_yaml();
    assert!(after.contains("containsAnyOf"), "{after}");
}

#[tokio::test]
async fn what_v1_configs_lack_is_refused_with_its_place() {
    let (_simulator, client) = demo().await;
    let value = |rules: &str| {
        let text = format!(
            "product: Web Shop\nconfigs: [{{ name: Old app, settings: [{{ key: darkMode, values: {{ Test: {{ default: true, rules: {rules} }} }} }}] }}]"
        );
        document(&text)
    };
    for (rules, expected) in [
        (
            "[{ if: [{ flag: darkMode, equals: true }], serve: true }]",
            "a V1 config has no conditions on other flags",
        ),
        (
            "[{ if: [{ segment: Big orders }, { segment: Big orders }], serve: true }]",
            "a rule of a V1 config has exactly one condition",
        ),
        (
            "[{ if: [{ user: Email, textEquals: a }], serve: true }]",
            "a V1 config has no comparator textEquals",
        ),
    ] {
        let error = client.plan(&value(rules), &PlanOptions::new()).await.unwrap_err();
        let said = &error.field_errors()["configs[Old app].settings[darkMode].values.Test.rules[0]"];
        assert_eq!(said, &[expected]);
    }
    // A list stands for text with commas.
    let list = value("[{ if: [{ user: Country, isOneOf: [DE, AT] }], serve: false }]");
    assert!(client.apply_document(&list, &PlanOptions::new()).await.unwrap().is_complete());
    assert!(client.plan(&list, &PlanOptions::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn progress_of_an_applied_document_reaches_its_total() {
    let (_simulator, client) = empty().await;
    let seen = std::sync::Mutex::new(Vec::new());
    let note = |progress: Progress| seen.lock().unwrap().push((progress.completed, progress.total));
    let report = client.apply_document_with(&document(SHOP), &reasoned(), note).await.unwrap();
    let seen = seen.into_inner().unwrap();
    let steps = report.plan.steps.len();
    assert!(seen.len() > 1 && seen.is_sorted() && seen.iter().all(|(_, total)| *total == steps), "{seen:?}");
    assert_eq!(seen.last(), Some(&(steps, steps)));
}

#[tokio::test]
async fn stopped_apply_reports_what_was_done() {
    let (_simulator, client) = empty().await;
    let stop = tokio::sync::Notify::new();
    let first = |progress: Progress| {
        if progress.completed == 1 {
            stop.notify_one();
        }
    };
    let shop = document(SHOP);
    let report = client.apply_document_until(&shop, &reasoned(), first, stop.notified()).await.unwrap();
    let with = |status| report.outcomes.iter().filter(|outcome| outcome.status == status).count();
    assert!(with(Status::Done) > 0 && with(Status::Skipped) > 0, "{}", report.to_text());
    assert_eq!(with(Status::Done) + with(Status::Skipped), report.plan.steps.len());
    // Applying again continues, and what was done can be taken back.
    let rest = client.plan(&shop, &reasoned()).await.unwrap();
    assert_eq!(rest.steps.len(), with(Status::Skipped), "{}", rest.to_text(false));
    let undo = client.plan(&report.undo(), &reasoned()).await.unwrap();
    assert!(client.apply(&undo).await.unwrap().is_complete());
    assert!(client.products().list().await.unwrap().is_empty());

    let plan = client.plan(&shop, &reasoned()).await.unwrap();
    let error = client.apply_until(&plan, |_| (), std::future::ready(())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(client.products().list().await.unwrap().is_empty());
}
