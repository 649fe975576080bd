/* Tests documents of products, plans, applying them, and what is made of them: undo, promote, compare, copies. */

#include "testing.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ccm_simulator *simulator;
static ccm_client *client;

static void begin(void) {
    simulator = simulator_start("demo", NULL);
    client = simulator_client(simulator);
}

static void finish(void) {
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void expect_error(ccm_status expected, ccm_status status, ccm_error **error, const char *text) {
    if (status != expected || strstr(ccm_error_message(*error), text) == NULL) {
        test_failed(__FILE__, __LINE__, text, *error != NULL ? ccm_error_message(*error) : ccm_status_name((int)status));
    }
    ccm_error_free(*error);
    *error = NULL;
}

static void expect_part(const char *text, const char *part) {
    if (text == NULL || strstr(text, part) == NULL) {
        test_failed(__FILE__, __LINE__, part, text != NULL ? text : "NULL");
    }
}

static ccm_product_document *parsed(const char *text) {
    ccm_product_document *document = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_product_document_parse(text, CCM_NUL, &document, &error), error);
    return document;
}

static ccm_product_document *exported(const char *product) {
    ccm_product_document *document = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_export(client, product, &document, &error), error);
    return document;
}

static ccm_plan *planned(const char *text, const char *options) {
    ccm_product_document *document = parsed(text);
    ccm_plan *plan = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_plan_new(client, document, options, &plan, &error), error);
    ccm_product_document_free(document);
    return plan;
}

/* Applies a plan completely, and frees it. */
static ccm_report *applied(ccm_plan *plan) {
    ccm_report *report = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_apply(client, plan, NULL, NULL, &report, &error), error);
    if (!ccm_report_is_complete(report)) {
        test_failed(__FILE__, __LINE__, "the plan was applied", ccm_report_text(report));
    }
    ccm_plan_free(plan);
    return report;
}

/* Four steps, each of which needs one before it, except for the tag. */
#define EXTRAS                                                                                                    \
    "product: Web Shop\n"                                                                                         \
    "tags: [{ name: brandNew }]\n"                                                                                \
    "configs:\n"                                                                                                  \
    "  - name: Extras\n"                                                                                          \
    "    settings:\n"                                                                                             \
    "      - { key: fastLane, name: Fast lane, settingType: boolean, tags: [brandNew], values: { Test: true } }\n"

#define CHECKOUT(value)                                                                                           \
    "{\"product\":\"Web Shop\",\"configs\":[{\"name\":\"Storefront\",\"settings\":[{\"key\":\"newCheckout\","        \
    "\"values\":{" value "}}]}]}"

static void document_is_read_from_yaml_and_json(void) {
    ccm_product_document *document = parsed(EXTRAS);
    CHECK_TEXT(ccm_product_document_product(document), "Web Shop");
    ccm_product_document *json = parsed(ccm_product_document_json(document));
    CHECK_TEXT(ccm_product_document_yaml(json), ccm_product_document_yaml(document));
    CHECK(ccm_product_document_yaml(json) == ccm_product_document_yaml(json));
    expect_part(ccm_product_document_yaml(json), "fastLane");
    ccm_product_document_free(json);
    ccm_product_document_free(document);
    document = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_product_document_parse(EXTRAS "and more", strlen(EXTRAS), &document, &error), error);
    ccm_product_document_free(document);
}

