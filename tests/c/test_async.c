/* Tests asynchronous calls: callbacks, cancellation, queues in event loops, clients freed during calls, shutdown. */

#include "testing.h"

#include <poll.h>
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

typedef struct {
    atomic_int completed;
    atomic_int succeeded;
    atomic_int cancelled;
    atomic_int misused;
    _Atomic pthread_t thread;
} tally;

static void count(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    tally *t = user_data;
    CHECK((status == CCM_OK) == (response != NULL) && (status == CCM_OK) == (error == NULL));
    t->thread = pthread_self();
    t->succeeded += status == CCM_OK && ccm_value_kind(ccm_response_value(response)) == CCM_OBJECT;
    t->cancelled += status == CCM_CANCELLED;
    ccm_response_free(response);
    ccm_error_free(error);
    t->completed++;
}

static void delay(int ms) {
    char fault[128];
    snprintf(fault, sizeof fault, "{\"operation\":\"me.get\",\"delayMs\":%d}", ms);
    CHECK(ccm_simulator_admin(simulator, "POST", "/faults", fault, NULL) / 100 == 2);
}

static void callback_runs_exactly_once(void) {
    begin();
    tally t = {0};
    ccm_pending *pending = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_me_get_start(client, NULL, count, &t, &pending, &error), error);
    CHECK(ccm_pending_wait(pending, 10000) == CCM_OK);
    CHECK(t.completed == 1 && t.succeeded == 1);
    CHECK(!pthread_equal(t.thread, pthread_self()));
    CHECK(ccm_pending_cancel(pending) == CCM_OK);
    usleep(20000);
    CHECK(t.completed == 1 && t.cancelled == 0);
    ccm_pending_free(pending);
    CHECK(ccm_me_get_start(client, NULL, NULL, &t, NULL, &error) == CCM_MISUSE);
    ccm_error_free(error);
    CHECK(ccm_configs_list_start(client, "no uuid", NULL, count, &t, &pending, &error) == CCM_OK);
    CHECK(ccm_pending_wait(pending, 10000) == CCM_OK && t.completed == 2 && t.succeeded == 1);
    ccm_pending_free(pending);
    finish();
}

static void cancelled_call_completes_and_is_not_in_flight(void) {
    begin();
    delay(20000);
    tally t = {0};
    ccm_pending *pending = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_me_get_start(client, NULL, count, &t, &pending, &error), error);
    CHECK(ccm_pending_wait(pending, 50) == CCM_TIMEOUT && t.completed == 0);
    CHECK(ccm_pending_cancel(pending) == CCM_OK);
    CHECK(ccm_pending_wait(pending, 5000) == CCM_OK);
    CHECK(t.completed == 1 && t.cancelled == 1);
    ccm_pending_free(pending);
    ccm_rate_limit limit;
    CHECK(ccm_client_rate_limit(client, &limit, sizeof limit) == CCM_OK && limit.in_flight == 0);
    finish();
}

static void call_inside_callback(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    tally *t = user_data;
    ccm_error *inner = NULL;
    CHECK(status == CCM_OK && error == NULL);
    t->misused = ccm_me_get(client, NULL, NULL, &inner) == CCM_MISUSE && strstr(ccm_error_message(inner), "callback");
    ccm_error_free(inner);
    ccm_response_free(response);
    t->completed++;
}

static void blocking_call_inside_callback_is_misuse(void) {
    begin();
    tally t = {0};
    ccm_pending *pending = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_me_get_start(client, NULL, call_inside_callback, &t, &pending, &error), error);
    CHECK(ccm_pending_wait(pending, 10000) == CCM_OK);
    CHECK(t.misused == 1);
    ccm_pending_free(pending);
    finish();
}

