#include "testing.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *running = "";

void test_failed(const char *file, int line, const char *what, const char *detail) {
    fprintf(stderr, "%s:%d: in %s: %s%s%s\n", file, line, running, what, detail ? ": " : "", detail ? detail : "");
    exit(1);
}

void test_status(const char *file, int line, const char *what, int expected, int found, ccm_error **error) {
    if (found != expected) {
        char detail[1024];
        snprintf(detail, sizeof detail, "%s instead of %s: %s", ccm_status_name(found), ccm_status_name(expected),
                 ccm_error_message(*error));
        test_failed(file, line, what, detail);
    }
}

void test_text(const char *file, int line, const char *what, const char *found, const char *expected) {
    if (found == NULL || expected == NULL ? found != expected : strcmp(found, expected) != 0) {
        char detail[1024];
        snprintf(detail, sizeof detail, "\"%s\" instead of \"%s\"", found ? found : "(NULL)",
                 expected ? expected : "(NULL)");
        test_failed(file, line, what, detail);
    }
}

/* Waits until only this thread is left, if WAIT_FOR_THREADS is set. Under valgrind, threads take longer to end than the libraries
 * wait for them, and the memory of these threads would be reported as leaks. */
static void wait_for_other_threads(void) {
    if (getenv("WAIT_FOR_THREADS") == NULL) {
        return;
    }
    for (int i = 0; i < 1000; i++) {
        int threads = 0;
        DIR *tasks = opendir("/proc/self/task");
        while (tasks != NULL && readdir(tasks) != NULL) {
            threads++;
        }
        if (tasks == NULL || (closedir(tasks) == 0 && threads <= 3)) {
            return;
        }
        usleep(10000);
    }
}

int test_main(int argc, char **argv, const test *tests, size_t count) {
    int passed = 0;
    for (size_t i = 0; i < count; i++) {
        bool chosen = argc < 2;
        for (int a = 1; a < argc; a++) {
            chosen = chosen || strcmp(argv[a], tests[i].name) == 0;
        }
        if (chosen) {
            running = tests[i].name;
            tests[i].run();
            passed++;
        }
    }
    wait_for_other_threads();
    printf("%d passed, 0 failed\n", passed);
    return passed == 0;
}

ccm_simulator *simulator_start(const char *seed, const char *rate_limit) {
    ccm_simulator_options options = {.size = sizeof options, .seed = seed, .rate_limit = rate_limit};
    ccm_simulator *simulator = NULL;
    char *reason = NULL;
    if (!ccm_simulator_start(&options, &simulator, &reason)) {
        test_failed(__FILE__, __LINE__, "ccm_simulator_start", reason);
    }
    return simulator;
}

ccm_options *simulator_options(const ccm_simulator *simulator) {
    ccm_options *options = ccm_options_new();
    CHECK(ccm_options_set_base_url(options, ccm_simulator_url(simulator)) == CCM_OK);
    CHECK(ccm_options_set_credentials(options, ccm_simulator_username(simulator),
                                      ccm_simulator_password(simulator)) == CCM_OK);
    CHECK(ccm_options_set_proxy(options, NULL) == CCM_OK);
    return options;
}

ccm_client *simulator_client(const ccm_simulator *simulator) {
    ccm_options *options = simulator_options(simulator);
    ccm_client *client = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &client, &error), error);
    ccm_options_free(options);
    return client;
}

int simulator_requests(const ccm_simulator *simulator, const char *query) {
    char path[256];
    char *response = NULL;
    snprintf(path, sizeof path, "/journal/count?%s", query);
    CHECK(ccm_simulator_admin(simulator, "GET", path, NULL, &response) == 200);
    ccm_document *document = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_document_parse(response, CCM_NUL, &document, &error), error);
    int64_t count = ccm_value_integer(ccm_value_at(ccm_document_value(document), "count"), -1);
    ccm_document_free(document);
    ccm_simulator_free_string(response);
    CHECK(count >= 0);
    return (int)count;
}

const char *first_product(ccm_client *client, ccm_response **response) {
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_products_list(client, NULL, response, &error), error);
    const char *id = ccm_value_string(ccm_value_at(ccm_response_value(*response), "[0].product_id"), NULL);
    CHECK(id != NULL);
    return id;
}

const char *first_config(ccm_client *client, ccm_response **response) {
    ccm_response *products = NULL;
    ccm_error *error = NULL;
    const char *product = first_product(client, &products);
    CHECK_STATUS(CCM_OK, ccm_configs_list(client, product, NULL, response, &error), error);
    ccm_response_free(products);
    const char *id = ccm_value_string(ccm_value_at(ccm_response_value(*response), "[0].config_id"), NULL);
    CHECK(id != NULL);
    return id;
}
