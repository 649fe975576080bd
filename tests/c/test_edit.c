/* Tests edits against the simulator: what is sent, what is not, and conflicts. */

#include "testing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    ccm_simulator *simulator;
    ccm_client *client;
    /* Parameters of the flag's value. */
    char flag[160];
} fixture;

/* A rule that serves a value. */
#define RULE(value)                                                                                             \
    "{\"conditions\":[{\"user_condition\":{\"comparison_attribute\":\"Email\",\"comparator\":\"isOneOf\","             \
    "\"comparison_value\":{\"list_value\":[{\"value\":\"a@example.com\"}]}}}],\"value\":" #value "}"

static fixture begin(void) {
    fixture f = {.simulator = simulator_start("demo", NULL)};
    f.client = simulator_client(f.simulator);
    ccm_response *product = NULL;
    ccm_response *config = NULL;
    ccm_response *settings = NULL;
    ccm_response *environments = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_settings_list(f.client, first_config(f.client, &config), NULL, &settings, &error), error);
    CHECK_STATUS(CCM_OK, ccm_environments_list(f.client, first_product(f.client, &product), NULL, &environments, &error), error);
    const char *environment = ccm_value_string(ccm_value_at(ccm_response_value(environments), "[0].environment_id"), NULL);
    int64_t setting = ccm_value_integer(ccm_value_at(ccm_response_value(settings), "[0].setting_id"), 0);
    snprintf(f.flag, sizeof f.flag, "{\"environment_id\":\"%s\",\"setting_id\":%" PRId64 ",\"reason\":\"test\"}", environment,
             setting);
    ccm_response_free(product);
    ccm_response_free(config);
    ccm_response_free(settings);
    ccm_response_free(environments);
    return f;
}

static void finish(fixture *f) {
    ccm_client_free(f->client);
    ccm_simulator_stop(f->simulator);
}

static ccm_edit *edit_begin(const fixture *f) {
    ccm_edit *edit = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_edit_begin(f->client, "flag_values.edit", f->flag, CCM_NUL, NULL, &edit, &error), error);
    CHECK(edit != NULL);
    return edit;
}

static void edit_set(ccm_edit *edit, const char *path, const char *json) {
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_edit_set(edit, path, json, CCM_NUL, &error), error);
}

/* Makes one change, as others would. */
static void change(const fixture *f, const char *path, const char *json) {
    ccm_error *error = NULL;
    ccm_edit *edit = edit_begin(f);
    edit_set(edit, path, json);
    CHECK_STATUS(CCM_OK, ccm_edit_commit(edit, NULL, &error), error);
    ccm_edit_free(edit);
}

static int patches(const fixture *f) { return simulator_requests(f->simulator, "operation=flag_values.patch"); }

static void edit_sends_only_what_changed(void) {
    fixture f = begin();
    change(&f, "/default_value", "false");
    change(&f, "/targeting_rules", "[" RULE(true) "]");
    int before = patches(&f);
    ccm_error *error = NULL;
    ccm_edit *edit = edit_begin(&f);
    CHECK(ccm_value_boolean(ccm_value_at(ccm_edit_base(edit), "targeting_rules[0].value.value"), false));
    edit_set(edit, "/targeting_rules/0/value", "false");
    ccm_document *draft = NULL;
    CHECK_STATUS(CCM_OK, ccm_edit_draft(edit, &draft, &error), error);
    CHECK(!ccm_value_boolean(ccm_value_at(ccm_document_value(draft), "targeting_rules[0].value.value"), true));
    ccm_document_free(draft);
    ccm_document *patch = NULL;
    CHECK_STATUS(CCM_OK, ccm_edit_changes(edit, &patch, &error), error);
    const ccm_value *operations = ccm_document_value(patch);
    CHECK(ccm_value_length(operations) == 1);
    CHECK_TEXT(ccm_value_string(ccm_value_at(operations, "[0].path"), NULL), "/targetingRules/0/value/boolValue");
    ccm_document_free(patch);
    ccm_response *response = NULL;
    CHECK_STATUS(CCM_OK, ccm_edit_commit(edit, &response, &error), error);
    const ccm_value *rules = ccm_value_get(ccm_response_value(response), "targeting_rules");
    CHECK(!ccm_value_boolean(ccm_value_at(rules, "[0].value.value"), true));
    CHECK(patches(&f) == before + 1);
    ccm_response_free(response);
    CHECK(ccm_edit_commit(edit, &response, &error) == CCM_MISUSE && response == NULL);
    ccm_error_free(error);
    ccm_edit_free(edit);
    finish(&f);
}