static void queue_runs_callbacks_on_polling_thread(void) {
    enum { CALLS = 100 };
    begin();
    tally t = {0};
    ccm_queue *queue = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_queue_new(&queue, &error), error);
    ccm_params *params = ccm_params_new();
    CHECK(ccm_params_set_queue(params, queue) == CCM_OK);
    for (int i = 0; i < CALLS; i++) {
        CHECK_STATUS(CCM_OK, ccm_me_get_start(client, params, count, &t, NULL, &error), error);
    }
    ccm_params_free(params);
    struct pollfd fd = {.fd = ccm_queue_fd(queue), .events = POLLIN};
    size_t dispatched = 0;
    while (dispatched < CALLS) {
        CHECK(poll(&fd, 1, 10000) == 1);
        size_t now = ccm_queue_dispatch(queue, 0, 7);
        CHECK(now >= 1 && now <= 7);
        dispatched += now;
    }
    CHECK(t.completed == CALLS && t.succeeded == CALLS && pthread_equal(t.thread, pthread_self()));
    CHECK(poll(&fd, 1, 0) == 0);
    CHECK(ccm_queue_dispatch(queue, 0, 0) == 0 && ccm_queue_dispatch(queue, -1, 0) == 0);
    CHECK(ccm_queue_dispatch(queue, 10, 0) == 0);
    ccm_queue_free(queue);
    finish();
}

static void freeing_queue_cancels_its_calls(void) {
    begin();
    delay(20000);
    tally t = {0};
    ccm_queue *queue = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_queue_new(&queue, &error), error);
    ccm_params *params = ccm_params_new();
    ccm_params_set_queue(params, queue);
    for (int i = 0; i < 10; i++) {
        CHECK_STATUS(CCM_OK, ccm_me_get_start(client, params, count, &t, NULL, &error), error);
    }
    ccm_queue_free(queue);
    CHECK(t.completed == 10 && t.cancelled == 10);
    CHECK(ccm_me_get_start(client, params, count, &t, NULL, &error) == CCM_MISUSE && t.completed == 10);
    CHECK(strstr(ccm_error_message(error), "has been freed") != NULL);
    ccm_error_free(error);
    ccm_params_free(params);
    finish();
}

static void calls_continue_after_client_is_freed(void) {
    begin();
    delay(100);
    tally t = {0};
    ccm_pending *pending[10];
    ccm_error *error = NULL;
    for (int i = 0; i < 10; i++) {
        CHECK_STATUS(CCM_OK, ccm_me_get_start(client, NULL, count, &t, &pending[i], &error), error);
    }
    ccm_client_free(client);
    for (int i = 0; i < 10; i++) {
        CHECK(ccm_pending_wait(pending[i], 10000) == CCM_OK);
        ccm_pending_free(pending[i]);
    }
    CHECK(t.succeeded == 10);
    ccm_simulator_stop(simulator);
}

static void shutdown_cancels_calls_and_next_call_restarts(void) {
    begin();
    delay(20000);
    tally t = {0};
    ccm_error *error = NULL;
    for (int i = 0; i < 10; i++) {
        CHECK_STATUS(CCM_OK, ccm_me_get_start(client, NULL, count, &t, NULL, &error), error);
    }
    ccm_shutdown();
    CHECK(t.completed == 10 && t.cancelled == 10);
    CHECK_STATUS(CCM_OK, ccm_products_list(client, NULL, NULL, &error), error);
    finish();
}

TEST_MAIN({"callback_runs_exactly_once", callback_runs_exactly_once},
          {"cancelled_call_completes_and_is_not_in_flight", cancelled_call_completes_and_is_not_in_flight},
          {"blocking_call_inside_callback_is_misuse", blocking_call_inside_callback_is_misuse},
          {"queue_runs_callbacks_on_polling_thread", queue_runs_callbacks_on_polling_thread},
          {"freeing_queue_cancels_its_calls", freeing_queue_cancels_its_calls},
          {"calls_continue_after_client_is_freed", calls_continue_after_client_is_freed},
          {"shutdown_cancels_calls_and_next_call_restarts", shutdown_cancels_calls_and_next_call_restarts})