static void mistakes_in_documents_are_refused_with_places(void) {
    ccm_product_document *document = NULL;
    ccm_error *error = NULL;
    const char *misspelt = "product: Web Shop\ntags: [{ nam: x }]\n";
    ccm_status status = ccm_product_document_parse(misspelt, CCM_NUL, &document, &error);
    expect_part(ccm_error_message(error), "tags[0].nam: unknown field of a tag, did you mean name?");
    expect_error(CCM_BAD_REQUEST, status, &error, "(line 2, column ");
    CHECK(document == NULL);
    expect_error(CCM_BAD_REQUEST, ccm_product_document_parse("{", CCM_NUL, &document, &error), &error, "invalid document");
    expect_error(CCM_MISUSE, ccm_product_document_parse(NULL, 0, &document, &error), &error, "text is NULL");
    expect_error(CCM_MISUSE, ccm_product_document_parse("\xff", 1, &document, &error), &error, "text is not UTF-8");
    expect_error(CCM_MISUSE, ccm_product_document_parse("a", 1, NULL, &error), &error, "document is NULL");
    CHECK(ccm_product_document_yaml(NULL) == NULL && ccm_product_document_json(NULL) == NULL);
    CHECK(ccm_product_document_product(NULL) == NULL);
}

static void exported_product_needs_no_changes(void) {
    begin();
    ccm_product_document *document = exported("Web Shop");
    expect_part(ccm_product_document_yaml(document), "key: newCheckout");
    ccm_plan *plan = planned(ccm_product_document_yaml(document), NULL);
    CHECK(ccm_plan_step_count(plan) == 0 && ccm_plan_requests(plan) == 0 && ccm_plan_reads(plan) > 0);
    CHECK_TEXT(ccm_plan_summary(plan), "No changes: Web Shop is as the document says.");
    ccm_plan_free(plan);
    ccm_product_document_free(document);
    ccm_error *error = NULL;
    expect_error(CCM_NOT_FOUND, ccm_export(client, "Web Shp", &document, &error), &error, "did you mean \"Web Shop\"?");
    CHECK(document == NULL);
    expect_error(CCM_MISUSE, ccm_export(client, NULL, &document, &error), &error, "product is NULL");
    expect_error(CCM_MISUSE, ccm_export(NULL, "Web Shop", &document, &error), &error, "ccm_client is NULL");
    finish();
}

static void plan_has_typed_steps_and_its_price(void) {
    begin();
    int before = simulator_requests(simulator, "");
    ccm_plan *plan = planned(CHECKOUT("\"Test\":false"), NULL);
    CHECK((uint32_t)(simulator_requests(simulator, "") - before) == ccm_plan_reads(plan));
    CHECK(ccm_plan_step_count(plan) == 1 && ccm_plan_requests(plan) == 1 && ccm_plan_refused_count(plan) == 0);
    CHECK(ccm_plan_step_action(plan, 0) == CCM_STEP_UPDATE);
    CHECK_TEXT(ccm_plan_step_section(plan, 0), "values");
    CHECK_TEXT(ccm_plan_step_place(plan, 0), "Storefront / newCheckout / Test");
    CHECK(ccm_value_boolean(ccm_plan_step_before(plan, 0), false));
    size_t length = 0;
    const char *after = ccm_value_json(ccm_plan_step_after(plan, 0), &length);
    CHECK(length == 5 && strncmp(after, "false", length) == 0);
    CHECK(ccm_plan_step_refused(plan, 0) == NULL && ccm_plan_step_note(plan, 0) == NULL);
    ccm_plan_free(plan);

    plan = planned(EXTRAS, NULL);
    CHECK(ccm_plan_step_count(plan) == 4 && ccm_plan_step_action(plan, 0) == CCM_STEP_CREATE);
    CHECK_TEXT(ccm_plan_step_section(plan, 0), "tags");
    CHECK(ccm_plan_step_before(plan, 0) == NULL);
    CHECK(ccm_plan_step_action(plan, 4) == CCM_STEP_NONE && ccm_plan_step_section(plan, 4) == NULL);
    CHECK(ccm_plan_step_place(plan, SIZE_MAX) == NULL && ccm_plan_step_after(plan, 4) == NULL);
    ccm_plan_free(plan);
    CHECK(ccm_plan_step_count(NULL) == 0 && ccm_plan_step_action(NULL, 0) == CCM_STEP_NONE);
    CHECK(ccm_plan_text(NULL, true) == NULL && ccm_plan_step_place(NULL, 0) == NULL);
    finish();
}

