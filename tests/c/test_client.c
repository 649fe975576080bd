/* Tests a client against the simulator: calls, errors, parameters, pages, rate limit, log. */

#include "testing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static ccm_simulator *simulator;
static ccm_client *client;

static void begin(const char *rate_limit) {
    simulator = simulator_start("demo", rate_limit);
    client = simulator_client(simulator);
}

static void finish(void) {
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void flag_can_be_created_patched_and_deleted(void) {
    begin(NULL);
    ccm_response *config = NULL;
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    const char *config_id = first_config(client, &config);
    ccm_builder *body = ccm_builder_new();
    ccm_builder_string(body, "key", "fromC");
    ccm_builder_string(body, "name", "From C");
    ccm_builder_string(body, "setting_type", "boolean");
    const char *json = NULL;
    size_t length = 0;
    CHECK_STATUS(CCM_OK, ccm_builder_finish(body, &json, &length, &error), error);
    CHECK_STATUS(CCM_OK, ccm_settings_create(client, config_id, json, length, NULL, &response, &error), error);
    ccm_builder_free(body);
    const ccm_value *flag = ccm_response_value(response);
    CHECK(ccm_response_http_status(response) == 201 && ccm_response_attempts(response) == 1);
    CHECK_TEXT(ccm_value_string(ccm_value_get(flag, "key"), NULL), "fromC");
    CHECK(ccm_value_kind(ccm_value_get(flag, "hint")) == CCM_NULL);
    CHECK(ccm_value_kind(ccm_value_get(flag, "created_at")) == CCM_TIMESTAMP);
    ccm_timestamp created;
    CHECK(ccm_value_timestamp(ccm_value_get(flag, "created_at"), &created) && created.seconds > 1700000000);
    CHECK(strncmp(ccm_response_header(response, "Content-Type"), "application/json", 16) == 0);
    CHECK(ccm_response_header(response, "x-nothing") == NULL);
    int64_t id = ccm_value_integer(ccm_value_get(flag, "setting_id"), 0);
    ccm_response_free(response);

    const char *patch = "[{\"op\":\"replace\",\"path\":\"/hint\",\"value\":\"new\"}]";
    CHECK_STATUS(CCM_OK, ccm_settings_patch(client, id, patch, CCM_NUL, NULL, &response, &error), error);
    CHECK_TEXT(ccm_value_string(ccm_value_at(ccm_response_value(response), "hint"), NULL), "new");
    ccm_response_free(response);
    CHECK_STATUS(CCM_OK, ccm_settings_delete(client, id, NULL, NULL, &error), error);
    CHECK(ccm_settings_get(client, id, NULL, &response, &error) == CCM_NOT_FOUND && response == NULL);
    CHECK(ccm_error_status(error) == CCM_NOT_FOUND && ccm_error_http_status(error) == 404);
    CHECK_TEXT(ccm_error_operation(error), "settings.get");
    CHECK(ccm_error_attempts(error) == 1 && ccm_error_retry_after_ms(error) == -1);
    ccm_error_free(error);
    ccm_response_free(config);
    finish();
}

static void flag_value_from_response_can_be_sent_back(void) {
    begin(NULL);
    ccm_response *response = NULL;
    ccm_response *settings = NULL;
    ccm_response *environments = NULL;
    ccm_response *product = NULL;
    ccm_response *config = NULL;
    ccm_error *error = NULL;
    const char *config_id = first_config(client, &config);
    CHECK_STATUS(CCM_OK, ccm_settings_list(client, config_id, NULL, &settings, &error), error);
    CHECK_STATUS(CCM_OK, ccm_environments_list(client, first_product(client, &product), NULL, &environments, &error), error);
    int64_t setting = ccm_value_integer(ccm_value_at(ccm_response_value(settings), "[0].setting_id"), 0);
    const char *environment = ccm_value_string(ccm_value_at(ccm_response_value(environments), "[0].environment_id"), NULL);
    ccm_builder *body = ccm_builder_new();
    ccm_builder_boolean(body, "default_value", true);
    const char *json = NULL;
    CHECK_STATUS(CCM_OK, ccm_builder_finish(body, &json, NULL, &error), error);
    ccm_params *params = ccm_params_new();
    CHECK(ccm_params_set_reason(params, "from a test") == CCM_OK);
    CHECK_STATUS(CCM_OK, ccm_flag_values_replace(client, environment, setting, json, CCM_NUL, params, &response, &error), error);
    ccm_builder_free(body);
    const ccm_value *value = ccm_response_value(response);
    CHECK(ccm_value_boolean(ccm_value_at(value, "default_value.value"), false) == true);
    body = ccm_builder_new();
    ccm_builder_value(body, "default_value", ccm_value_get(value, "default_value"));
    CHECK_STATUS(CCM_OK, ccm_builder_finish(body, &json, NULL, &error), error);
    CHECK_TEXT(json, "{\"default_value\":{\"value\":true}}");
    ccm_response *again = NULL;
    CHECK_STATUS(CCM_OK, ccm_flag_values_replace(client, environment, setting, json, CCM_NUL, params, &again, &error), error);
    ccm_builder_free(body);
    ccm_params_free(params);
    ccm_response_free(again);
    ccm_response_free(response);
    ccm_response_free(settings);
    ccm_response_free(environments);
    ccm_response_free(product);
    ccm_response_free(config);
    finish();
}

static void expect_rejected(const char *json, const char *field, const char *what) {
    ccm_error *error = NULL;
    ccm_response *response = NULL;
    ccm_response *config = NULL;
    const char *config_id = first_config(client, &config);
    int before = simulator_requests(simulator, "");
    CHECK(ccm_settings_create(client, config_id, json, CCM_NUL, NULL, &response, &error) == CCM_BAD_REQUEST);
    CHECK(response == NULL && ccm_error_attempts(error) == 0 && ccm_error_http_status(error) == 0);
    if (strstr(ccm_error_message(error), what) == NULL) {
        test_failed(__FILE__, __LINE__, what, ccm_error_message(error));
    }
    if (field != NULL) {
        CHECK(ccm_error_field_count(error) == 1);
        CHECK_TEXT(ccm_error_field_name(error, 0), field);
        CHECK(ccm_error_field_message(error, 0) != NULL && ccm_error_field_message(error, 1) == NULL);
    }
    ccm_error_free(error);
    ccm_response_free(config);
    CHECK(simulator_requests(simulator, "") == before);
}

static void invalid_input_fails_before_a_request_is_sent(void) {
    begin(NULL);
    expect_rejected("{\"key\":\"k\",\"setting_type\":\"boolean\"}", "name", "is required");
    expect_rejected("{\"key\":\"k\",\"name\":\"\",\"setting_type\":\"boolean\"}", "name", "1");
    expect_rejected("{\"kee\":\"k\"}", "kee", "did you mean key?");
    expect_rejected("{\"key\":", NULL, "not JSON");
    expect_rejected("[]", NULL, "object");
    expect_rejected(NULL, NULL, "a body is required");
    expect_rejected("", NULL, "not JSON");
    ccm_error *error = NULL;
    static const char counted[] = "{\"name\": \"n\"}";
    CHECK(ccm_configs_create(client, "20000000-0000-4000-8000-000000000001", counted, sizeof counted, NULL, NULL, &error) == CCM_BAD_REQUEST);
    CHECK(strstr(ccm_error_message(error), "the length must not count the NUL at the end") != NULL);
    ccm_error_free(error);
    CHECK(ccm_call(client, "me.get", "{}", sizeof "{}", NULL, NULL, &error) == CCM_BAD_REQUEST);
    CHECK(strstr(ccm_error_message(error), "the length must not count the NUL at the end") != NULL);
    ccm_error_free(error);
    CHECK(ccm_configs_list(client, "no uuid", NULL, NULL, &error) == CCM_BAD_REQUEST);
    CHECK_TEXT(ccm_error_field_name(error, 0), "productId");
    ccm_error_free(error);
    CHECK(ccm_configs_list(client, NULL, NULL, NULL, &error) == CCM_MISUSE);
    CHECK_TEXT(ccm_error_message(error), "product_id is NULL");
    ccm_error_free(error);
    CHECK(ccm_configs_list(client, "\xc3\x28", NULL, NULL, &error) == CCM_MISUSE);
    CHECK(strstr(ccm_error_message(error), "product_id is not UTF-8") != NULL);
    ccm_error_free(error);
    ccm_params *params = ccm_params_new();
    ccm_params_set_reason(params, "x");
    CHECK(ccm_products_list(client, params, NULL, &error) == CCM_BAD_REQUEST);
    CHECK(strstr(ccm_error_message(error), "products.list has no reason") != NULL);
    ccm_error_free(error);
    ccm_params_clear(params);
    CHECK(ccm_params_set_reason(params, NULL) == CCM_MISUSE);
    CHECK(ccm_products_list(client, params, NULL, &error) == CCM_MISUSE);
    CHECK_TEXT(ccm_error_message(error), "reason is NULL");
    ccm_error_free(error);
    ccm_params_free(params);
    finish();
}

static void operations_can_be_called_by_name(void) {
    begin(NULL);
    ccm_response *config = NULL;
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    char arguments[256];
    snprintf(arguments, sizeof arguments, "{\"config_id\":\"%s\",\"key\":\"byName\",\"name\":\"n\",\"settingType\":\"int\"}",
             first_config(client, &config));
    CHECK_STATUS(CCM_OK, ccm_call(client, "settings.create", arguments, CCM_NUL, NULL, &response, &error), error);
    CHECK_TEXT(ccm_value_string(ccm_value_get(ccm_response_value(response), "setting_type"), NULL), "int");
    ccm_response_free(response);
    CHECK_STATUS(CCM_OK, ccm_call(client, "get-products", NULL, 0, NULL, &response, &error), error);
    CHECK(ccm_value_kind(ccm_response_value(response)) == CCM_LIST);
    ccm_response_free(response);
    static const struct {
        const char *operation;
        const char *arguments;
        const char *what;
    } bad[] = {{"products.fly", NULL, "unknown operation"},
               {"products.list", "[]", "not a JSON object"},
               {"products.list", "{", "not JSON"},
               {"products.list", "{\"x\":1}", "products.list has no x"},
               {"configs.create", "{\"product_id\":\"p\",\"nmae\":1}", "did you mean name?"},
               {"configs.create", "{\"body\":{},\"name\":\"n\"}", "one or the other"},
               {"products.get", "{}", "is required"},
               {"products.get", "{\"product_id\":{}}", "must be a string"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(ccm_call(client, bad[i].operation, bad[i].arguments, CCM_NUL, NULL, &response, &error) == CCM_BAD_REQUEST);
        if (strstr(ccm_error_message(error), bad[i].what) == NULL) {
            test_failed(__FILE__, __LINE__, bad[i].what, ccm_error_message(error));
        }
        ccm_error_free(error);
    }
    ccm_response_free(config);
    finish();
}

static void expect_suggestion(ccm_status status, ccm_error *error, const char *suggestion) {
    CHECK(status == CCM_BAD_REQUEST);
    if (strstr(ccm_error_message(error), suggestion) == NULL) {
        test_failed(__FILE__, __LINE__, suggestion, ccm_error_message(error));
    }
    ccm_error_free(error);
}

static void misspelt_operations_get_a_suggestion(void) {
    begin(NULL);
    ccm_error *error = NULL;
    ccm_status status = ccm_call(client, "settings.lst", NULL, 0, NULL, NULL, &error);
    expect_suggestion(status, error, "unknown operation \"settings.lst\"; did you mean settings.list?");
    status = ccm_call(client, "setting.find", NULL, 0, NULL, NULL, &error);
    expect_suggestion(status, error, "did you mean settings.find?");
    status = ccm_call(client, "tags.purge_everything", NULL, 0, NULL, NULL, &error);
    expect_suggestion(status, error, "tags has list, find, create, get, update, delete, list_settings");
    ccm_pages *pages = NULL;
    status = ccm_pages_new(client, "audit_log.list", NULL, 0, NULL, &pages, &error);
    expect_suggestion(status, error, "did you mean audit_logs.list?");
    ccm_document *document = NULL;
    status = ccm_describe("product.get", &document, &error);
    expect_suggestion(status, error, "did you mean products.get?");
    ccm_edit *edit = NULL;
    status = ccm_edit_begin(client, "flag_value.edit", NULL, 0, NULL, &edit, &error);
    expect_suggestion(status, error, "unknown edit \"flag_value.edit\"; did you mean flag_values.edit?");
    ccm_bulk *bulk = ccm_bulk_new();
    status = ccm_bulk_add(bulk, client, "setting.delete", NULL, 0, NULL, &error);
    expect_suggestion(status, error, "did you mean settings.delete?");
    ccm_bulk_free(bulk);
    finish();
}

static void authentication_error_does_not_contain_password(void) {
    simulator = simulator_start("demo", NULL);
    ccm_options *options = simulator_options(simulator);
    ccm_options_set_credentials(options, "simulator", "hunter2-wrong");
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &client, &error), error);
    ccm_options_free(options);
    CHECK(ccm_products_list(client, NULL, NULL, &error) == CCM_AUTHENTICATION);
    CHECK(ccm_error_http_status(error) == 401 && strstr(ccm_error_message(error), "hunter2") == NULL);
    ccm_error_free(error);
    finish();
}

