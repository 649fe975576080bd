/* Tests handles: every function that frees one with handles of every other type, and references released by many threads.
 *
 * A handle of another type is always recognized. Freeing the same handle twice is not tested: its memory may have been reused.
 * References of a client can be released by any number of threads, because each thread owns one. */

#include "testing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *type;
    void (*release)(void *handle);
} kind;

#define RELEASE(type) \
    static void release_##type(void *handle) { ccm_##type##_free((ccm_##type *)handle); }

RELEASE(builder)
RELEASE(bulk)
RELEASE(client)
RELEASE(document)
RELEASE(edit)
RELEASE(error)
RELEASE(options)
RELEASE(pages)
RELEASE(params)
RELEASE(pending)
RELEASE(plan)
RELEASE(product_document)
RELEASE(queue)
RELEASE(report)
RELEASE(response)

enum {
    BUILDER,
    BULK,
    CLIENT,
    DOCUMENT,
    EDIT,
    ERROR,
    OPTIONS,
    PAGES,
    PARAMS,
    PENDING,
    PLAN,
    PRODUCT_DOCUMENT,
    QUEUE,
    REPORT,
    RESPONSE,
    KINDS
};

static const kind kinds[KINDS] = {
    {"ccm_builder", release_builder},
    {"ccm_bulk", release_bulk},
    {"ccm_client", release_client},
    {"ccm_document", release_document},
    {"ccm_edit", release_edit},
    {"ccm_error", release_error},
    {"ccm_options", release_options},
    {"ccm_pages", release_pages},
    {"ccm_params", release_params},
    {"ccm_pending", release_pending},
    {"ccm_plan", release_plan},
    {"ccm_product_document", release_product_document},
    {"ccm_queue", release_queue},
    {"ccm_report", release_report},
    {"ccm_response", release_response},
};

static void count(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    atomic_int *completed = user_data;
    CHECK(status == CCM_OK);
    ccm_response_free(response);
    ccm_error_free(error);
    (*completed)++;
}

/* Creates a handle of every type. */
static void create(const ccm_simulator *simulator, void *handles[KINDS], atomic_int *completed) {
    ccm_client *client = simulator_client(simulator);
    ccm_document *document = NULL;
    ccm_error *error = NULL;
    ccm_pages *pages = NULL;
    ccm_pending *pending = NULL;
    ccm_queue *queue = NULL;
    ccm_response *response = NULL;
    CHECK_STATUS(CCM_OK, ccm_document_parse("[1]", CCM_NUL, &document, &error), error);
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, &response, &error), error);
    CHECK_STATUS(CCM_OK, ccm_me_get_start(client, NULL, count, completed, &pending, &error), error);
    CHECK_STATUS(CCM_OK, ccm_queue_new(&queue, &error), error);
    ccm_response *config = NULL;
    ccm_response *settings = NULL;
    CHECK_STATUS(CCM_OK, ccm_settings_list(client, first_config(client, &config), NULL, &settings, &error), error);
    char edited[64];
    snprintf(edited, sizeof edited, "{\"setting_id\":%d}",
             (int)ccm_value_integer(ccm_value_at(ccm_response_value(settings), "[0].setting_id"), 0));
    ccm_edit *edit = NULL;
    CHECK_STATUS(CCM_OK, ccm_edit_begin(client, "settings.edit", edited, CCM_NUL, NULL, &edit, &error), error);
    ccm_response_free(config);
    ccm_response_free(settings);
    const char *list = "{\"product_id\":\"00000000-0000-0000-0000-000000000000\"}";
    CHECK_STATUS(CCM_OK, ccm_pages_new(client, "audit_logs.list", list, CCM_NUL, NULL, &pages, &error), error);
    ccm_product_document *product = NULL;
    ccm_plan *plan = NULL;
    ccm_report *report = NULL;
    CHECK_STATUS(CCM_OK, ccm_product_document_parse("product: Web Shop", CCM_NUL, &product, &error), error);
    CHECK_STATUS(CCM_OK, ccm_plan_new(client, product, NULL, &plan, &error), error);
    CHECK_STATUS(CCM_OK, ccm_apply(client, plan, NULL, NULL, &report, &error), error);
    CHECK(ccm_document_parse("[", CCM_NUL, &(ccm_document *){NULL}, &error) == CCM_DECODE && error != NULL);
    CHECK(ccm_pending_wait(pending, 10000) == CCM_OK);
    handles[BUILDER] = ccm_builder_new();
    handles[BULK] = ccm_bulk_new();
    handles[CLIENT] = client;
    handles[DOCUMENT] = document;
    handles[EDIT] = edit;
    handles[ERROR] = error;
    handles[OPTIONS] = ccm_options_new();
    handles[PAGES] = pages;
    handles[PARAMS] = ccm_params_new();
    handles[PENDING] = pending;
    handles[PLAN] = plan;
    handles[PRODUCT_DOCUMENT] = product;
    handles[QUEUE] = queue;
    handles[REPORT] = report;
    handles[RESPONSE] = response;
}

