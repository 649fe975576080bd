/* Tests the client against faulty servers. FAULTS and FAULTS_AGAIN contain their URLs and the expected outcomes; see
 * tests/faults. */

#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID "08d5a03c-feb7-af1e-a1fa-40b3329f8bed"
#define FIELDS 7

/* Splits a line into its fields. */
static void split(char *line, int count, char *fields[FIELDS]) {
    char *rest = NULL;
    for (int i = 0; i < count; i++) {
        fields[i] = strtok_r(i == 0 ? line : NULL, "\t", &rest);
        CHECK(fields[i] != NULL);
    }
}

static uint64_t number(const char *text) { return strtoull(text, NULL, 10); }

static ccm_client *client(char *settings[FIELDS], const char *url) {
    ccm_options *options = ccm_options_new();
    CHECK(ccm_options_set_credentials(options, "user", "hunter2") == CCM_OK);
    CHECK(ccm_options_set_base_url(options, url) == CCM_OK);
    CHECK(ccm_options_set_proxy(options, NULL) == CCM_OK);
    CHECK(ccm_options_set_connect_timeout_ms(options, number(settings[1])) == CCM_OK);
    CHECK(ccm_options_set_attempt_timeout_ms(options, number(settings[2])) == CCM_OK);
    CHECK(ccm_options_set_timeout_ms(options, number(settings[3])) == CCM_OK);
    CHECK(ccm_options_set_max_rate_limit_wait_ms(options, number(settings[4])) == CCM_OK);
    CHECK(ccm_options_set_max_attempts(options, (uint32_t)number(settings[5])) == CCM_OK);
    CHECK(ccm_options_set_max_response_size(options, number(settings[6])) == CCM_OK);
    ccm_client *made = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &made, &error), error);
    ccm_options_free(options);
    return made;
}

/* Outcome of a call. */
typedef struct {
    ccm_status status;
    ccm_response *response;
    ccm_error *error;
} outcome;

typedef outcome (*caller)(ccm_client *c, const char *method);

static const char *const BODY = "{\"name\": \"Shop\"}";

static outcome call_blocking(ccm_client *c, const char *method) {
    outcome o = {CCM_OK, NULL, NULL};
    o.status = strcmp(method, "get") == 0 ? ccm_products_get(c, ID, NULL, &o.response, &o.error)
                                          : ccm_products_create(c, ID, BODY, CCM_NUL, NULL, &o.response, &o.error);
    return o;
}

static void record(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    outcome *o = user_data;
    CHECK(o->status == CCM_MISUSE);
    *o = (outcome){status, response, error};
}

static outcome call_async(ccm_client *c, const char *method) {
    /* No call here completes with this status, so that a second callback would be detected. */
    outcome o = {CCM_MISUSE, NULL, NULL};
    ccm_pending *pending = NULL;
    ccm_error *error = NULL;
    ccm_status started = strcmp(method, "get") == 0
                             ? ccm_products_get_start(c, ID, NULL, record, &o, &pending, &error)
                             : ccm_products_create_start(c, ID, BODY, CCM_NUL, NULL, record, &o, &pending, &error);
    CHECK_STATUS(CCM_OK, started, error);
    CHECK(ccm_pending_wait(pending, 20000) == CCM_OK);
    ccm_pending_free(pending);
    return o;
}

static void check_hidden(const char *text, size_t length) {
    /* The password and the Authorization header, plain or escaped as the servers do. */
    static const char *const leaks[] = {"hunter2", "dXNlcjpodW50", "u0068", "hunt\\u0065r2", "%68unter2"};
    for (size_t leak = 0; leak < sizeof leaks / sizeof *leaks; leak++) {
        size_t width = strlen(leaks[leak]);
        for (size_t at = 0; at + width <= length; at++) {
            CHECK(memcmp(text + at, leaks[leak], width) != 0);
        }
    }
}

static void check_text(const char *text) {
    if (text != NULL) {
        check_hidden(text, strlen(text));
    }
}