static void plan_is_written_and_read_again(void) {
    begin();
    ccm_plan *plan = planned(EXTRAS, NULL);
    CHECK(strchr(ccm_plan_text(plan, false), '\x1b') == NULL && strchr(ccm_plan_text(plan, true), '\x1b') != NULL);
    expect_part(ccm_plan_text(plan, false), "fastLane");
    expect_part(ccm_plan_text(plan, false), ccm_plan_summary(plan));
    expect_part(ccm_plan_markdown(plan), "### Plan for Web Shop");
    ccm_plan *saved = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_plan_parse(ccm_plan_json(plan), CCM_NUL, &saved, &error), error);
    CHECK_TEXT(ccm_plan_json(saved), ccm_plan_json(plan));
    ccm_plan_free(plan);
    ccm_report_free(applied(saved));
    saved = NULL;
    expect_error(CCM_BAD_REQUEST, ccm_plan_parse("{}", CCM_NUL, &saved, &error), &error, "invalid plan");
    CHECK(saved == NULL);
    finish();
}

static void step_that_the_service_would_refuse_is_not_applied(void) {
    begin();
    ccm_plan *plan = planned(CHECKOUT("\"Production\":true"), NULL);
    CHECK(ccm_plan_refused_count(plan) == 1);
    CHECK_TEXT(ccm_plan_step_refused(plan, 0), "Production requires a reason (reason)");
    ccm_report *report = NULL;
    ccm_error *error = NULL;
    ccm_status status = ccm_apply(client, plan, NULL, NULL, &report, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "the plan cannot be applied: Production requires a reason");
    CHECK(report == NULL);
    ccm_plan_free(plan);
    plan = planned(CHECKOUT("\"Production\":true"), "{\"reason\":\"Launch\"}");
    expect_part(ccm_plan_step_refused(plan, 0), "Production requires an approval");
    ccm_plan_free(plan);
    report = applied(planned(CHECKOUT("\"Production\":true"), "{\"reason\":\"Launch\",\"approval\":\"request\"}"));
    CHECK(ccm_report_count(report) == 1 && ccm_report_status(report, 0) == CCM_STEP_REQUESTED);
    CHECK(ccm_report_id(report, 0) != NULL && ccm_report_error(report, 0) == NULL);
    ccm_report_free(report);
    finish();
}

static void wrong_options_are_refused_by_name(void) {
    begin();
    ccm_product_document *document = parsed(EXTRAS);
    ccm_plan *plan = NULL;
    ccm_error *error = NULL;
    int before = simulator_requests(simulator, "");
    ccm_status status = ccm_plan_new(client, document, "{\"reasons\":\"x\"}", &plan, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "options: unknown member \"reasons\"; did you mean \"reason\"?");
    status = ccm_plan_new(client, document, "{\"approval\":\"bypassed\"}", &plan, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "options: approval: unknown variant `bypassed`");
    status = ccm_plan_new(client, document, "[]", &plan, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "options: not a JSON object");
    status = ccm_plan_new(client, document, "{\"prune\":[\"tag\"]}", &plan, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "prune: there is no section \"tag\"");
    expect_error(CCM_MISUSE, ccm_plan_new(client, NULL, NULL, &plan, &error), &error, "ccm_product_document is NULL");
    expect_error(CCM_MISUSE, ccm_plan_new(client, document, NULL, NULL, &error), &error, "plan is NULL");
    CHECK(plan == NULL && simulator_requests(simulator, "") == before);
    ccm_product_document_free(document);
    finish();
}

