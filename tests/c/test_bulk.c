/* Tests finding items by name, and bulks: order, failures, concurrency, progress, cancellation. */

#include "testing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static void add_fault(const char *fault) {
    CHECK(ccm_simulator_admin(simulator, "POST", "/faults", fault, NULL) / 100 == 2);
}

#define SHOP "20000000-0000-4000-8000-000000000001"
#define MISSING "20000000-0000-4000-8000-00000000ffff"
#define STOREFRONT "50000000-0000-4000-8000-000000000001"

static const char *found(const ccm_response *response, const char *field) {
    return ccm_value_string(ccm_value_get(ccm_response_value(response), field), NULL);
}

static void expect_error(ccm_status expected, ccm_status status, ccm_error **error, const char *text) {
    CHECK(status == expected);
    if (strstr(ccm_error_message(*error), text) == NULL) {
        test_failed(__FILE__, __LINE__, text, ccm_error_message(*error));
    }
    ccm_error_free(*error);
    *error = NULL;
}

static void item_is_found_by_first_or_second_field(void) {
    begin();
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_configs_find(client, SHOP, "Storefront", NULL, &response, &error), error);
    CHECK_TEXT(found(response, "config_id"), STOREFRONT);
    CHECK(ccm_response_http_status(response) == 200 && ccm_value_kind(ccm_response_value(response)) == CCM_OBJECT);
    ccm_response_free(response);
    CHECK_STATUS(CCM_OK, ccm_settings_find(client, STOREFRONT, "newCheckout", NULL, &response, &error), error);
    CHECK_TEXT(found(response, "name"), "New checkout");
    ccm_response_free(response);
    CHECK_STATUS(CCM_OK, ccm_settings_find(client, STOREFRONT, "New checkout", NULL, &response, &error), error);
    CHECK_TEXT(found(response, "key"), "newCheckout");
    ccm_response_free(response);
    const char *arguments = "{\"config_id\":\"" STOREFRONT "\",\"key_or_name\":\"newCheckout\"}";
    CHECK_STATUS(CCM_OK, ccm_call(client, "settings.find", arguments, CCM_NUL, NULL, &response, &error), error);
    CHECK_TEXT(found(response, "name"), "New checkout");
    ccm_response_free(response);
    finish();
}

static void failed_search_names_ids_or_similar_names(void) {
    begin();
    ccm_response *organizations = NULL;
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_organizations_find(client, "Corner Shop", NULL, &organizations, &error), error);
    const char *organization = found(organizations, "organization_id");
    for (int i = 0; i < 2; i++) {
        CHECK_STATUS(CCM_OK, ccm_products_create(client, organization, "{\"name\":\"Twin\"}", CCM_NUL, NULL, NULL, &error), error);
    }
    CHECK_STATUS(CCM_OK, ccm_products_create(client, organization, "{\"name\":\"New\"}", CCM_NUL, NULL, &response, &error), error);
    char empty[64];
    snprintf(empty, sizeof empty, "%s", found(response, "product_id"));
    ccm_response_free(response);
    ccm_response_free(organizations);
    ccm_status status = ccm_products_find(client, "Twin", NULL, &response, &error);
    expect_error(CCM_CONFLICT, status, &error, "2 have the name 'Twin': use an id, one of ");
    CHECK(response == NULL);
    status = ccm_products_find(client, "web shp", NULL, &response, &error);
    expect_error(CCM_NOT_FOUND, status, &error, "did you mean 'Web Shop'?");
    status = ccm_configs_find(client, empty, "Main", NULL, &response, &error);
    expect_error(CCM_NOT_FOUND, status, &error, "the list is empty");
    status = ccm_products_find(client, "", NULL, &response, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "name: must not be empty");
    status = ccm_products_find(client, NULL, NULL, &response, &error);
    expect_error(CCM_MISUSE, status, &error, "name is NULL");
    status = ccm_call(client, "products.find", NULL, 0, NULL, &response, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "name must be a string; it is missing");
    status = ccm_call(client, "products.find", "{\"name\":1}", CCM_NUL, NULL, &response, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "name must be a string; it has another type");
    status = ccm_call(client, "me.find", NULL, 0, NULL, &response, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "unknown operation \"me.find\"");
    finish();
}

static void check_found(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    atomic_int *completed = user_data;
    if (status == CCM_OK) {
        CHECK_TEXT(found(response, "name"), "Test");
    } else {
        CHECK(status == CCM_NOT_FOUND && strstr(ccm_error_message(error), "'Test'") != NULL);
    }
    ccm_response_free(response);
    ccm_error_free(error);
    (*completed) += status == CCM_OK ? 1 : 100;
}

