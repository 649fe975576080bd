/* Many threads on one client: calls, cancel storms, clients that are freed while calls are under way. */

#include "testing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 16 };

static ccm_simulator *simulator;
static ccm_client *client;
static atomic_int succeeded;
static atomic_int cancelled;
static atomic_int ended;

/* How often each thread does what it does: less under tools that slow it down. */
static int rounds(int normal) {
    const char *given = getenv("STRESS_PERCENT");
    int percent = given != NULL ? atoi(given) : 100;
    return normal * percent / 100 + 1;
}

static void together(void *(*run)(void *)) {
    pthread_t threads[THREADS];
    succeeded = 0;
    cancelled = 0;
    ended = 0;
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, run, NULL) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

static void count(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    (void)user_data;
    succeeded += status == CCM_OK;
    cancelled += status == CCM_CANCELLED;
    ccm_response_free(response);
    ccm_error_free(error);
    ended++;
}

static void *call(void *unused) {
    (void)unused;
    for (int i = 0; i < rounds(100); i++) {
        ccm_response *response = NULL;
        succeeded += ccm_me_get(client, NULL, &response, NULL) == CCM_OK &&
                     ccm_value_text(ccm_value_get(ccm_response_value(response), "email"), NULL) != NULL;
        ccm_response_free(response);
    }
    return NULL;
}

static void sixteen_threads_share_a_client(void) {
    together(call);
    CHECK(succeeded == THREADS * rounds(100));
}

static void *start_and_cancel(void *unused) {
    (void)unused;
    for (int i = 0; i < rounds(100); i++) {
        ccm_pending *pending = NULL;
        CHECK(ccm_me_get_start(client, NULL, count, NULL, &pending, NULL) == CCM_OK);
        if (i % 3 == 0) {
            usleep((useconds_t)(i * 7 % 500));
        }
        CHECK(ccm_pending_cancel(pending) == CCM_OK);
        if (i % 2 == 0) {
            CHECK(ccm_pending_wait(pending, 20000) == CCM_OK);
        }
        ccm_pending_free(pending);
    }
    return NULL;
}

static void a_storm_of_cancels_loses_no_callback(void) {
    together(start_and_cancel);
    int expected = THREADS * rounds(100);
    for (int i = 0; i < 2000 && ended < expected; i++) {
        usleep(10000);
    }
    CHECK(ended == expected && succeeded + cancelled == expected);
    ccm_rate_limit limit;
    CHECK(ccm_client_rate_limit(client, &limit, sizeof limit) == CCM_OK);
    CHECK(limit.in_flight == 0 && limit.waiting == 0);
}

static void *come_and_go(void *unused) {
    (void)unused;
    for (int i = 0; i < rounds(5); i++) {
        ccm_client *own = simulator_client(simulator);
        ccm_pending *pending[4];
        for (int k = 0; k < 4; k++) {
            CHECK(ccm_me_get_start(own, NULL, count, NULL, &pending[k], NULL) == CCM_OK);
        }
        ccm_client_free(own);
        for (int k = 0; k < 4; k++) {
            CHECK(ccm_pending_wait(pending[k], 20000) == CCM_OK);
            ccm_pending_free(pending[k]);
        }
    }
    return NULL;
}

static void clients_are_freed_while_calls_are_under_way(void) {
    together(come_and_go);
    CHECK(succeeded == THREADS * rounds(5) * 4);
}

static void *queues_come_and_go(void *unused) {
    (void)unused;
    for (int i = 0; i < rounds(10); i++) {
        ccm_queue *queue = NULL;
        CHECK(ccm_queue_new(&queue, NULL) == CCM_OK);
        ccm_params *params = ccm_params_new();
        CHECK(ccm_params_set_queue(params, queue) == CCM_OK);
        for (int k = 0; k < 5; k++) {
            CHECK(ccm_me_get_start(client, params, count, NULL, NULL, NULL) == CCM_OK);
        }
        ccm_params_free(params);
        if (i % 2 == 0) {
            (void)ccm_queue_dispatch(queue, 5, 0);
        }
        ccm_queue_free(queue);
    }
    return NULL;
}

static void queues_are_freed_while_calls_are_under_way(void) {
    together(queues_come_and_go);
    int expected = THREADS * rounds(10) * 5;
    CHECK(ended == expected && succeeded + cancelled == expected);
}

static void everything(void) {
    simulator = simulator_start("demo", NULL);
    client = simulator_client(simulator);
    sixteen_threads_share_a_client();
    a_storm_of_cancels_loses_no_callback();
    clients_are_freed_while_calls_are_under_way();
    queues_are_freed_while_calls_are_under_way();
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

TEST_MAIN({"everything", everything})