static void option_names_have_both_forms(void) {
    begin();
    const char *text = "product: Web Shop\nconfigs:\n  - name: Storefront\n    settings:\n"
                       "      - { key: newCheckout, settingType: string }\n";
    ccm_plan *plan = planned(text, NULL);
    CHECK(ccm_plan_refused_count(plan) > 0);
    ccm_plan_free(plan);
    for (int camel = 0; camel < 2; camel++) {
        plan = planned(text, camel ? "{\"allowReplace\":true}" : "{\"allow_replace\":true,\"reason\":null}");
        bool replaces = false;
        for (size_t i = 0; i < ccm_plan_step_count(plan); i++) {
            replaces = replaces || ccm_plan_step_action(plan, i) == CCM_STEP_REPLACE;
        }
        CHECK(replaces);
        ccm_plan_free(plan);
    }
    finish();
}

typedef struct {
    size_t reported;
    size_t last;
    size_t total;
    size_t stop_at;
} progress;

static bool follow(void *user_data, size_t done, size_t total) {
    progress *p = user_data;
    CHECK(done >= p->last && done <= total);
    p->reported++;
    p->last = done;
    p->total = total;
    return p->reported != p->stop_at;
}

static void progress_is_reported_until_the_last_step(void) {
    begin();
    ccm_plan *plan = planned(EXTRAS, NULL);
    ccm_report *report = NULL;
    ccm_error *error = NULL;
    progress p = {.stop_at = 0};
    CHECK_STATUS(CCM_OK, ccm_apply(client, plan, follow, &p, &report, &error), error);
    CHECK(p.reported == ccm_plan_requests(plan) && p.last == 4 && p.total == 4);
    CHECK(ccm_report_is_complete(report) && ccm_report_count(report) == 4);
    CHECK(ccm_report_requests(report) == ccm_plan_requests(plan) + ccm_plan_reads(plan));
    for (size_t i = 0; i < 4; i++) {
        CHECK(ccm_report_step(report, i) == i && ccm_report_status(report, i) == CCM_STEP_DONE);
    }
    CHECK(ccm_report_id(report, 0) != NULL && ccm_report_error(report, 0) == NULL && ccm_report_theirs(report, 0) == NULL);
    CHECK(ccm_report_step(report, 4) == SIZE_MAX && ccm_report_status(report, 4) == CCM_STEP_UNKNOWN);
    expect_part(ccm_report_summary(report), "4 applied");
    expect_part(ccm_report_text(report), ccm_report_summary(report));
    ccm_report_free(report);
    ccm_plan_free(plan);
    CHECK(!ccm_report_is_complete(NULL) && ccm_report_count(NULL) == 0 && ccm_report_text(NULL) == NULL);
    finish();
}

static void cancelled_plan_can_be_applied_again(void) {
    begin();
    ccm_plan *plan = planned(EXTRAS, NULL);
    ccm_report *report = NULL;
    ccm_error *error = NULL;
    progress p = {.stop_at = 1};
    ccm_status status = ccm_apply(client, plan, follow, &p, &report, &error);
    expect_error(CCM_CANCELLED, status, &error, "applying the plan was cancelled");
    CHECK(report == NULL && p.reported == 1 && simulator_requests(simulator, "operation=tags.create") == 1);
    CHECK(simulator_requests(simulator, "operation=configs.create") == 0);
    ccm_plan_free(plan);
    plan = planned(EXTRAS, NULL);
    CHECK(ccm_plan_step_count(plan) == 3);
    ccm_report_free(applied(plan));
    plan = planned(EXTRAS, NULL);
    CHECK(ccm_plan_step_count(plan) == 0);
    ccm_plan_free(plan);
    finish();
}

static void cancellation_after_the_last_step_has_no_effect(void) {
    begin();
    ccm_plan *plan = planned(CHECKOUT("\"Test\":false"), NULL);
    ccm_report *report = NULL;
    ccm_error *error = NULL;
    progress p = {.stop_at = 1};
    CHECK_STATUS(CCM_OK, ccm_apply(client, plan, follow, &p, &report, &error), error);
    CHECK(p.reported == 1 && ccm_report_is_complete(report));
    ccm_report_free(report);
    ccm_plan_free(plan);
    finish();
}