static void decode_error_contains_json_path(void) {
    begin(NULL);
    ccm_error *error = NULL;
    const char *fault = "{\"operation\":\"products.list\",\"status\":200,\"body\":[{\"productId\":5}]}";
    char *response_text = NULL;
    if (ccm_simulator_admin(simulator, "POST", "/faults", fault, &response_text) / 100 != 2) {
        test_failed(__FILE__, __LINE__, "POST /faults", response_text);
    }
    ccm_simulator_free_string(response_text);
    ccm_response *response = NULL;
    CHECK_STATUS(CCM_DECODE, ccm_products_list(client, NULL, &response, &error), error);
    CHECK(response == NULL);
    CHECK_TEXT(ccm_error_path(error), "[0].productId");
    size_t length = 0;
    const char *body = ccm_error_body(error, &length);
    CHECK(length == strlen("[{\"productId\":5}]") && memcmp(body, "[{\"productId\":5}]", length) == 0);
    ccm_error_free(error);
    finish();
}

static void pages_iterate_until_done(void) {
    begin(NULL);
    ccm_error *error = NULL;
    ccm_response *product = NULL;
    char arguments[128];
    const char *id = first_product(client, &product);
    for (int i = 0; i < 7; i++) {
        char body[64];
        snprintf(body, sizeof body, "{\"name\":\"tag %d\",\"color\":\"panther\"}", i);
        CHECK_STATUS(CCM_OK, ccm_tags_create(client, id, body, CCM_NUL, NULL, NULL, &error), error);
    }
    snprintf(arguments, sizeof arguments, "{\"product_id\":\"%s\",\"page_size\":3}", id);
    ccm_pages *pages = NULL;
    CHECK_STATUS(CCM_OK, ccm_pages_new(client, "audit_logs.list", arguments, CCM_NUL, NULL, &pages, &error), error);
    size_t items = 0;
    size_t count = 0;
    ccm_response *page = NULL;
    ccm_status status;
    while ((status = ccm_pages_next(pages, &page, &error)) == CCM_OK) {
        for (const ccm_value *v = ccm_value_first(ccm_response_items(page)); v != NULL; v = ccm_value_next(v)) {
            CHECK(ccm_value_kind(ccm_value_get(v, "audit_log_id")) == CCM_INTEGER);
            items++;
        }
        count++;
        ccm_response_free(page);
    }
    CHECK_STATUS(CCM_DONE, status, error);
    CHECK(items >= 7 && count == (items + 2) / 3);
    CHECK(ccm_pages_next(pages, &page, &error) == CCM_DONE && page == NULL);
    ccm_pages_free(pages);
    CHECK(ccm_pages_new(client, "products.list", NULL, 0, NULL, &pages, &error) == CCM_BAD_REQUEST && pages == NULL);
    ccm_error_free(error);
    ccm_response_free(product);
    finish();
}