static void unchanged_draft_sends_nothing(void) {
    fixture f = begin();
    change(&f, "/default_value", "true");
    int before = patches(&f);
    ccm_error *error = NULL;
    ccm_response *response = NULL;
    ccm_edit *edit = edit_begin(&f);
    edit_set(edit, "/default_value", "true");
    CHECK_STATUS(CCM_OK, ccm_edit_commit(edit, &response, &error), error);
    CHECK(response == NULL && patches(&f) == before);
    ccm_edit_free(edit);
    edit = edit_begin(&f);
    edit_set(edit, "/default_value", "false");
    ccm_edit_free(edit);
    CHECK(patches(&f) == before);
    finish(&f);
}

static void conflict_has_all_states_and_the_patch(void) {
    fixture f = begin();
    change(&f, "/default_value", "false");
    ccm_error *error = NULL;
    ccm_response *response = NULL;
    ccm_edit *edit = edit_begin(&f);
    CHECK(ccm_edit_set_rebase(edit, 5) == CCM_OK);
    edit_set(edit, "/targeting_rules", "[]");
    edit_set(edit, "/targeting_rules/-", RULE(true));
    CHECK(ccm_edit_theirs(edit) == NULL);
    change(&f, "/targeting_rules", "[" RULE(false) "]");
    CHECK(ccm_edit_commit(edit, &response, &error) == CCM_CONFLICT && response == NULL);
    CHECK(ccm_error_http_status(error) == 409);
    ccm_error_free(error);
    CHECK(ccm_value_length(ccm_value_get(ccm_edit_theirs(edit), "targeting_rules")) == 1);
    CHECK(!ccm_value_boolean(ccm_value_at(ccm_edit_theirs(edit), "targeting_rules[0].value.value"), true));
    CHECK(ccm_edit_base(edit) != NULL);
    ccm_document *document = NULL;
    CHECK_STATUS(CCM_OK, ccm_edit_draft(edit, &document, &error), error);
    CHECK(ccm_value_boolean(ccm_value_at(ccm_document_value(document), "targeting_rules[0].value.value"), false));
    ccm_document_free(document);
    CHECK_STATUS(CCM_OK, ccm_edit_changes(edit, &document, &error), error);
    CHECK(ccm_value_length(ccm_document_value(document)) >= 1);
    ccm_document_free(document);
    ccm_edit_free(edit);
    finish(&f);
}

static void rebase_keeps_changes_of_other_members(void) {
    fixture f = begin();
    change(&f, "/default_value", "false");
    ccm_error *error = NULL;
    ccm_edit *edit = edit_begin(&f);
    edit_set(edit, "/default_value", "true");
    change(&f, "/percentage_evaluation_attribute", "\"Country\"");
    CHECK(ccm_edit_commit(edit, NULL, &error) == CCM_CONFLICT);
    ccm_error_free(error);
    ccm_edit_free(edit);

    edit = edit_begin(&f);
    CHECK(ccm_edit_set_rebase(edit, 1) == CCM_OK);
    edit_set(edit, "/default_value", "true");
    change(&f, "/percentage_evaluation_attribute", "\"Plan\"");
    ccm_response *response = NULL;
    CHECK_STATUS(CCM_OK, ccm_edit_commit(edit, &response, &error), error);
    const ccm_value *state = ccm_response_value(response);
    CHECK(ccm_value_boolean(ccm_value_at(state, "default_value.value"), false));
    CHECK_TEXT(ccm_value_string(ccm_value_get(state, "percentage_evaluation_attribute"), NULL), "Plan");
    ccm_response_free(response);
    ccm_edit_free(edit);
    finish(&f);
}

typedef struct {
    bool is_done;
    ccm_status status;
    ccm_response *response;
} outcome;

static void note(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    outcome *noted = user_data;
    CHECK((status == CCM_OK) == (error == NULL) && !noted->is_done);
    ccm_error_free(error);
    *noted = (outcome){.is_done = true, .status = status, .response = response};
}

/* Dispatches the queue until a callback has run, and checks its status. */
static void expect(ccm_queue *queue, outcome *noted, ccm_status status) {
    for (int i = 0; i < 100 && !noted->is_done; i++)
        ccm_queue_dispatch(queue, 100, 0);
    CHECK(noted->is_done && noted->status == status);
    noted->is_done = false;
}