static void conflict_tells_what_others_made(void) {
    begin();
    ccm_plan *plan = planned("product: Web Shop\ntags: [{ name: checkout, color: whale }]\n", NULL);
    ccm_report_free(applied(planned("product: Web Shop\ntags: [{ name: checkout, color: salmon }]\n", NULL)));
    ccm_report *report = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_apply(client, plan, NULL, NULL, &report, &error), error);
    CHECK(!ccm_report_is_complete(report) && ccm_report_status(report, 0) == CCM_STEP_CONFLICT);
    CHECK(ccm_report_error(report, 0) != NULL);
    CHECK_TEXT(ccm_value_string(ccm_value_get(ccm_report_theirs(report, 0), "color"), NULL), "salmon");
    expect_part(ccm_report_text(report), "conflict: tags checkout");
    ccm_report_free(report);
    ccm_plan_free(plan);
    finish();
}

static void failure_of_the_service_is_in_the_report(void) {
    begin();
    ccm_plan *plan = planned(EXTRAS, NULL);
    const char *fault = "{\"operation\":\"configs.create\",\"status\":400,\"times\":1}";
    CHECK(ccm_simulator_admin(simulator, "POST", "/faults", fault, NULL) / 100 == 2);
    ccm_report *report = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_apply(client, plan, NULL, NULL, &report, &error), error);
    size_t done = 0;
    size_t failed = 0;
    size_t skipped = 0;
    for (size_t i = 0; i < ccm_report_count(report); i++) {
        ccm_step_status status = ccm_report_status(report, i);
        done += status == CCM_STEP_DONE;
        failed += status == CCM_STEP_FAILED;
        skipped += status == CCM_STEP_SKIPPED;
        CHECK((ccm_report_error(report, i) == NULL) == (status == CCM_STEP_DONE));
    }
    CHECK(done == 1 && failed == 1 && skipped == 2 && !ccm_report_is_complete(report));
    ccm_report_free(report);
    ccm_plan_free(plan);
    finish();
}

static void undo_restores_what_was_changed(void) {
    begin();
    ccm_product_document *before = exported("Web Shop");
    ccm_report *report = applied(planned(EXTRAS, NULL));
    ccm_report *saved = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_report_parse(ccm_report_json(report), CCM_NUL, &saved, &error), error);
    CHECK_TEXT(ccm_report_json(saved), ccm_report_json(report));
    ccm_report_free(report);
    ccm_product_document *undo = NULL;
    CHECK_STATUS(CCM_OK, ccm_report_undo(saved, &undo, &error), error);
    ccm_report_free(saved);
    ccm_report_free(applied(planned(ccm_product_document_yaml(undo), NULL)));
    ccm_product_document_free(undo);
    ccm_product_document *after = exported("Web Shop");
    CHECK_TEXT(ccm_product_document_yaml(after), ccm_product_document_yaml(before));
    ccm_product_document_free(after);
    ccm_product_document_free(before);
    expect_error(CCM_BAD_REQUEST, ccm_report_parse("{}", CCM_NUL, &saved, &error), &error, "invalid report");
    expect_error(CCM_MISUSE, ccm_report_undo(NULL, &undo, &error), &error, "ccm_report is NULL");
    CHECK(saved == NULL && undo == NULL);
    finish();
}