typedef struct {
    int attempts;
    int waits;
    int outcomes;
} event_counts;

static void watch(void *user_data, const ccm_event *event) {
    event_counts *s = user_data;
    CHECK_TEXT(event->operation, "me.get");
    switch (event->kind) {
    case CCM_EVENT_ATTEMPT:
        s->attempts++;
        break;
    case CCM_EVENT_OUTCOME:
        s->outcomes += event->http_status == 200;
        break;
    case CCM_EVENT_FINISHED:
        break;
    default:
        s->waits += event->milliseconds > 0;
    }
}

static void rate_limit_policy_paces_or_fails_fast(void) {
    simulator = simulator_start("demo", "3/1");
    event_counts s = {0, 0, 0};
    ccm_options *options = simulator_options(simulator);
    CHECK(ccm_options_set_observer(options, watch, &s) == CCM_OK);
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &client, &error), error);
    for (int i = 0; i < 5; i++) {
        CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    }
    ccm_usage usage;
    ccm_rate_limit limit;
    CHECK(ccm_client_usage(client, &usage, sizeof usage) == CCM_OK);
    CHECK(usage.requests == 5 && usage.rate_limited == 0 && usage.waited_ms > 0);
    CHECK(ccm_client_rate_limit(client, &limit, sizeof limit) == CCM_OK);
    CHECK(limit.remaining >= 0 && limit.remaining < 3 && limit.in_flight == 0);
    /* A program compiled with an older, shorter struct. */
    limit.resets_in_ms = 4711;
    CHECK(ccm_client_rate_limit(client, &limit, sizeof limit.remaining) == CCM_OK && limit.resets_in_ms == 4711);
    finish();
    CHECK(s.attempts == 5 && s.outcomes == 5 && s.waits >= 1);

    simulator = simulator_start("demo", "1/30");
    ccm_options_set_base_url(options, ccm_simulator_url(simulator));
    ccm_options_set_rate_limit_policy(options, CCM_RATE_LIMIT_FAIL_FAST);
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &client, &error), error);
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    CHECK(ccm_me_get(client, NULL, NULL, &error) == CCM_RATE_LIMITED);
    CHECK(ccm_error_retry_after_ms(error) > 0 && ccm_error_retry_after_ms(error) <= 31000);
    ccm_error_free(error);
    ccm_options_free(options);
    finish();
}