/* Whether every handle still works. */
static void check_alive(void *handles[KINDS]) {
    const char *json = NULL;
    CHECK(ccm_builder_finish(handles[BUILDER], &json, NULL, NULL) == CCM_OK);
    CHECK_TEXT(json, "{}");
    CHECK(ccm_bulk_run(handles[BULK], NULL) == CCM_OK);
    ccm_usage usage;
    CHECK(ccm_client_usage(handles[CLIENT], &usage, sizeof usage) == CCM_OK && usage.requests >= 2);
    CHECK(ccm_value_length(ccm_document_value(handles[DOCUMENT])) == 1);
    CHECK(ccm_edit_base(handles[EDIT]) != NULL);
    CHECK(ccm_error_status(handles[ERROR]) == CCM_DECODE);
    CHECK(ccm_options_set_max_attempts(handles[OPTIONS], 2) == CCM_OK);
    CHECK(ccm_params_set_max_attempts(handles[PARAMS], 2) == CCM_OK);
    CHECK(ccm_pending_wait(handles[PENDING], 0) == CCM_OK);
    CHECK_TEXT(ccm_plan_summary(handles[PLAN]), "No changes: Web Shop is as the document says.");
    CHECK_TEXT(ccm_product_document_product(handles[PRODUCT_DOCUMENT]), "Web Shop");
    CHECK(ccm_queue_fd(handles[QUEUE]) >= 0);
    CHECK(ccm_report_is_complete(handles[REPORT]));
    CHECK(ccm_response_http_status(handles[RESPONSE]) == 200);
}

static void free_ignores_handles_of_every_other_type(void) {
    ccm_simulator *simulator = simulator_start("demo", NULL);
    void *handles[KINDS];
    atomic_int completed = 0;
    create(simulator, handles, &completed);
    for (int free_of = 0; free_of < KINDS; free_of++) {
        for (int handle = 0; handle < KINDS; handle++) {
            if (free_of != handle) {
                kinds[free_of].release(handles[handle]);
            }
        }
        check_alive(handles);
    }
    for (int i = 0; i < KINDS; i++) {
        kinds[i].release(handles[i]);
    }
    CHECK(completed == 1);
    ccm_simulator_stop(simulator);
}

static void functions_reject_handles_of_every_other_type(void) {
    ccm_simulator *simulator = simulator_start("demo", NULL);
    void *handles[KINDS];
    atomic_int completed = 0;
    create(simulator, handles, &completed);
    for (int i = 0; i < KINDS; i++) {
        void *h = handles[i];
        ccm_error *error = NULL;
        ccm_response *response = NULL;
        ccm_usage usage;
        CHECK(i == BUILDER || ccm_builder_null(h, "x") == CCM_MISUSE);
        CHECK(i == CLIENT || ccm_client_usage(h, &usage, sizeof usage) == CCM_MISUSE);
        CHECK(i == CLIENT || ccm_client_retain(h) == NULL);
        CHECK(i == DOCUMENT || ccm_document_value(h) == NULL);
        CHECK(i == EDIT || ccm_edit_base(h) == NULL);
        CHECK(i == ERROR || strcmp(ccm_error_message(h), "") == 0);
        CHECK(i == OPTIONS || ccm_options_set_max_attempts(h, 2) == CCM_MISUSE);
        CHECK(i == PARAMS || ccm_params_set_max_attempts(h, 2) == CCM_MISUSE);
        CHECK(i == PENDING || (ccm_pending_wait(h, 0) == CCM_MISUSE && ccm_pending_cancel(h) == CCM_MISUSE));
        CHECK(i == PLAN || ccm_plan_summary(h) == NULL);
        CHECK(i == PRODUCT_DOCUMENT || ccm_product_document_product(h) == NULL);
        CHECK(i == REPORT || (!ccm_report_is_complete(h) && ccm_report_summary(h) == NULL));
        CHECK(i == QUEUE || (ccm_queue_fd(h) == -1 && ccm_queue_dispatch(h, 0, 0) == 0));
        CHECK(i == RESPONSE || (ccm_response_value(h) == NULL && ccm_response_header_count(h) == 0));
        if (i != PAGES) {
            CHECK(ccm_pages_next(h, &response, &error) == CCM_MISUSE && response == NULL);
            CHECK(strstr(ccm_error_message(error), "not a ccm_pages") != NULL);
            ccm_error_free(error);
        }
    }
    for (int i = 0; i < KINDS; i++) {
        kinds[i].release(handles[i]);
    }
    ccm_simulator_stop(simulator);
}

enum { THREADS = 8, REFERENCES = 2000 };

static pthread_barrier_t barrier;

static void *release_references(void *client) {
    (void)pthread_barrier_wait(&barrier);
    for (int i = 0; i < REFERENCES; i++) {
        CHECK(ccm_client_retain(client) == client);
        ccm_client_free(client);
    }
    ccm_client_free(client);
    return NULL;
}

static void client_is_freed_once_by_racing_threads(void) {
    ccm_simulator *simulator = simulator_start("demo", NULL);
    ccm_client *client = simulator_client(simulator);
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    CHECK(pthread_barrier_init(&barrier, NULL, THREADS) == 0);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        CHECK(i == 0 || ccm_client_retain(client) == client);
        CHECK(pthread_create(&threads[i], NULL, release_references, client) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(pthread_barrier_destroy(&barrier) == 0);
    ccm_simulator_stop(simulator);
}

TEST_MAIN({"free_ignores_handles_of_every_other_type", free_ignores_handles_of_every_other_type},
          {"functions_reject_handles_of_every_other_type", functions_reject_handles_of_every_other_type},
          {"client_is_freed_once_by_racing_threads", client_is_freed_once_by_racing_threads})
