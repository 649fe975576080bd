/* Tests observers, credential providers, and changes of the network. */

#include "testing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ccm_simulator *simulator;

static void fault(const char *body) {
    CHECK(ccm_simulator_admin(simulator, "POST", "/faults", body, NULL) / 100 == 2);
}

static ccm_client *client_of(ccm_options *options) {
    ccm_client *client = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &client, &error), error);
    ccm_options_free(options);
    return client;
}

enum { MOST = 16 };

/* Copies of events, whose strings are compared when they arrive. */
typedef struct {
    ccm_event events[MOST];
    size_t count;
    const char *operation, *method, *path_template;
} record;

static void keep(void *user_data, const ccm_event *event) {
    record *r = user_data;
    CHECK(r->count < MOST);
    CHECK_TEXT(event->operation, r->operation);
    CHECK_TEXT(event->method, r->method);
    CHECK_TEXT(event->path_template, r->path_template);
    if (event->kind == CCM_EVENT_ATTEMPT) {
        CHECK_TEXT(event->server_address, "127.0.0.1");
        CHECK(event->server_port > 0);
    } else {
        CHECK(event->server_address == NULL && event->server_port == 0);
    }
    r->events[r->count++] = *event;
}

static ccm_client *observed_by(record *r) {
    ccm_options *options = simulator_options(simulator);
    CHECK(ccm_options_set_observer(options, keep, r) == CCM_OK);
    return client_of(options);
}