static void call_timeout_overrides_client_timeout(void) {
    begin(NULL);
    char *response_text = NULL;
    const char *fault = "{\"operation\":\"products.list\",\"delayMs\":5000}";
    if (ccm_simulator_admin(simulator, "POST", "/faults", fault, &response_text) / 100 != 2) {
        test_failed(__FILE__, __LINE__, "POST /faults", response_text);
    }
    ccm_simulator_free_string(response_text);
    ccm_params *params = ccm_params_new();
    ccm_error *error = NULL;
    ccm_params_set_timeout_ms(params, 100);
    CHECK_STATUS(CCM_TIMEOUT, ccm_products_list(client, params, NULL, &error), error);
    ccm_error_free(error);
    ccm_params_free(params);
    finish();
}

static int lines;

static void count_line(void *user_data, int32_t level, const char *message) {
    CHECK(user_data == &lines && level == CCM_LOG_DEBUG);
    CHECK(strstr(message, "configcat_management") != NULL && strstr(message, "c2ltdWxhdG9y") == NULL);
    lines++;
}

static void log_callback_receives_lines_until_disabled(void) {
    begin(NULL);
    ccm_error *error = NULL;
    CHECK(ccm_set_log(99, count_line, NULL) == CCM_MISUSE);
    CHECK(ccm_set_log(CCM_LOG_DEBUG, count_line, &lines) == CCM_OK);
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    CHECK(lines > 0);
    CHECK(ccm_set_log(CCM_LOG_OFF, NULL, NULL) == CCM_OK);
    int before = lines;
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    CHECK(lines == before);
    finish();
}