static void promotion_copies_values(void) {
    begin();
    const char *release = "{\"product\":\"Web Shop\",\"config\":\"Storefront\",\"from\":\"Staging\",\"to\":\"Test\","
                          "\"flags\":[\"newCheckout\"]}";
    ccm_plan *plan = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_promote(client, release, NULL, &plan, &error), error);
    CHECK(ccm_plan_step_count(plan) == 1);
    CHECK_TEXT(ccm_plan_step_place(plan, 0), "Storefront / newCheckout / Test");
    ccm_report_free(applied(plan));
    CHECK_STATUS(CCM_OK, ccm_promote(client, release, "{\"strict\":true}", &plan, &error), error);
    CHECK(ccm_plan_step_count(plan) == 0);
    ccm_plan_free(plan);
    ccm_status status = ccm_promote(client, "{\"product\":\"Web Shop\"}", NULL, &plan, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "promotion: missing field `config`");
    status = ccm_promote(client, "{\"flag\":[]}", NULL, &plan, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "unknown member \"flag\"; did you mean \"flags\"?");
    const char *unknown = "{\"product\":\"Web Shop\",\"config\":\"Storefront\",\"from\":\"Stagin\",\"to\":\"Test\"}";
    expect_error(CCM_NOT_FOUND, ccm_promote(client, unknown, NULL, &plan, &error), &error, "did you mean \"Staging\"?");
    CHECK(plan == NULL);
    finish();
}

static void copy_of_a_product_is_like_it(void) {
    begin();
    ccm_plan *plan = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_clone_product(client, "Web Shop", "Copy", "Corner Shop", &plan, &error), error);
    ccm_report_free(applied(plan));
    CHECK_STATUS(CCM_OK, ccm_compare(client, "Web Shop", "Copy", &plan, &error), error);
    CHECK(ccm_plan_step_count(plan) == 0);
    ccm_plan_free(plan);
    ccm_report_free(applied(planned("product: Copy\ntags: [{ name: checkout, color: whale }]\n", NULL)));
    CHECK_STATUS(CCM_OK, ccm_compare(client, "Web Shop", "Copy", &plan, &error), error);
    CHECK(ccm_plan_step_count(plan) == 1);
    CHECK_TEXT(ccm_value_string(ccm_value_get(ccm_plan_step_after(plan, 0), "color"), NULL), "panther");
    ccm_plan_free(plan);
    ccm_status status = ccm_clone_product(client, "Web Shop", "Copy", "Corner Shop", &plan, &error);
    expect_error(CCM_CONFLICT, status, &error, "a product has the name \"Copy\" already");
    expect_error(CCM_NOT_FOUND, ccm_compare(client, "Web Shop", "Copi", &plan, &error), &error, "Copi");
    CHECK(plan == NULL);
    finish();
}

static bool apply_inside(void *user_data, size_t done, size_t total) {
    (void)done;
    (void)total;
    ccm_report *report = NULL;
    ccm_error *error = NULL;
    ccm_status status = ccm_apply(client, user_data, NULL, NULL, &report, &error);
    expect_error(CCM_MISUSE, status, &error, "ccm_apply() was called inside a callback");
    return true;
}

static void waiting_inside_the_progress_callback_is_misuse(void) {
    begin();
    ccm_plan *plan = planned(CHECKOUT("\"Test\":false"), NULL);
    ccm_report *report = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_apply(client, plan, apply_inside, plan, &report, &error), error);
    ccm_report_free(report);
    ccm_plan_free(plan);
    finish();
}

static void document_is_applied_at_once(void) {
    begin();
    ccm_product_document *document = parsed(EXTRAS);
    ccm_report *report = NULL;
    ccm_error *error = NULL;
    progress p = {.stop_at = 0};
    ccm_status status = ccm_apply_document(client, document, "{\"reason\": \"Launch\"}", follow, &p, &report, &error);
    CHECK_STATUS(CCM_OK, status, error);
    CHECK(ccm_report_is_complete(report) && p.last == 4 && p.total == 4);
    ccm_report_free(report);
    ccm_plan *rest = planned(EXTRAS, NULL);
    CHECK(ccm_plan_step_count(rest) == 0);
    ccm_plan_free(rest);
    status = ccm_apply_document(client, document, "{\"reasons\": 1}", NULL, NULL, &report, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "did you mean");
    CHECK(report == NULL);
    status = ccm_apply_document(client, NULL, NULL, NULL, NULL, &report, &error);
    expect_error(CCM_MISUSE, status, &error, "document");
    ccm_product_document_free(document);
    finish();
}