static void events_have_call_method_and_path_template(void) {
    simulator = simulator_start("demo", NULL);
    record r = {.operation = "products.list", .method = "GET", .path_template = "/v1/products"};
    ccm_client *client = observed_by(&r);
    ccm_error *error = NULL;
    ccm_response *response = NULL;
    const char *product = first_product(client, &response);
    CHECK(r.count == 3 && r.events[2].kind == CCM_EVENT_FINISHED && r.events[2].error == CCM_OK);
    uint64_t earlier = r.events[2].call;

    fault("{\"operation\":\"configs.list\",\"status\":503,\"times\":1}");
    r = (record){.operation = "configs.list", .method = "GET", .path_template = "/v1/products/{productId}/configs"};
    CHECK_STATUS(CCM_OK, ccm_configs_list(client, product, NULL, NULL, &error), error);
    static const ccm_event_kind kinds[] = {CCM_EVENT_ATTEMPT, CCM_EVENT_OUTCOME, CCM_EVENT_WAIT_RETRY,
                                           CCM_EVENT_ATTEMPT, CCM_EVENT_OUTCOME, CCM_EVENT_FINISHED};
    static const unsigned attempts[] = {1, 1, 2, 2, 2, 2};
    CHECK(r.count == 6);
    for (size_t i = 0; i < 6; i++) {
        CHECK(r.events[i].kind == kinds[i] && r.events[i].attempt == attempts[i]);
        CHECK(r.events[i].call == r.events[0].call && r.events[i].call > earlier);
    }
    const ccm_event *failed = &r.events[1], *last = &r.events[4], *end = &r.events[5];
    CHECK(failed->http_status == 503 && failed->error == CCM_SERVER && failed->will_retry);
    CHECK(last->http_status == 200 && last->error == CCM_OK && !last->will_retry);
    CHECK(last->request_bytes == 0 && last->response_bytes > 100);
    CHECK(end->http_status == 200 && end->error == CCM_OK);
    CHECK(end->backoff_ms > 0 && end->milliseconds >= end->backoff_ms + end->waited_ms);
    ccm_response_free(response);

    r = (record){.operation = "POST /v1/things/7", .method = "POST", .path_template = "/v1/things/7"};
    CHECK(ccm_request(client, "POST", "/v1/things/7", "[1]", CCM_NUL, NULL, NULL, NULL) == CCM_NOT_FOUND);
    CHECK(r.count == 3 && r.events[1].request_bytes == 3 && r.events[1].error == CCM_NOT_FOUND);
    CHECK(r.events[2].http_status == 404 && r.events[2].error == CCM_NOT_FOUND);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void end_of_a_call_has_the_remaining_budget(void) {
    simulator = simulator_start("demo", "2/1");
    record r = {.operation = "me.get", .method = "GET", .path_template = "/v1/me"};
    ccm_client *client = observed_by(&r);
    for (int i = 0; i < 3; i++) {
        r.count = 0;
        CHECK(ccm_me_get(client, NULL, NULL, NULL) == CCM_OK);
        if (i == 1) {
            CHECK(r.events[r.count - 1].remaining == 0);
        }
    }
    CHECK(r.events[0].kind == CCM_EVENT_WAIT_RATE_LIMIT && r.events[0].remaining == -1);
    CHECK(r.events[r.count - 1].kind == CCM_EVENT_FINISHED && r.events[r.count - 1].waited_ms > 100);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

/* Tells the callback what to add. */
typedef struct {
    const char *name;
    int calls;
} headers_of;

static void add_headers(void *user_data, const ccm_event *attempt, ccm_attempt_headers *headers) {
    headers_of *h = user_data;
    h->calls++;
    CHECK(attempt->kind == CCM_EVENT_ATTEMPT && attempt->server_port > 0 && attempt->call > 0);
    CHECK_TEXT(attempt->operation, "me.get");
    CHECK_TEXT(attempt->path_template, "/v1/me");
    char value[32];
    snprintf(value, sizeof value, "token-of-attempt-%u", attempt->attempt);
    CHECK(ccm_attempt_headers_set(headers, h->name, value) == CCM_OK);
    CHECK(ccm_attempt_headers_set(headers, "X-Team", "theirs") == CCM_OK);
    CHECK(ccm_attempt_headers_set(headers, NULL, value) == CCM_MISUSE);
    CHECK(ccm_attempt_headers_set(NULL, "X-Team", value) == CCM_MISUSE);
}

static size_t count_of(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
        count++;
    }
    return count;
}

static void headers_of_an_attempt_are_made_for_each_one(void) {
    simulator = simulator_start("demo", NULL);
    headers_of h = {.name = "X-Token"};
    ccm_options *options = simulator_options(simulator);
    CHECK(ccm_options_set_attempt_headers(options, NULL, NULL) == CCM_MISUSE);
    ccm_options_free(options);
    options = simulator_options(simulator);
    CHECK(ccm_options_set_attempt_headers(options, add_headers, &h) == CCM_OK);
    ccm_client *client = client_of(options);
    fault("{\"operation\":\"me.get\",\"status\":503,\"times\":1}");
    ccm_params *params = ccm_params_new();
    CHECK(ccm_params_set_header(params, "x-team", "mine") == CCM_OK);
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_me_get(client, params, NULL, &error), error);
    CHECK(h.calls == 2);
    char *journal = NULL;
    CHECK(ccm_simulator_admin(simulator, "GET", "/journal?operation=me.get", NULL, &journal) == 200);
    CHECK(count_of(journal, "token-of-attempt-1") == 1 && count_of(journal, "token-of-attempt-2") == 1);
    CHECK(count_of(journal, "mine") == 2 && count_of(journal, "theirs") == 0);
    ccm_simulator_free_string(journal);

    h = (headers_of){.name = "Authorization"};
    CHECK(ccm_me_get(client, NULL, NULL, &error) == CCM_BAD_REQUEST && h.calls == 1);
    CHECK(strstr(ccm_error_message(error), "header \"Authorization\" is set by the client") != NULL);
    ccm_error_free(error);
    CHECK(simulator_requests(simulator, "operation=me.get") == 2);
    ccm_params_free(params);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

/* A provider, and the thread on which it runs. */
typedef struct {
    atomic_int calls;
    pthread_t thread;
    const char *password;
} vault;

static void provide(void *user_data, ccm_credentials *credentials) {
    vault *v = user_data;
    v->calls++;
    v->thread = pthread_self();
    char password[32];
    strncpy(password, v->password, sizeof password - 1);
    password[sizeof password - 1] = 0;
    CHECK(ccm_credentials_set(credentials, NULL, password) == CCM_MISUSE);
    CHECK(ccm_credentials_set(credentials, "simulator", password) == CCM_OK);
    memset(password, 'x', sizeof password);
}

static ccm_client *provided_by(ccm_credentials_callback callback, void *user_data) {
    ccm_options *options = simulator_options(simulator);
    CHECK(ccm_options_set_credential_provider(options, NULL, NULL) == CCM_MISUSE);
    ccm_options_free(options);
    options = simulator_options(simulator);
    CHECK(ccm_options_set_credential_provider(options, callback, user_data) == CCM_OK);
    return client_of(options);
}

static void ignore_response(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    CHECK(status == CCM_OK);
    *(atomic_bool *)user_data = true;
    ccm_response_free(response);
    ccm_error_free(error);
}

static void provider_is_called_once_per_call(void) {
    simulator = simulator_start("demo", NULL);
    vault v = {.password = "simulator"};
    ccm_client *client = provided_by(provide, &v);
    fault("{\"operation\":\"me.get\",\"status\":503,\"times\":1,\"retryAfter\":0}");
    CHECK(ccm_me_get(client, NULL, NULL, NULL) == CCM_OK);
    CHECK(v.calls == 1 && pthread_equal(v.thread, pthread_self()));
    atomic_bool done = false;
    ccm_pending *pending = NULL;
    CHECK(ccm_me_get_start(client, NULL, ignore_response, &done, &pending, NULL) == CCM_OK);
    CHECK(ccm_pending_wait(pending, 10000) == CCM_OK && done);
    CHECK(v.calls == 2 && !pthread_equal(v.thread, pthread_self()));
    ccm_pending_free(pending);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void provided_credentials_are_masked(void) {
    simulator = simulator_start("demo", NULL);
    vault v = {.password = "pa55word-of-vault"};
    ccm_client *client = provided_by(provide, &v);
    fault("{\"operation\":\"me.get\",\"status\":400,\"body\":{\"message\":\"wrong: pa55word-of-vault\"}}");
    ccm_error *error = NULL;
    CHECK(ccm_me_get(client, NULL, NULL, &error) == CCM_BAD_REQUEST);
    CHECK(strstr(ccm_error_message(error), "wrong: ***") != NULL);
    CHECK(strstr(ccm_error_message(error), "pa55word") == NULL);
    ccm_error_free(error);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void refuse(void *user_data, ccm_credentials *credentials) {
    CHECK(ccm_credentials_refuse(credentials, user_data) == CCM_OK);
}

static void forget(void *user_data, ccm_credentials *credentials) {
    (void)user_data;
    (void)credentials;
}

static void set_invalid(void *user_data, ccm_credentials *credentials) {
    CHECK(ccm_credentials_set(credentials, "a:b", user_data) == CCM_OK);
}

static void failure_of_a_provider_is_an_authentication_error(void) {
    simulator = simulator_start("demo", NULL);
    char reason[] = "the vault is sealed";
    struct {
        ccm_credentials_callback callback;
        const char *message;
    } providers[] = {{refuse, "the vault is sealed"},
                     {forget, "the callback set no credentials"},
                     {set_invalid, "the user name must not be empty nor hold a colon"}};
    for (size_t i = 0; i < 3; i++) {
        ccm_client *client = provided_by(providers[i].callback, reason);
        ccm_error *error = NULL;
        CHECK(ccm_me_get(client, NULL, NULL, &error) == CCM_AUTHENTICATION);
        CHECK(strstr(ccm_error_message(error), providers[i].message) != NULL);
        CHECK(ccm_error_attempts(error) == 0);
        ccm_error_free(error);
        ccm_client_free(client);
    }
    CHECK(simulator_requests(simulator, "") == 0);
    ccm_simulator_stop(simulator);
}

static void network_change_retries_a_stalled_attempt(void) {
    simulator = simulator_start("demo", NULL);
    ccm_client *client = simulator_client(simulator);
    fault("{\"operation\":\"me.get\",\"delayMs\":30000,\"times\":1}");
    atomic_bool done = false;
    ccm_pending *pending = NULL;
    CHECK(ccm_me_get_start(client, NULL, ignore_response, &done, &pending, NULL) == CCM_OK);
    for (int i = 0; i < 1000; i++) {
        ccm_usage usage;
        CHECK(ccm_client_usage(client, &usage, sizeof usage) == CCM_OK);
        if (usage.requests == 1) break;
        usleep(10000);
    }
    usleep(200000);
    CHECK(!done && ccm_client_network_changed(client) == CCM_OK);
    CHECK(ccm_pending_wait(pending, 10000) == CCM_OK && done);
    CHECK(ccm_client_network_changed(NULL) == CCM_MISUSE);
    ccm_pending_free(pending);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

TEST_MAIN({"events_have_call_method_and_path_template", events_have_call_method_and_path_template},
          {"headers_of_an_attempt_are_made_for_each_one", headers_of_an_attempt_are_made_for_each_one},
          {"end_of_a_call_has_the_remaining_budget", end_of_a_call_has_the_remaining_budget},
          {"provider_is_called_once_per_call", provider_is_called_once_per_call},
          {"provided_credentials_are_masked", provided_credentials_are_masked},
          {"failure_of_a_provider_is_an_authentication_error", failure_of_a_provider_is_an_authentication_error},
          {"network_change_retries_a_stalled_attempt", network_change_retries_a_stalled_attempt})