static int long_waits;

static void count_long_wait(void *user_data, int32_t level, const char *message) {
    CHECK(user_data == &long_waits && level == CCM_LOG_INFO);
    CHECK(strstr(message, "waiting for the rate limit") != NULL && strstr(message, "me.get") != NULL);
    long_waits++;
}

static void long_wait_for_the_rate_limit_is_logged(void) {
    begin("1/3");
    ccm_error *error = NULL;
    CHECK(ccm_set_log(CCM_LOG_INFO, count_long_wait, &long_waits) == CCM_OK);
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    CHECK(long_waits == 0);
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    CHECK(long_waits == 1);
    CHECK(ccm_set_log(CCM_LOG_OFF, NULL, NULL) == CCM_OK);
    finish();
}

static void unknown_fields_of_a_response_are_kept(void) {
    begin(NULL);
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    const char *fault = "{\"operation\":\"me.get\",\"body\":{\"email\":\"a@example.com\",\"fullName\":\"A\",\"shoeSize\":{\"eu\":42}}}";
    CHECK(ccm_simulator_admin(simulator, "POST", "/faults", fault, NULL) == 201);
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, &response, &error), error);
    CHECK(ccm_value_integer(ccm_value_at(ccm_response_value(response), "shoeSize.eu"), 0) == 42);
    ccm_response_free(response);
    finish();
}

