/* Servers that misbehave, as the client sees them; what has to be seen comes with their addresses, in FAULTS and
 * FAULTS_AGAIN: see tests/faults. */

#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID "08d5a03c-feb7-af1e-a1fa-40b3329f8bed"
#define FIELDS 7

/* Cuts a line into its fields. */
static void cut(char *line, int count, char *fields[FIELDS]) {
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

/* How a call ended. */
typedef struct {
    ccm_status status;
    ccm_response *response;
    ccm_error *error;
} ending;

typedef ending (*caller)(ccm_client *c, const char *method);

static const char *const WISH = "{\"name\": \"Shop\"}";

static ending wait_for_it(ccm_client *c, const char *method) {
    ending e = {CCM_OK, NULL, NULL};
    e.status = strcmp(method, "get") == 0 ? ccm_products_get(c, ID, NULL, &e.response, &e.error)
                                          : ccm_products_create(c, ID, WISH, CCM_NUL, NULL, &e.response, &e.error);
    return e;
}

static void note(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    ending *e = user_data;
    CHECK(e->status == CCM_MISUSE);
    *e = (ending){status, response, error};
}

static ending start_it(ccm_client *c, const char *method) {
    /* A status that no call here ends with: it is told once. */
    ending e = {CCM_MISUSE, NULL, NULL};
    ccm_pending *pending = NULL;
    ccm_error *error = NULL;
    ccm_status started = strcmp(method, "get") == 0
                             ? ccm_products_get_start(c, ID, NULL, note, &e, &pending, &error)
                             : ccm_products_create_start(c, ID, WISH, CCM_NUL, NULL, note, &e, &pending, &error);
    CHECK_STATUS(CCM_OK, started, error);
    CHECK(ccm_pending_wait(pending, 20000) == CCM_OK);
    ccm_pending_free(pending);
    return e;
}

static void look(caller call, char *settings[FIELDS], char *row[FIELDS]) {
    ccm_client *c = client(settings, row[2]);
    ending e = call(c, row[1]);
    char seen[256], expected[256];
    snprintf(seen, sizeof seen, "%s (%s): %s, %u attempts%s", row[0], row[1],
             e.status == CCM_OK ? "answer" : ccm_status_name(e.status),
             e.error ? ccm_error_attempts(e.error) : ccm_response_attempts(e.response),
             e.error && ccm_error_maybe_applied(e.error) ? ", maybe applied" : "");
    snprintf(expected, sizeof expected, "%s (%s): %s, %s attempts%s", row[0], row[1], row[3], row[4],
             strcmp(row[5], "true") == 0 ? ", maybe applied" : "");
    CHECK_TEXT(seen, expected);
    CHECK(e.error == NULL || strstr(ccm_error_message(e.error), "hunter2") == NULL);
    ccm_response_free(e.response);
    ccm_error_free(e.error);
    ccm_client_free(c);
}

static void meet(const char *variable, caller call) {
    const char *given = getenv(variable);
    CHECK(given != NULL);
    char *table = strdup(given), *rest = NULL;
    CHECK(table != NULL);
    char *settings[FIELDS], *row[FIELDS];
    cut(strtok_r(table, "\n", &rest), FIELDS, settings);
    int rows = 0;
    for (char *line = strtok_r(NULL, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        cut(line, FIELDS - 1, row);
        look(call, settings, row);
        rows++;
    }
    CHECK(rows >= 24);
    free(table);
}

static void faults_are_seen_as_in_rust(void) { meet("FAULTS", wait_for_it); }

static void faults_are_told_to_callbacks_as_in_rust(void) { meet("FAULTS_AGAIN", start_it); }

TEST_MAIN({"faults_are_seen_as_in_rust", faults_are_seen_as_in_rust},
          {"faults_are_told_to_callbacks_as_in_rust", faults_are_told_to_callbacks_as_in_rust})