static ccm_edit *edit_start(const fixture *f, ccm_params *params, outcome *noted, ccm_pending **pending) {
    ccm_edit *edit = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK,
                 ccm_edit_begin_start(f->client, "flag_values.edit", f->flag, CCM_NUL, params, &edit, note, noted, pending, &error),
                 error);
    CHECK(edit != NULL);
    return edit;
}

static void edit_can_be_started_and_committed_with_a_queue(void) {
    fixture f = begin();
    change(&f, "/default_value", "false");
    ccm_queue *queue = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_queue_new(&queue, &error), error);
    ccm_params *params = ccm_params_new();
    CHECK(ccm_params_set_queue(params, queue) == CCM_OK);
    const char *slow = "{\"operation\":\"flag_values.get\",\"delayMs\":200,\"times\":1}";
    CHECK(ccm_simulator_admin(f.simulator, "POST", "/faults", slow, NULL) == 201);

    outcome noted = {0};
    ccm_edit *edit = edit_start(&f, params, &noted, NULL);
    CHECK(ccm_edit_set(edit, "/default_value", "true", CCM_NUL, &error) == CCM_MISUSE && ccm_edit_base(edit) == NULL);
    CHECK(strstr(ccm_error_message(error), "in progress") != NULL);
    ccm_error_free(error);
    expect(queue, &noted, CCM_OK);
    CHECK(!ccm_value_boolean(ccm_value_at(ccm_response_value(noted.response), "default_value.value"), true));
    CHECK(ccm_value_kind(ccm_value_get(ccm_edit_base(edit), "default_value")) == CCM_OBJECT);
    ccm_response_free(noted.response);
    edit_set(edit, "/default_value", "true");
    int before = patches(&f);
    CHECK_STATUS(CCM_OK, ccm_edit_commit_start(edit, params, note, &noted, NULL, &error), error);
    expect(queue, &noted, CCM_OK);
    CHECK(ccm_value_boolean(ccm_value_at(ccm_response_value(noted.response), "default_value.value"), false));
    ccm_response_free(noted.response);
    CHECK(patches(&f) == before + 1);
    CHECK(ccm_edit_commit_start(edit, params, note, &noted, NULL, &error) == CCM_MISUSE);
    CHECK(strstr(ccm_error_message(error), "has been committed") != NULL);
    ccm_error_free(error);
    ccm_edit_free(edit);

    /* Nothing changed. */
    edit = edit_start(&f, params, &noted, NULL);
    expect(queue, &noted, CCM_OK);
    ccm_response_free(noted.response);
    CHECK_STATUS(CCM_OK, ccm_edit_commit_start(edit, params, note, &noted, NULL, &error), error);
    expect(queue, &noted, CCM_OK);
    CHECK(noted.response == NULL && patches(&f) == before + 1);
    ccm_edit_free(edit);

    ccm_params_free(params);
    ccm_queue_free(queue);
    finish(&f);
}

static void started_edit_conflicts_and_can_be_cancelled(void) {
    fixture f = begin();
    ccm_queue *queue = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_queue_new(&queue, &error), error);
    ccm_params *params = ccm_params_new();
    CHECK(ccm_params_set_queue(params, queue) == CCM_OK);
    outcome noted = {0};
    ccm_edit *edit = edit_start(&f, params, &noted, NULL);
    expect(queue, &noted, CCM_OK);
    ccm_response_free(noted.response);
    edit_set(edit, "/targeting_rules", "[" RULE(true) "]");
    change(&f, "/targeting_rules", "[" RULE(false) "]");
    CHECK_STATUS(CCM_OK, ccm_edit_commit_start(edit, params, note, &noted, NULL, &error), error);
    expect(queue, &noted, CCM_CONFLICT);
    CHECK(noted.response == NULL && ccm_edit_theirs(edit) != NULL);

    /* A cancelled call leaves the edit as it was. */
    const char *slow = "{\"operation\":\"flag_values.patch\",\"delayMs\":20000}";
    CHECK(ccm_simulator_admin(f.simulator, "POST", "/faults", slow, NULL) == 201);
    ccm_pending *pending = NULL;
    CHECK_STATUS(CCM_OK, ccm_edit_commit_start(edit, params, note, &noted, &pending, &error), error);
    CHECK(ccm_edit_set_rebase(edit, 1) == CCM_MISUSE);
    CHECK(ccm_pending_cancel(pending) == CCM_OK);
    expect(queue, &noted, CCM_CANCELLED);
    CHECK(ccm_edit_set_rebase(edit, 1) == CCM_OK);
    ccm_pending_free(pending);
    ccm_edit_free(edit);

    /* An edit that is freed during its call. */
    CHECK_STATUS(CCM_OK, ccm_edit_begin_start(f.client, "flag_values.edit", f.flag, CCM_NUL, params, &edit, note, &noted, NULL, &error),
                 error);
    ccm_edit_free(edit);
    expect(queue, &noted, CCM_OK);
    ccm_response_free(noted.response);
    ccm_params_free(params);
    ccm_queue_free(queue);
    finish(&f);
}