static ccm_client *with_cassette(const char *path, ccm_cassette_mode mode) {
    ccm_options *options = simulator_options(simulator);
    ccm_client *made = NULL;
    ccm_error *error = NULL;
    CHECK(ccm_options_set_cassette(options, path, mode) == CCM_OK);
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &made, &error), error);
    ccm_options_free(options);
    return made;
}

static void recording_is_played_back_without_a_request(void) {
    begin(NULL);
    ccm_error *error = NULL;
    char path[64];
    snprintf(path, sizeof path, "cassette-%d.jsonl", (int)getpid());
    ccm_client *recorder = with_cassette(path, CCM_CASSETTE_RECORD);
    CHECK_STATUS(CCM_OK, ccm_me_get(recorder, NULL, NULL, &error), error);
    ccm_client_free(recorder);
    int sent = simulator_requests(simulator, "operation=me.get");
    ccm_client *player = with_cassette(path, CCM_CASSETTE_REPLAY);
    CHECK_STATUS(CCM_OK, ccm_me_get(player, NULL, NULL, &error), error);
    CHECK(ccm_me_get(player, NULL, NULL, &error) == CCM_CONFIGURATION);
    CHECK(strstr(ccm_error_message(error), "GET /v1/me is recorded once") != NULL);
    CHECK(simulator_requests(simulator, "operation=me.get") == sent && sent == 1);
    ccm_error_free(error);
    ccm_client_free(player);
    CHECK(remove(path) == 0);
    finish();
}

TEST_MAIN({"flag_can_be_created_patched_and_deleted", flag_can_be_created_patched_and_deleted},
          {"flag_value_from_response_can_be_sent_back", flag_value_from_response_can_be_sent_back},
          {"invalid_input_fails_before_a_request_is_sent", invalid_input_fails_before_a_request_is_sent},
          {"operations_can_be_called_by_name", operations_can_be_called_by_name},
          {"misspelt_operations_get_a_suggestion", misspelt_operations_get_a_suggestion},
          {"authentication_error_does_not_contain_password", authentication_error_does_not_contain_password},
          {"decode_error_contains_json_path", decode_error_contains_json_path},
          {"pages_iterate_until_done", pages_iterate_until_done},
          {"rate_limit_policy_paces_or_fails_fast", rate_limit_policy_paces_or_fails_fast},
          {"call_timeout_overrides_client_timeout", call_timeout_overrides_client_timeout},
          {"log_callback_receives_lines_until_disabled", log_callback_receives_lines_until_disabled},
          {"long_wait_for_the_rate_limit_is_logged", long_wait_for_the_rate_limit_is_logged},
          {"unknown_fields_of_a_response_are_kept", unknown_fields_of_a_response_are_kept},
          {"recording_is_played_back_without_a_request", recording_is_played_back_without_a_request})