/* Nothing that an error holds contains the credentials. */
static void check_no_leak(const ccm_error *error) {
    check_text(ccm_error_message(error));
    check_text(ccm_error_path(error));
    for (size_t index = 0; index < ccm_error_field_count(error); index++) {
        check_text(ccm_error_field_name(error, index));
        check_text(ccm_error_field_message(error, index));
    }
    size_t length = 0;
    const char *body = ccm_error_body(error, &length);
    check_hidden(body, body == NULL ? 0 : length);
}

static void check_row(caller call, char *settings[FIELDS], char *row[FIELDS]) {
    ccm_client *c = client(settings, row[2]);
    outcome o = call(c, row[1]);
    char seen[256], expected[256];
    snprintf(seen, sizeof seen, "%s (%s): %s, %u attempts%s", row[0], row[1],
             o.status == CCM_OK ? "response" : ccm_status_name(o.status),
             o.error ? ccm_error_attempts(o.error) : ccm_response_attempts(o.response),
             o.error && ccm_error_maybe_applied(o.error) ? ", maybe applied" : "");
    snprintf(expected, sizeof expected, "%s (%s): %s, %s attempts%s", row[0], row[1], row[3], row[4],
             strcmp(row[5], "true") == 0 ? ", maybe applied" : "");
    CHECK_TEXT(seen, expected);
    if (o.error != NULL) {
        check_no_leak(o.error);
    }
    ccm_response_free(o.response);
    ccm_error_free(o.error);
    ccm_client_free(c);
}

static void check_table(const char *variable, caller call) {
    const char *setting = getenv(variable);
    CHECK(setting != NULL);
    char *table = strdup(setting), *rest = NULL;
    CHECK(table != NULL);
    char *settings[FIELDS], *row[FIELDS];
    split(strtok_r(table, "\n", &rest), FIELDS, settings);
    int rows = 0;
    for (char *line = strtok_r(NULL, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        split(line, FIELDS - 1, row);
        check_row(call, settings, row);
        rows++;
    }
    CHECK(rows >= 24);
    free(table);
}

static void faults_are_seen_as_in_rust(void) { check_table("FAULTS", call_blocking); }

static void faults_are_told_to_callbacks_as_in_rust(void) { check_table("FAULTS_AGAIN", call_async); }

/* Returns the status of a call to the server that requires a certificate of its clients. */
static ccm_status call_mutual(const char *certificate) {
    ccm_options *options = ccm_options_new();
    CHECK(ccm_options_set_credentials(options, "user", "hunter2") == CCM_OK);
    CHECK(ccm_options_set_base_url(options, getenv("MUTUAL_URL")) == CCM_OK);
    CHECK(ccm_options_set_proxy(options, NULL) == CCM_OK);
    CHECK(ccm_options_set_max_attempts(options, 1) == CCM_OK);
    CHECK(ccm_options_add_root_certificate(options, getenv("MUTUAL_AUTHORITY"), CCM_NUL) == CCM_OK);
    if (certificate != NULL) {
        CHECK(ccm_options_set_client_certificate(options, certificate, CCM_NUL) == CCM_OK);
    }
    ccm_client *made = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &made, &error), error);
    ccm_options_free(options);
    ccm_status status = ccm_me_get(made, NULL, NULL, NULL);
    ccm_client_free(made);
    return status;
}

static void client_certificate_is_sent_to_a_server_that_requires_one(void) {
    CHECK(getenv("MUTUAL_URL") != NULL);
    CHECK(call_mutual(NULL) == CCM_CONNECTION);
    CHECK(call_mutual(getenv("MUTUAL_CERTIFICATE")) == CCM_BAD_REQUEST);
}

TEST_MAIN({"client_certificate_is_sent_to_a_server_that_requires_one",
           client_certificate_is_sent_to_a_server_that_requires_one},
          {"faults_are_seen_as_in_rust", faults_are_seen_as_in_rust},
          {"faults_are_told_to_callbacks_as_in_rust", faults_are_told_to_callbacks_as_in_rust})