static void wrong_edits_are_refused(void) {
    fixture f = begin();
    ccm_error *error = NULL;
    ccm_edit *edit = NULL;
    CHECK(ccm_edit_begin(f.client, "flags.edit", f.flag, CCM_NUL, NULL, &edit, &error) == CCM_BAD_REQUEST && edit == NULL);
    CHECK(strstr(ccm_error_message(error), "flags.edit") != NULL);
    ccm_error_free(error);
    const char *missing = "{\"environment_id\":\"00000000-0000-0000-0000-000000000000\",\"setting_id\":1}";
    CHECK(ccm_edit_begin(f.client, "flag_values.edit", missing, CCM_NUL, NULL, &edit, &error) == CCM_NOT_FOUND && edit == NULL);
    ccm_error_free(error);
    edit = edit_begin(&f);
    CHECK(ccm_edit_set(edit, "/defualt_value", "true", CCM_NUL, &error) == CCM_BAD_REQUEST);
    CHECK(strstr(ccm_error_message(error), "did you mean default_value?") != NULL);
    ccm_error_free(error);
    CHECK(ccm_edit_set(edit, "/default_value", "{", CCM_NUL, &error) == CCM_BAD_REQUEST);
    ccm_error_free(error);
    CHECK(ccm_edit_remove(edit, "/targeting_rules/99", &error) == CCM_BAD_REQUEST);
    ccm_error_free(error);
    CHECK_STATUS(CCM_OK, ccm_edit_replace(edit, "{\"default_value\":true,\"targeting_rules\":[]}", CCM_NUL, &error), error);
    CHECK_STATUS(CCM_OK, ccm_edit_insert(edit, "/targetingRules/0", RULE(true), CCM_NUL, &error), error);
    CHECK_STATUS(CCM_OK, ccm_edit_remove(edit, "/targetingRules/0", &error), error);
    ccm_edit_free(edit);
    ccm_edit_free(NULL);
    CHECK(ccm_edit_base(NULL) == NULL && ccm_edit_set_rebase(NULL, 1) == CCM_MISUSE);
    finish(&f);
}

static void unreadable_state_is_a_masked_decode_error(void) {
    fixture f = begin();
    const char *fault = "{\"operation\":\"flag_values.get\",\"body\":{\"setting\":\"password simulator\"}}";
    CHECK(ccm_simulator_admin(f.simulator, "POST", "/faults", fault, NULL) == 201);
    ccm_error *error = NULL;
    ccm_edit *edit = NULL;
    CHECK(ccm_edit_begin(f.client, "flag_values.edit", f.flag, CCM_NUL, NULL, &edit, &error) == CCM_DECODE && edit == NULL);
    CHECK_TEXT(ccm_error_path(error), "setting");
    CHECK(strstr(ccm_error_message(error), "password ***") != NULL);
    CHECK(strstr(ccm_error_message(error), "simulator") == NULL);
    ccm_error_free(error);
    finish(&f);
}