/* Starts a mirror of a product, with a user name and a password of its own. */
static ccm_simulator *mirrored(const char *product) {
    ccm_document *seed = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_export_seed(client, product, &seed, &error), error);
    size_t length;
    const char *json = ccm_value_json(ccm_document_value(seed), &length);
    ccm_simulator_options options = {.size = sizeof options, .username = "me", .password = "mine"};
    ccm_simulator *mirror = NULL;
    char *reason = NULL;
    if (!ccm_simulator_mirror_start(json, length, &options, &mirror, &reason)) {
        test_failed(__FILE__, __LINE__, "the mirror starts", reason);
    }
    ccm_document_free(seed);
    return mirror;
}

static ccm_plan *changed(const ccm_simulator *mirror, const char *options) {
    char *json = NULL, *reason = NULL;
    if (!ccm_simulator_mirror_changes(mirror, options, &json, &reason)) {
        test_failed(__FILE__, __LINE__, "the changes are a plan", reason);
    }
    ccm_plan *plan = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_plan_parse(json, CCM_NUL, &plan, &error), error);
    ccm_simulator_free_string(json);
    return plan;
}

static void changes_of_a_mirror_apply_to_the_original(void) {
    begin();
    ccm_simulator *mirror = mirrored("Web Shop");
    ccm_plan *plan = changed(mirror, NULL);
    CHECK(ccm_plan_step_count(plan) == 0);
    ccm_plan_free(plan);

    ccm_client *original = client;
    client = simulator_client(mirror);
    ccm_product_document *copy = exported("Web Shop");
    ccm_report_free(applied(planned(EXTRAS, NULL)));
    ccm_client_free(client);
    client = original;
    ccm_product_document *real = exported("Web Shop");
    CHECK_TEXT(ccm_product_document_yaml(copy), ccm_product_document_yaml(real));
    ccm_product_document_free(copy);
    ccm_product_document_free(real);

    plan = changed(mirror, "{\"reason\": \"Rehearsed\"}");
    ccm_simulator_stop(mirror);
    CHECK(ccm_plan_step_count(plan) == 4);
    CHECK_TEXT(ccm_plan_step_place(plan, 0), "brandNew");
    CHECK(simulator_requests(simulator, "method=POST") == 0);
    ccm_report_free(applied(plan));
    CHECK(simulator_requests(simulator, "operation=tags.create") == 1);
    plan = planned(EXTRAS, NULL);
    CHECK(ccm_plan_step_count(plan) == 0);
    ccm_plan_free(plan);
    finish();
}

#define STOREFRONT "50000000-0000-4000-8000-000000000001"
#define TEST_ENVIRONMENT "30000000-0000-4000-8000-000000000001"
#define WEBHOOK "{\"url\": \"https://hook.example/a\", \"content\": \"c\"}"

static void secrets_of_a_mirror_are_placeholders(void) {
    begin();
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_webhooks_create(client, STOREFRONT, TEST_ENVIRONMENT, WEBHOOK, CCM_NUL, NULL, NULL, &error), error);
    ccm_simulator *mirror = mirrored("Web Shop");
    CHECK(ccm_simulator_mirror_placeholder_count(mirror) == 1);
    CHECK_TEXT(ccm_simulator_mirror_placeholder(mirror, 0),
               "signing keys of the webhook https://hook.example/a (Storefront / Test)");
    CHECK(ccm_simulator_mirror_placeholder(mirror, 1) == NULL);
    ccm_simulator_stop(mirror);
    CHECK(ccm_simulator_mirror_placeholder_count(simulator) == 0);
    CHECK(ccm_simulator_mirror_placeholder_count(NULL) == 0 && ccm_simulator_mirror_placeholder(NULL, 0) == NULL);
    finish();
}

