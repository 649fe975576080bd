/* Tests escape hatches: extra headers, requests by method and path, what errors tell of a response. */

#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN "s3cr3t/t0ken+value"

static ccm_simulator *simulator;

static ccm_client *client_with(const char *name, const char *value) {
    ccm_options *options = simulator_options(simulator);
    CHECK(ccm_options_set_header(options, name, value) == CCM_OK);
    ccm_client *client = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &client, &error), error);
    ccm_options_free(options);
    return client;
}

static void admin(const char *method, const char *path, const char *body) {
    char *response = NULL;
    int status = ccm_simulator_admin(simulator, method, path, body, &response);
    CHECK(status >= 200 && status < 300);
    ccm_simulator_free_string(response);
}

/* Whether the journal contains a text, which is then cleared. */
static bool journal_has(const char *text) {
    char *journal = NULL;
    CHECK(ccm_simulator_admin(simulator, "GET", "/journal", NULL, &journal) == 200);
    bool found = strstr(journal, text) != NULL;
    ccm_simulator_free_string(journal);
    admin("DELETE", "/journal", NULL);
    return found;
}

static void header_of_a_call_replaces_that_of_the_client(void) {
    simulator = simulator_start("demo", NULL);
    ccm_client *client = client_with("X-Team", "from-client");
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    CHECK(journal_has("from-client"));
    ccm_params *params = ccm_params_new();
    CHECK(ccm_params_set_header(params, "x-team", "first") == CCM_OK);
    CHECK(ccm_params_set_header(params, "X-TEAM", "from-call") == CCM_OK);
    CHECK_STATUS(CCM_OK, ccm_me_get(client, params, NULL, &error), error);
    CHECK(journal_has("[\"x-team\",\"from-call\"]"));
    CHECK_STATUS(CCM_OK, ccm_me_get(client, params, NULL, &error), error);
    CHECK(!journal_has("from-client"));
    CHECK(ccm_params_clear(params) == CCM_OK);
    CHECK_STATUS(CCM_OK, ccm_me_get(client, params, NULL, &error), error);
    CHECK(journal_has("from-client"));
    ccm_params_free(params);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void header_that_the_client_sets_is_refused_before_sending(void) {
    simulator = simulator_start("demo", NULL);
    ccm_client *client = simulator_client(simulator);
    static const char *const names[] = {"Authorization", "HOST", "content-length", "Accept", "User-Agent"};
    ccm_error *error = NULL;
    char expected[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(expected, sizeof expected, "header \"%s\" is set by the client", names[i]);
        ccm_params *params = ccm_params_new();
        CHECK(ccm_params_set_header(params, names[i], TOKEN) == CCM_OK);
        CHECK(ccm_me_get(client, params, NULL, &error) == CCM_BAD_REQUEST);
        CHECK(strstr(ccm_error_message(error), expected) != NULL && strstr(ccm_error_message(error), TOKEN) == NULL);
        CHECK(ccm_error_attempts(error) == 0);
        ccm_error_free(error);
        ccm_params_free(params);
        ccm_options *options = simulator_options(simulator);
        CHECK(ccm_options_set_header(options, names[i], TOKEN) == CCM_OK);
        ccm_client *other = NULL;
        CHECK(ccm_client_new(options, &other, &error) == CCM_CONFIGURATION && other == NULL);
        CHECK(strstr(ccm_error_message(error), expected) != NULL);
        ccm_error_free(error);
        ccm_options_free(options);
    }
    ccm_params *params = ccm_params_new();
    CHECK(ccm_params_set_header(params, "X-Note", "a\r\nb: c") == CCM_OK);
    CHECK(ccm_request(client, "GET", "/v1/me", NULL, 0, params, NULL, &error) == CCM_BAD_REQUEST);
    CHECK(strstr(ccm_error_message(error), "\"X-Note\" has a value with a line break") != NULL);
    ccm_error_free(error);
    ccm_params_free(params);
    CHECK(simulator_requests(simulator, "") == 0);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void raw_request_reads_and_writes(void) {
    simulator = simulator_start("demo", NULL);
    ccm_client *client = simulator_client(simulator);
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_request(client, "get", "/v1/organizations", NULL, 0, NULL, &response, &error), error);
    const ccm_value *id = ccm_value_at(ccm_response_value(response), "[0].organizationId");
    char path[128];
    snprintf(path, sizeof path, "/v1/organizations/%s/products", ccm_value_string(id, NULL));
    CHECK(ccm_response_items(response) == NULL);
    ccm_response_free(response);

    const char *body = "{\"name\": \"Raw\"}";
    CHECK_STATUS(CCM_OK, ccm_request(client, "POST", path, body, CCM_NUL, NULL, &response, &error), error);
    CHECK(ccm_response_http_status(response) == 201);
    CHECK_TEXT(ccm_value_string(ccm_value_get(ccm_response_value(response), "name"), NULL), "Raw");
    size_t length = 0;
    CHECK(ccm_response_body(response, &length) != NULL && length > 20);
    id = ccm_value_get(ccm_response_value(response), "productId");
    snprintf(path, sizeof path, "/v2/products/%s/auditlogs", ccm_value_string(id, NULL));
    ccm_params *params = ccm_params_new();
    CHECK(ccm_params_add_query(params, "pageSize", "1") == CCM_OK);
    CHECK(ccm_params_add_query(params, "configId", "") == CCM_OK);
    ccm_response *logs = NULL;
    CHECK(ccm_request(client, "GET", path, NULL, 0, params, &logs, &error) != CCM_MISUSE);
    ccm_error_free(error);
    ccm_response_free(logs);
    CHECK(journal_has("\"query\":\"pageSize=1&configId=\""));
    CHECK(ccm_me_get(client, params, NULL, &error) == CCM_BAD_REQUEST);
    CHECK(strstr(ccm_error_message(error), "ccm_params_add_query() is for ccm_request()") != NULL);
    ccm_error_free(error);
    CHECK(ccm_params_clear(params) == CCM_OK && ccm_params_set_reason(params, "typed") == CCM_OK);
    CHECK(ccm_request(client, "GET", "/v1/me", NULL, 0, params, NULL, &error) == CCM_BAD_REQUEST);
    CHECK(strstr(ccm_error_message(error), "ccm_request() has no parameter reason") != NULL);
    ccm_error_free(error);
    ccm_params_free(params);

    snprintf(path, sizeof path, "/v1/products/%s", ccm_value_string(id, NULL));
    ccm_response_free(response);
    CHECK_STATUS(CCM_OK, ccm_request(client, "DELETE", path, NULL, 0, NULL, &response, &error), error);
    CHECK(ccm_response_http_status(response) == 204 && ccm_value_kind(ccm_response_value(response)) == CCM_NULL);
    ccm_response_free(response);
    CHECK(ccm_request(client, "GET", path, NULL, 0, NULL, &response, &error) == CCM_NOT_FOUND && response == NULL);
    CHECK(strncmp(ccm_error_operation(error), "GET /v1/products/", 17) == 0);
    CHECK_TEXT(ccm_error_method(error), "GET");
    ccm_error_free(error);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void invalid_raw_request_is_not_sent(void) {
    simulator = simulator_start("demo", NULL);
    ccm_client *client = simulator_client(simulator);
    static const char *const paths[] = {"v1/me", "https://example.com/v1/me", "/v1/../me", "/v1/me?a=b", "/v1/me\n", ""};
    ccm_error *error = NULL;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        CHECK(ccm_request(client, "GET", paths[i], NULL, 0, NULL, NULL, &error) == CCM_BAD_REQUEST);
        CHECK(strstr(ccm_error_message(error), "not sent: invalid path") != NULL);
        ccm_error_free(error);
    }
    CHECK(ccm_request(client, "TRACE", "/v1/me", NULL, 0, NULL, NULL, &error) == CCM_BAD_REQUEST);
    ccm_error_free(error);
    CHECK(ccm_request(client, "POST", "/v1/me", "{", CCM_NUL, NULL, NULL, &error) == CCM_BAD_REQUEST);
    CHECK(strstr(ccm_error_message(error), "the body is not JSON") != NULL);
    ccm_error_free(error);
    CHECK(ccm_request(client, NULL, "/v1/me", NULL, 0, NULL, NULL, &error) == CCM_MISUSE);
    ccm_error_free(error);
    CHECK(ccm_request(client, "GET", NULL, NULL, 0, NULL, NULL, NULL) == CCM_MISUSE);
    CHECK(simulator_requests(simulator, "") == 0);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void raw_requests_are_paced_and_retried_like_others(void) {
    simulator = simulator_start("demo", NULL);
    ccm_client *client = simulator_client(simulator);
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    admin("POST", "/faults", "{\"path\":\"/v1/me\",\"status\":429,\"retryAfter\":1,\"times\":1}");
    CHECK_STATUS(CCM_OK, ccm_request(client, "GET", "/v1/me", NULL, 0, NULL, &response, &error), error);
    CHECK(ccm_response_attempts(response) == 2 && ccm_response_waited_ms(response) >= 900);
    ccm_response_free(response);
    admin("POST", "/faults", "{\"path\":\"/v1/me\",\"reset\":\"before\",\"times\":1}");
    CHECK_STATUS(CCM_OK, ccm_request(client, "GET", "/v1/me", NULL, 0, NULL, &response, &error), error);
    CHECK(ccm_response_attempts(response) == 2);
    ccm_response_free(response);
    admin("POST", "/faults", "{\"path\":\"/v1/nothing\",\"reset\":\"before\",\"times\":1}");
    CHECK(ccm_request(client, "POST", "/v1/nothing", "{}", CCM_NUL, NULL, NULL, &error) == CCM_CONNECTION);
    CHECK(ccm_error_attempts(error) == 1 && ccm_error_maybe_applied(error));
    ccm_error_free(error);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void check_echo(const ccm_error *error) {
    CHECK_TEXT(ccm_error_header(error, "X-Echo"), "***");
    CHECK_TEXT(ccm_error_header(error, "x-request-id"), "17");
    CHECK(ccm_error_header(error, "x-nothing") == NULL);
    CHECK(strstr(ccm_error_message(error), "you sent ***") != NULL);
    size_t length = 0;
    const char *body = ccm_error_body(error, &length);
    for (size_t at = 0; at + 6 <= length; at++) {
        CHECK(memcmp(body + at, "s3cr3t", 6) != 0);
    }
}

static void error_has_masked_headers_method_and_path_template(void) {
    simulator = simulator_start("demo", NULL);
    ccm_client *client = client_with("X-Gateway", "Bearer " TOKEN);
    admin("POST", "/faults",
          "{\"status\":400,\"headers\":{\"x-echo\":\"" TOKEN "\",\"x-request-id\":\"17\"},"
          "\"body\":{\"message\":\"you sent " TOKEN "\"}}");
    ccm_error *error = NULL;
    CHECK(ccm_configs_get(client, "08d5a03c-feb7-af1e-a1fa-40b3329f8bed", NULL, NULL, &error) == CCM_BAD_REQUEST);
    check_echo(error);
    CHECK_TEXT(ccm_error_method(error), "GET");
    CHECK_TEXT(ccm_error_path_template(error), "/v1/configs/{configId}");
    const char *value = NULL;
    bool found = false;
    for (size_t i = 0; i < ccm_error_header_count(error); i++) {
        found = found || (strcmp(ccm_error_header_at(error, i, &value), "x-request-id") == 0 && strcmp(value, "17") == 0);
    }
    CHECK(found && ccm_error_header_at(error, 1000, &value) == NULL && value == NULL);
    ccm_error_free(error);
    ccm_client_free(client);

    client = simulator_client(simulator);
    ccm_params *params = ccm_params_new();
    CHECK(ccm_params_set_header(params, "X-Gateway", "Bearer " TOKEN) == CCM_OK);
    CHECK(ccm_request(client, "GET", "/v1/me", NULL, 0, params, NULL, &error) == CCM_BAD_REQUEST);
    check_echo(error);
    ccm_error_free(error);
    ccm_params_free(params);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
    CHECK(ccm_error_header(NULL, "x") == NULL && ccm_error_header_count(NULL) == 0 && ccm_error_method(NULL) == NULL);
}

static void record(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    *(int *)user_data = status == CCM_OK ? ccm_response_http_status(response) : -1;
    ccm_response_free(response);
    ccm_error_free(error);
}

static void raw_request_can_be_started(void) {
    simulator = simulator_start("demo", NULL);
    ccm_client *client = simulator_client(simulator);
    ccm_pending *pending = NULL;
    ccm_error *error = NULL;
    int status = 0;
    CHECK_STATUS(CCM_OK, ccm_request_start(client, "GET", "/v1/me", NULL, 0, NULL, record, &status, &pending, &error), error);
    CHECK(ccm_pending_wait(pending, 20000) == CCM_OK && status == 200);
    ccm_pending_free(pending);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void fault_applies_to_its_requests(void) {
    simulator = simulator_start(NULL, NULL);
    ccm_client *client = simulator_client(simulator);
    ccm_error *error = NULL;
    const char *fault = "{\"operation\":\"me.get\",\"status\":429,\"retryAfter\":7,\"times\":1}";
    CHECK(ccm_simulator_admin(simulator, "POST", "/faults", fault, NULL) == 201);
    ccm_params *once = ccm_params_new();
    CHECK(ccm_params_set_max_attempts(once, 1) == CCM_OK);
    CHECK(ccm_me_get(client, once, NULL, &error) == CCM_RATE_LIMITED);
    CHECK(ccm_error_is_retryable(error) && ccm_error_attempts(error) == 1 && ccm_error_retry_after_ms(error) == 7000);
    ccm_error_free(error);
    ccm_params_free(once);
    CHECK(simulator_requests(simulator, "operation=me.get&status=429") == 1);
    CHECK(ccm_simulator_admin(simulator, "POST", "/faults", "{\"unknown\":1}", NULL) == 400);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void requests_are_sent_through_the_proxy(void) {
    simulator = simulator_start(NULL, NULL);
    /* The simulator is the proxy of a host that does not exist. */
    ccm_options *options = simulator_options(simulator);
    CHECK(ccm_options_set_base_url(options, "http://configcat.invalid") == CCM_OK);
    CHECK(ccm_options_set_allow_http(options, true) == CCM_OK);
    CHECK(ccm_options_set_proxy(options, ccm_simulator_url(simulator)) == CCM_OK);
    ccm_client *proxied = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &proxied, &error), error);
    CHECK_STATUS(CCM_OK, ccm_me_get(proxied, NULL, NULL, &error), error);
    ccm_client_free(proxied);
    CHECK(ccm_options_add_root_certificate(options, "no certificate", CCM_NUL) == CCM_OK);
    CHECK(ccm_client_new(options, &proxied, &error) == CCM_CONFIGURATION);
    CHECK(strstr(ccm_error_message(error), "root_certificate") != NULL);
    ccm_error_free(error);
    ccm_options_free(options);
    ccm_simulator_stop(simulator);
}

static void simulator_clock_and_seed_are_controlled(void) {
    ccm_simulator *limited =
        simulator_start("{\"organizations\":[{\"name\":\"Mine\",\"products\":[{\"name\":\"P\"}]}]}", "1/3600");
    ccm_options *options = simulator_options(limited);
    CHECK(ccm_options_set_rate_limit_policy(options, CCM_RATE_LIMIT_OFF) == CCM_OK);
    CHECK(ccm_options_set_max_attempts(options, 1) == CCM_OK);
    ccm_client *limited_client = NULL;
    ccm_response *products = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &limited_client, &error), error);
    ccm_options_free(options);
    CHECK_STATUS(CCM_OK, ccm_products_list(limited_client, NULL, &products, &error), error);
    CHECK_TEXT(ccm_value_string(ccm_value_at(ccm_response_value(products), "[0].name"), NULL), "P");
    ccm_response_free(products);
    CHECK(ccm_me_get(limited_client, NULL, NULL, &error) == CCM_RATE_LIMITED && ccm_error_is_retryable(error));
    ccm_error_free(error);
    CHECK(ccm_simulator_admin(limited, "POST", "/clock/advance", "{\"seconds\":7200}", NULL) == 200);
    CHECK_STATUS(CCM_OK, ccm_me_get(limited_client, NULL, NULL, &error), error);
    ccm_client_free(limited_client);
    ccm_simulator_stop(limited);
}

static void unusable_client_certificate_is_refused(void) {
    ccm_options *options = ccm_options_new();
    CHECK(ccm_options_set_credentials(options, "user", "hunter2") == CCM_OK);
    CHECK(ccm_options_set_client_certificate(options, "nothing", CCM_NUL) == CCM_OK);
    ccm_client *client = NULL;
    ccm_error *error = NULL;
    CHECK(ccm_client_new(options, &client, &error) == CCM_CONFIGURATION && client == NULL);
    CHECK(strstr(ccm_error_message(error), "invalid client_certificate: it holds no certificate") != NULL);
    ccm_error_free(error);
    ccm_options_free(options);
}

TEST_MAIN({"header_of_a_call_replaces_that_of_the_client", header_of_a_call_replaces_that_of_the_client},
          {"header_that_the_client_sets_is_refused_before_sending", header_that_the_client_sets_is_refused_before_sending},
          {"raw_request_reads_and_writes", raw_request_reads_and_writes},
          {"invalid_raw_request_is_not_sent", invalid_raw_request_is_not_sent},
          {"raw_requests_are_paced_and_retried_like_others", raw_requests_are_paced_and_retried_like_others},
          {"error_has_masked_headers_method_and_path_template", error_has_masked_headers_method_and_path_template},
          {"raw_request_can_be_started", raw_request_can_be_started},
          {"fault_applies_to_its_requests", fault_applies_to_its_requests},
          {"requests_are_sent_through_the_proxy", requests_are_sent_through_the_proxy},
          {"simulator_clock_and_seed_are_controlled", simulator_clock_and_seed_are_controlled},
          {"unusable_client_certificate_is_refused", unusable_client_certificate_is_refused})