static void flag_is_turned_on_and_off_and_by_percentage(void) {
    fixture f = begin();
    change(&f, "/default_value", "false");
    change(&f, "/targeting_rules", "[" RULE(true) "]");
    ccm_error *error = NULL;
    ccm_response *response = NULL;
    ccm_edit *edit = edit_begin(&f);
    CHECK_STATUS(CCM_OK, ccm_edit_turn_on(edit, &error), error);
    CHECK_STATUS(CCM_OK, ccm_edit_commit(edit, &response, &error), error);
    CHECK(ccm_value_boolean(ccm_value_at(ccm_response_value(response), "default_value.value"), false));
    CHECK(ccm_value_length(ccm_value_at(ccm_response_value(response), "targeting_rules")) == 1);
    ccm_response_free(response);
    ccm_edit_free(edit);
    edit = edit_begin(&f);
    CHECK(ccm_edit_set_percentage(edit, 101, &error) == CCM_BAD_REQUEST);
    CHECK_TEXT(ccm_error_message(error), "percentage: must be 0 to 100, not 101");
    ccm_error_free(error);
    error = NULL;
    CHECK_STATUS(CCM_OK, ccm_edit_set_percentage(edit, 20, &error), error);
    CHECK_STATUS(CCM_OK, ccm_edit_commit(edit, &response, &error), error);
    const ccm_value *split = ccm_value_at(ccm_response_value(response), "targeting_rules[1].percentage_options");
    CHECK(ccm_value_length(split) == 2 && ccm_value_integer(ccm_value_at(split, "[0].percentage"), 0) == 20);
    ccm_response_free(response);
    CHECK_STATUS(CCM_OK, ccm_edit_turn_off(edit, &error), error);
    ccm_edit_free(edit);
    CHECK(ccm_edit_turn_on(NULL, NULL) == CCM_MISUSE);
    finish(&f);
}

/* Replaces the rules of the flag by one with this condition, and checks the error. */
static void refused(const fixture *f, const char *condition, const char *expected) {
    char arguments[1000];
    snprintf(arguments, sizeof arguments, "%.*s,\"default_value\":true,\"targeting_rules\":[{\"conditions\":[%s],\"value\":true}]}",
             (int)(strlen(f->flag) - 1), f->flag, condition);
    ccm_error *error = NULL;
    ccm_response *response = NULL;
    CHECK(ccm_call(f->client, "flag_values.replace", arguments, CCM_NUL, NULL, &response, &error) == CCM_BAD_REQUEST);
    CHECK(strstr(ccm_error_message(error), "targetingRules[0].conditions[0]: must have exactly one of userCondition, ") != NULL);
    CHECK(strstr(ccm_error_message(error), expected) != NULL);
    ccm_error_free(error);
}

static void condition_has_exactly_one_member(void) {
    fixture f = begin();
    refused(&f, "{}", "not none");
    refused(&f,
            "{\"segment_condition\":{\"segment_id\":\"00000000-0000-4000-8000-000000000001\",\"comparator\":\"isIn\"},"
            "\"prerequisite_flag_condition\":{\"prerequisite_setting_id\":1,\"comparator\":\"equals\","
            "\"prerequisite_comparison_value\":true}}",
            "not segmentCondition, prerequisiteFlagCondition");
    finish(&f);
}

static void drafts_are_compared_by_their_type(void) {
    ccm_error *error = NULL;
    ccm_document *patch = NULL;
    const char *before = "{\"default_value\":true}";
    const char *after = "{\"defaultValue\":{\"boolValue\":false}}";
    CHECK_STATUS(CCM_OK, ccm_patch_diff_drafts("flag_values.edit", before, CCM_NUL, after, CCM_NUL, &patch, &error), error);
    CHECK_TEXT(ccm_value_string(ccm_value_at(ccm_document_value(patch), "[0].path"), NULL), "/defaultValue/boolValue");
    ccm_document_free(patch);
    CHECK(ccm_patch_diff_drafts("flag_values.edit", "{\"x\":1}", CCM_NUL, after, CCM_NUL, &patch, &error) == CCM_BAD_REQUEST);
    ccm_error_free(error);
}

TEST_MAIN({"edit_sends_only_what_changed", edit_sends_only_what_changed},
          {"unchanged_draft_sends_nothing", unchanged_draft_sends_nothing},
          {"conflict_has_all_states_and_the_patch", conflict_has_all_states_and_the_patch},
          {"rebase_keeps_changes_of_other_members", rebase_keeps_changes_of_other_members},
          {"edit_can_be_started_and_committed_with_a_queue", edit_can_be_started_and_committed_with_a_queue},
          {"started_edit_conflicts_and_can_be_cancelled", started_edit_conflicts_and_can_be_cancelled},
          {"wrong_edits_are_refused", wrong_edits_are_refused},
          {"unreadable_state_is_a_masked_decode_error", unreadable_state_is_a_masked_decode_error},
          {"flag_is_turned_on_and_off_and_by_percentage", flag_is_turned_on_and_off_and_by_percentage},
          {"condition_has_exactly_one_member", condition_has_exactly_one_member},
          {"drafts_are_compared_by_their_type", drafts_are_compared_by_their_type})