static void expect_reason(bool succeeded, char **reason, const char *part) {
    CHECK(!succeeded);
    expect_part(*reason, part);
    ccm_simulator_free_string(*reason);
    *reason = NULL;
}

static void mirror_refuses_wrong_arguments(void) {
    begin();
    ccm_document *seed = NULL;
    ccm_error *error = NULL;
    ccm_status status = ccm_export_seed(client, "Web Shp", &seed, &error);
    expect_error(CCM_NOT_FOUND, status, &error, "did you mean \"Web Shop\"?");
    CHECK(seed == NULL);
    ccm_simulator *mirror = NULL;
    char *plan = NULL, *reason = NULL;
    ccm_simulator_options options = {.size = sizeof options, .seed = "demo"};
    expect_reason(ccm_simulator_mirror_start("{}", SIZE_MAX, &options, &mirror, &reason), &reason, "seed: a mirror has");
    expect_reason(ccm_simulator_mirror_start("{", 1, NULL, &mirror, &reason), &reason, "seed: ");
    expect_reason(ccm_simulator_mirror_start(NULL, 0, NULL, &mirror, &reason), &reason, "seed is NULL");
    CHECK(mirror == NULL);
    expect_reason(ccm_simulator_mirror_changes(simulator, NULL, &plan, &reason), &reason, "not a mirror");
    expect_reason(ccm_simulator_mirror_changes(NULL, NULL, &plan, &reason), &reason, "simulator is NULL");
    expect_reason(ccm_simulator_mirror_changes(simulator, NULL, NULL, &reason), &reason, "plan is NULL");
    mirror = mirrored("Web Shop");
    expect_reason(ccm_simulator_mirror_changes(mirror, "{\"reasn\": 1}", &plan, &reason), &reason, "did you mean \"reason\"?");
    CHECK(plan == NULL);
    ccm_simulator_stop(mirror);
    finish();
}

TEST_MAIN({"document_is_read_from_yaml_and_json", document_is_read_from_yaml_and_json},
          {"mistakes_in_documents_are_refused_with_places", mistakes_in_documents_are_refused_with_places},
          {"exported_product_needs_no_changes", exported_product_needs_no_changes},
          {"plan_has_typed_steps_and_its_price", plan_has_typed_steps_and_its_price},
          {"plan_is_written_and_read_again", plan_is_written_and_read_again},
          {"step_that_the_service_would_refuse_is_not_applied", step_that_the_service_would_refuse_is_not_applied},
          {"wrong_options_are_refused_by_name", wrong_options_are_refused_by_name},
          {"option_names_have_both_forms", option_names_have_both_forms},
          {"progress_is_reported_until_the_last_step", progress_is_reported_until_the_last_step},
          {"cancelled_plan_can_be_applied_again", cancelled_plan_can_be_applied_again},
          {"cancellation_after_the_last_step_has_no_effect", cancellation_after_the_last_step_has_no_effect},
          {"conflict_tells_what_others_made", conflict_tells_what_others_made},
          {"failure_of_the_service_is_in_the_report", failure_of_the_service_is_in_the_report},
          {"undo_restores_what_was_changed", undo_restores_what_was_changed},
          {"promotion_copies_values", promotion_copies_values},
          {"copy_of_a_product_is_like_it", copy_of_a_product_is_like_it},
          {"waiting_inside_the_progress_callback_is_misuse", waiting_inside_the_progress_callback_is_misuse},
          {"document_is_applied_at_once", document_is_applied_at_once},
          {"changes_of_a_mirror_apply_to_the_original", changes_of_a_mirror_apply_to_the_original},
          {"secrets_of_a_mirror_are_placeholders", secrets_of_a_mirror_are_placeholders},
          {"mirror_refuses_wrong_arguments", mirror_refuses_wrong_arguments})