static void search_can_be_asynchronous(void) {
    begin();
    atomic_int completed = 0;
    ccm_error *error = NULL;
    const char *names[] = {"Test", "Tset"};
    for (int i = 0; i < 2; i++) {
        ccm_pending *pending = NULL;
        CHECK_STATUS(CCM_OK, ccm_environments_find_start(client, SHOP, names[i], NULL, check_found, &completed, &pending, &error), error);
        CHECK(ccm_pending_wait(pending, 10000) == CCM_OK);
        ccm_pending_free(pending);
    }
    CHECK(completed == 101);
    finish();
}

static ccm_bulk *products(int count, int missing) {
    ccm_bulk *bulk = ccm_bulk_new();
    ccm_error *error = NULL;
    for (int i = 0; i < count; i++) {
        const char *arguments = i == missing ? "{\"product_id\":\"" MISSING "\"}" : "{\"product_id\":\"" SHOP "\"}";
        CHECK_STATUS(CCM_OK, ccm_bulk_add(bulk, client, "products.get", arguments, CCM_NUL, NULL, &error), error);
    }
    return bulk;
}

typedef struct {
    size_t reported;
    size_t stop_at;
    bool misused;
} progress;

static bool report(void *user_data, size_t done, size_t total) {
    progress *p = user_data;
    CHECK(done == p->reported + 1 && done <= total);
    p->reported = done;
    if (done == 1) {
        // The thread that runs the bulk cannot wait for another call.
        p->misused = ccm_me_get(client, NULL, NULL, NULL) == CCM_MISUSE;
    }
    return done != p->stop_at;
}

static void outcomes_are_in_order_and_errors_isolated(void) {
    begin();
    ccm_bulk *bulk = products(50, 17);
    progress p = {0};
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_bulk_set_concurrency(bulk, 8, &error), error);
    CHECK(ccm_bulk_set_progress(bulk, report, &p) == CCM_OK);
    const char *find = "{\"name\":\"Back Office\"}";
    CHECK_STATUS(CCM_OK, ccm_bulk_add(bulk, client, "products.find", find, CCM_NUL, NULL, &error), error);
    CHECK(ccm_bulk_count(bulk) == 0);
    CHECK_STATUS(CCM_OK, ccm_bulk_run(bulk, &error), error);
    CHECK(ccm_bulk_count(bulk) == 51 && p.reported == 51 && p.misused);
    for (size_t i = 0; i < 51; i++) {
        ccm_response *response = NULL;
        ccm_status status = ccm_bulk_take(bulk, i, &response, &error);
        if (i == 17) {
            CHECK(response == NULL);
            expect_error(CCM_NOT_FOUND, status, &error, "products.get");
        } else {
            CHECK_STATUS(CCM_OK, status, error);
            CHECK_TEXT(found(response, "name"), i == 50 ? "Back Office" : "Web Shop");
            ccm_response_free(response);
        }
    }
    expect_error(CCM_MISUSE, ccm_bulk_take(bulk, 3, NULL, &error), &error, "call 3 has no outcome");
    CHECK(ccm_bulk_take(bulk, 51, NULL, NULL) == CCM_MISUSE);
    /* A second run makes only the calls that have been added since. */
    CHECK_STATUS(CCM_OK, ccm_bulk_run(bulk, &error), error);
    CHECK_STATUS(CCM_OK, ccm_bulk_add(bulk, client, "me.get", NULL, 0, NULL, &error), error);
    p.reported = 0;
    CHECK_STATUS(CCM_OK, ccm_bulk_run(bulk, &error), error);
    CHECK(ccm_bulk_count(bulk) == 52 && ccm_bulk_take(bulk, 51, NULL, NULL) == CCM_OK);
    ccm_bulk_free(bulk);
    finish();
}

static void invalid_calls_and_concurrency_are_refused(void) {
    begin();
    ccm_bulk *bulk = products(1, -1);
    ccm_error *error = NULL;
    expect_error(CCM_BAD_REQUEST, ccm_bulk_set_concurrency(bulk, 0, &error), &error, "concurrency: must be at least 1, not 0");
    ccm_status status = ccm_bulk_add(bulk, client, "products.paint", NULL, 0, NULL, &error);
    expect_error(CCM_BAD_REQUEST, status, &error, "unknown operation");
    expect_error(CCM_MISUSE, ccm_bulk_add(bulk, NULL, "me.get", NULL, 0, NULL, &error), &error, "ccm_client is NULL");
    CHECK(simulator_requests(simulator, "") == 0);
    CHECK(ccm_bulk_run(NULL, NULL) == CCM_MISUSE && ccm_bulk_cancel(NULL) == CCM_MISUSE && ccm_bulk_count(NULL) == 0);
    /* The outcome is not taken, so that freeing the bulk frees it. */
    CHECK_STATUS(CCM_OK, ccm_bulk_run(bulk, &error), error);
    ccm_bulk_free(bulk);
    ccm_bulk_free(NULL);
    finish();
}

