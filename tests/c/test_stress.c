/* Stress tests with many threads: shared clients, concurrent cancels, clients and queues freed during calls. */

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
static atomic_int completed;

/* Returns the number of rounds of each thread. STRESS_PERCENT scales it, for tools that slow the program down. */
static int rounds(int normal) {
    const char *setting = getenv("STRESS_PERCENT");
    int percent = setting != NULL ? atoi(setting) : 100;
    return normal * percent / 100 + 1;
}

static void run_threads(void *(*run)(void *)) {
    pthread_t threads[THREADS];
    succeeded = 0;
    cancelled = 0;
    completed = 0;
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
    completed++;
}

static void *call(void *unused) {
    (void)unused;
    for (int i = 0; i < rounds(100); i++) {
        ccm_response *response = NULL;
        succeeded += ccm_me_get(client, NULL, &response, NULL) == CCM_OK &&
                     ccm_value_string(ccm_value_get(ccm_response_value(response), "email"), NULL) != NULL;
        ccm_response_free(response);
    }
    return NULL;
}

static void sixteen_threads_can_share_a_client(void) {
    run_threads(call);
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

static void concurrent_cancels_lose_no_callback(void) {
    run_threads(start_and_cancel);
    int expected = THREADS * rounds(100);
    for (int i = 0; i < 2000 && completed < expected; i++) {
        usleep(10000);
    }
    CHECK(completed == expected && succeeded + cancelled == expected);
    ccm_rate_limit limit;
    CHECK(ccm_client_rate_limit(client, &limit, sizeof limit) == CCM_OK);
    CHECK(limit.in_flight == 0 && limit.waiting == 0);
}

static void *free_clients_during_calls(void *unused) {
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

static void clients_can_be_freed_during_calls(void) {
    run_threads(free_clients_during_calls);
    CHECK(succeeded == THREADS * rounds(5) * 4);
}

static void *free_queues_during_calls(void *unused) {
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

static void queues_can_be_freed_during_calls(void) {
    run_threads(free_queues_during_calls);
    int expected = THREADS * rounds(10) * 5;
    CHECK(completed == expected && succeeded + cancelled == expected);
}

static void concurrent_use_loses_no_call(void) {
    simulator = simulator_start("demo", NULL);
    client = simulator_client(simulator);
    sixteen_threads_can_share_a_client();
    concurrent_cancels_lose_no_callback();
    clients_can_be_freed_during_calls();
    queues_can_be_freed_during_calls();
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

TEST_MAIN({"concurrent_use_loses_no_call", concurrent_use_loses_no_call})
