/* Servers that misbehave, as the client sees them; what has to be seen comes with their addresses, in FAULTS: see tests/faults. */

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

static void look(char *settings[FIELDS], char *row[FIELDS]) {
    ccm_client *c = client(settings, row[2]);
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    ccm_status status = strcmp(row[1], "get") == 0
                            ? ccm_products_get(c, ID, NULL, &response, &error)
                            : ccm_products_create(c, ID, "{\"name\": \"Shop\"}", CCM_NUL, NULL, &response, &error);
    char seen[256], expected[256];
    snprintf(seen, sizeof seen, "%s (%s): %s, %u attempts%s", row[0], row[1],
             status == CCM_OK ? "answer" : ccm_status_name(status),
             error ? ccm_error_attempts(error) : ccm_response_attempts(response),
             error && ccm_error_maybe_applied(error) ? ", maybe applied" : "");
    snprintf(expected, sizeof expected, "%s (%s): %s, %s attempts%s", row[0], row[1], row[3], row[4],
             strcmp(row[5], "true") == 0 ? ", maybe applied" : "");
    CHECK_TEXT(seen, expected);
    CHECK(error == NULL || strstr(ccm_error_message(error), "hunter2") == NULL);
    ccm_response_free(response);
    ccm_error_free(error);
    ccm_client_free(c);
}

static void faults_are_seen_as_in_rust(void) {
    const char *given = getenv("FAULTS");
    CHECK(given != NULL);
    char *table = strdup(given), *rest = NULL;
    CHECK(table != NULL);
    char *settings[FIELDS], *row[FIELDS];
    cut(strtok_r(table, "\n", &rest), FIELDS, settings);
    int rows = 0;
    for (char *line = strtok_r(NULL, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        cut(line, FIELDS - 1, row);
        look(settings, row);
        rows++;
    }
    CHECK(rows >= 24);
    free(table);
}

TEST_MAIN({"faults_are_seen_as_in_rust", faults_are_seen_as_in_rust})