typedef struct {
    atomic_int now;
    atomic_int most;
} busy;

static void watch(void *user_data, const ccm_event *event) {
    busy *b = user_data;
    if (event->kind == CCM_EVENT_ATTEMPT) {
        int now = ++b->now;
        b->most = now > b->most ? now : b->most;
    } else if (event->kind == CCM_EVENT_OUTCOME) {
        b->now--;
    }
}

static void concurrency_bounds_the_calls_in_flight(void) {
    begin();
    ccm_client_free(client);
    busy b = {0};
    ccm_options *options = simulator_options(simulator);
    CHECK(ccm_options_set_observer(options, watch, &b) == CCM_OK);
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &client, &error), error);
    ccm_options_free(options);
    add_fault("{\"operation\":\"products.get\",\"delayMs\":30}");
    ccm_bulk *bulk = products(20, -1);
    CHECK_STATUS(CCM_OK, ccm_bulk_set_concurrency(bulk, 5, &error), error);
    CHECK_STATUS(CCM_OK, ccm_bulk_run(bulk, &error), error);
    CHECK(b.most == 5 && b.now == 0);
    ccm_bulk_free(bulk);
    finish();
}

static void check_cancelled(ccm_bulk *bulk, size_t completed, size_t sent) {
    ccm_error *error = NULL;
    size_t succeeded = 0;
    size_t maybe = 0;
    for (size_t i = 0; i < ccm_bulk_count(bulk); i++) {
        ccm_status status = ccm_bulk_take(bulk, i, NULL, &error);
        succeeded += status == CCM_OK;
        CHECK(status == CCM_OK || status == CCM_CANCELLED);
        maybe += ccm_error_maybe_applied(error);
        ccm_error_free(error);
    }
    CHECK(ccm_bulk_count(bulk) == 30 && succeeded == completed && maybe == sent);
    ccm_rate_limit limit;
    CHECK(ccm_client_rate_limit(client, &limit, sizeof limit) == CCM_OK && limit.in_flight == 0 && limit.waiting == 0);
    ccm_bulk_free(bulk);
}

static void progress_callback_can_cancel(void) {
    begin();
    ccm_bulk *bulk = products(30, -1);
    progress p = {.stop_at = 10};
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_bulk_set_concurrency(bulk, 1, &error), error);
    CHECK(ccm_bulk_set_progress(bulk, report, &p) == CCM_OK);
    expect_error(CCM_CANCELLED, ccm_bulk_run(bulk, &error), &error, "cancelled");
    CHECK(p.reported == 10 && simulator_requests(simulator, "") == 10);
    check_cancelled(bulk, 10, 0);
    finish();
}

static uint64_t requests_sent(void) {
    ccm_usage usage;
    CHECK(ccm_client_usage(client, &usage, sizeof usage) == CCM_OK);
    return usage.requests;
}

static uint64_t sent_before;

/* Cancels when ten calls have completed and four wait for their responses. */
static void *cancel_later(void *bulk) {
    while (requests_sent() < sent_before + 14) {
        usleep(5000);
    }
    CHECK(ccm_bulk_cancel(bulk) == CCM_OK);
    return NULL;
}

static void another_thread_can_cancel(void) {
    begin();
    add_fault("{\"operation\":\"products.get\",\"delayMs\":20000,\"skip\":10}");
    ccm_bulk *bulk = products(30, -1);
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_bulk_set_concurrency(bulk, 4, &error), error);
    sent_before = requests_sent();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, cancel_later, bulk) == 0);
    expect_error(CCM_CANCELLED, ccm_bulk_run(bulk, &error), &error, "cancelled");
    CHECK(pthread_join(thread, NULL) == 0);
    check_cancelled(bulk, 10, 4);
    finish();
}

TEST_MAIN({"item_is_found_by_first_or_second_field", item_is_found_by_first_or_second_field},
          {"failed_search_names_ids_or_similar_names", failed_search_names_ids_or_similar_names},
          {"search_can_be_asynchronous", search_can_be_asynchronous},
          {"outcomes_are_in_order_and_errors_isolated", outcomes_are_in_order_and_errors_isolated},
          {"invalid_calls_and_concurrency_are_refused", invalid_calls_and_concurrency_are_refused},
          {"concurrency_bounds_the_calls_in_flight", concurrency_bounds_the_calls_in_flight},
          {"progress_callback_can_cancel", progress_callback_can_cancel},
          {"another_thread_can_cancel", another_thread_can_cancel})
