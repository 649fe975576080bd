/* Tests what may still run after a callback has been replaced, or after its object has been freed, and what callbacks may do. */

#include "testing.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 4 };

static ccm_simulator *simulator;
static ccm_client *client;
static atomic_bool stop;

/* Returns the number of rounds. STRESS_PERCENT scales it, for tools that slow the program down. */
static int rounds(int normal) {
    const char *setting = getenv("STRESS_PERCENT");
    int percent = setting != NULL ? atoi(setting) : 100;
    return normal * percent / 100 + 1;
}

static void begin(void) {
    simulator = simulator_start("demo", NULL);
    client = simulator_client(simulator);
}

static void finish(void) {
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void delay(int ms) {
    char fault[128];
    snprintf(fault, sizeof fault, "{\"operation\":\"me.get\",\"delayMs\":%d}", ms);
    CHECK(ccm_simulator_admin(simulator, "POST", "/faults", fault, NULL) / 100 == 2);
}

static void *call_until_stopped(void *unused) {
    (void)unused;
    while (!stop) {
        CHECK(ccm_me_get(client, NULL, NULL, NULL) == CCM_OK);
    }
    return NULL;
}

/* Runs a function while threads make calls. */
static void during_calls(void (*run)(void)) {
    pthread_t threads[THREADS];
    stop = false;
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, call_until_stopped, NULL) == 0);
    }
    run();
    stop = true;
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

/* What a log callback uses. Freed after the callback was replaced, so that a late call reads freed memory. */
typedef struct {
    atomic_int running;
    atomic_int calls;
    atomic_bool replaced;
} target;

static void write_to_target(void *user_data, int32_t level, const char *message) {
    target *t = user_data;
    (void)level;
    t->running++;
    CHECK(!t->replaced && message[0] == 'c');
    sched_yield();
    if (t->calls++ % 3 == 0) {
        usleep(200);
    }
    CHECK(!t->replaced);
    t->running--;
}

static void replace_targets(void) {
    target *current = NULL;
    int calls = 0;
    /* Until a line was logged, which takes longer under slow tools. */
    for (int i = 0; i < rounds(300) || (calls == 0 && i < 5000); i++) {
        target *next = i % 4 == 3 ? NULL : calloc(1, sizeof *next);
        CHECK(ccm_set_log(CCM_LOG_DEBUG, next != NULL ? write_to_target : NULL, next) == CCM_OK);
        if (current != NULL) {
            CHECK(current->running == 0);
            current->replaced = true;
            calls += current->calls;
            free(current);
        }
        current = next;
        usleep(500);
    }
    CHECK(ccm_set_log(CCM_LOG_OFF, NULL, NULL) == CCM_OK);
    CHECK(current == NULL || current->running == 0);
    calls += current != NULL ? current->calls : 0;
    free(current);
    CHECK(calls > 0);
}

static void log_callback_never_runs_after_being_replaced(void) {
    begin();
    during_calls(replace_targets);
    finish();
}

static atomic_int last_lines;

/* Replaces itself by nothing, and makes a call, whose lines are not logged on this thread. */
static void log_once(void *user_data, int32_t level, const char *message) {
    (void)level;
    (void)message;
    last_lines++;
    CHECK(ccm_set_log(CCM_LOG_OFF, NULL, NULL) == CCM_OK);
    *(atomic_bool *)user_data = true;
}

static void log_callback_can_be_replaced_inside_itself(void) {
    begin();
    for (int i = 0; i < rounds(20); i++) {
        atomic_bool done = false;
        last_lines = 0;
        CHECK(ccm_set_log(CCM_LOG_DEBUG, log_once, &done) == CCM_OK);
        CHECK(ccm_me_get(client, NULL, NULL, NULL) == CCM_OK);
        /* Waits for the callback, which refers to a variable of this function. */
        CHECK(ccm_set_log(CCM_LOG_OFF, NULL, NULL) == CCM_OK);
        CHECK(done && last_lines == 1);
    }
    finish();
}

typedef struct {
    atomic_int events;
    atomic_bool completed;
} observed;

static void observe(void *user_data, const ccm_event *event) {
    observed *o = user_data;
    CHECK(event->operation != NULL && !o->completed);
    o->events++;
}

static void complete(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    observed *o = user_data;
    CHECK(status == CCM_OK || status == CCM_CANCELLED);
    o->completed = true;
    ccm_response_free(response);
    ccm_error_free(error);
}

static void observer_never_runs_after_the_completion(void) {
    begin();
    for (int i = 0; i < rounds(200); i++) {
        observed *o = calloc(1, sizeof *o);
        ccm_options *options = simulator_options(simulator);
        CHECK(o != NULL && ccm_options_set_observer(options, observe, o) == CCM_OK);
        ccm_client *own = NULL;
        ccm_pending *pending = NULL;
        CHECK(ccm_client_new(options, &own, NULL) == CCM_OK);
        ccm_options_free(options);
        CHECK(ccm_me_get_start(own, NULL, complete, o, &pending, NULL) == CCM_OK);
        ccm_client_free(own);
        if (i % 2 == 0) {
            usleep((useconds_t)(i * 13 % 1500));
            CHECK(ccm_pending_cancel(pending) == CCM_OK);
        }
        CHECK(ccm_pending_wait(pending, 10000) == CCM_OK);
        CHECK(o->completed && (i % 2 == 0 || o->events == 3));
        ccm_pending_free(pending);
        free(o);
    }
    finish();
}

typedef struct {
    ccm_queue *queue;
    atomic_int cancelled;
    size_t dispatched;
} owner;

static void count_cancelled(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    owner *o = user_data;
    o->cancelled += status == CCM_CANCELLED;
    ccm_response_free(response);
    ccm_error_free(error);
}

/* Waits for calls of a queue, and frees the queue, on a thread of the library, which serves these calls too. */
static void free_queue_inside_callback(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    owner *o = user_data;
    CHECK(status == CCM_OK && error == NULL);
    o->dispatched = ccm_queue_dispatch(o->queue, -1, 0);
    ccm_queue_free(o->queue);
    ccm_response_free(response);
}

static void queue_can_be_freed_on_a_library_thread(void) {
    begin();
    owner o = {0};
    ccm_error *error = NULL;
    /* The first response tells the rate limiter that calls need not wait for each other. */
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    delay(20000);
    CHECK_STATUS(CCM_OK, ccm_queue_new(&o.queue, &error), error);
    ccm_params *params = ccm_params_new();
    CHECK(ccm_params_set_queue(params, o.queue) == CCM_OK);
    for (int i = 0; i < 3; i++) {
        CHECK_STATUS(CCM_OK, ccm_me_get_start(client, params, count_cancelled, &o, NULL, &error), error);
    }
    ccm_params_free(params);
    ccm_pending *pending = NULL;
    CHECK_STATUS(CCM_OK, ccm_products_list_start(client, NULL, free_queue_inside_callback, &o, &pending, &error), error);
    CHECK(ccm_pending_wait(pending, 10000) == CCM_OK);
    CHECK(o.dispatched == 0 && o.cancelled == 3);
    ccm_pending_free(pending);
    finish();
}

static atomic_int restarted;

static void end_restarted(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    (void)user_data;
    (void)status;
    ccm_response_free(response);
    ccm_error_free(error);
    restarted++;
}

/* Frees the last client while the library is being shut down. */
static void free_client_inside_callback(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    CHECK(status == CCM_CANCELLED && response == NULL);
    ccm_error_free(error);
    ccm_client_free(user_data);
}

static void last_client_can_be_freed_during_shutdown(void) {
    begin();
    delay(20000);
    ccm_pending *pending = NULL;
    CHECK(ccm_me_get_start(client, NULL, free_client_inside_callback, client, &pending, NULL) == CCM_OK);
    usleep(20000);
    ccm_shutdown();
    /* The callback has returned, and did not wait for the shutdown that waited for it. */
    CHECK(ccm_pending_wait(pending, 0) == CCM_OK);
    ccm_pending_free(pending);
    ccm_simulator_stop(simulator);
    CHECK(restarted == 0);
}

/* Starts another call while the library is being shut down. */
static void start_inside_callback(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    CHECK(status == CCM_CANCELLED && response == NULL);
    ccm_error_free(error);
    CHECK(ccm_products_list_start(user_data, NULL, end_restarted, NULL, NULL, NULL) == CCM_OK);
}

static void call_can_be_started_during_shutdown(void) {
    begin();
    delay(20000);
    restarted = 0;
    ccm_pending *pending = NULL;
    CHECK(ccm_me_get_start(client, NULL, start_inside_callback, client, &pending, NULL) == CCM_OK);
    usleep(20000);
    ccm_shutdown();
    CHECK(ccm_pending_wait(pending, 0) == CCM_OK);
    for (int i = 0; i < 1000 && restarted == 0; i++) {
        usleep(10000);
    }
    CHECK(restarted == 1);
    ccm_pending_free(pending);
    finish();
}

static atomic_llong latest_remaining;
static atomic_int states;

static void note_rate_limit(void *user_data, const ccm_rate_limit *state) {
    CHECK(user_data == &states);
    latest_remaining = state->remaining;
    states++;
}

static void rate_limit_callback_receives_each_change(void) {
    ccm_simulator *limited = simulator_start("demo", "50/60");
    ccm_client *watched = simulator_client(limited);
    ccm_error *error = NULL;
    latest_remaining = 0;
    CHECK_STATUS(CCM_OK, ccm_client_set_rate_limit_callback(watched, note_rate_limit, &states, &error), error);
    for (int i = 0; i < 1000 && latest_remaining != -1; i++)
        usleep(10000);
    CHECK(latest_remaining == -1);
    CHECK_STATUS(CCM_OK, ccm_me_get(watched, NULL, NULL, &error), error);
    for (int i = 0; i < 1000 && latest_remaining != 49; i++)
        usleep(10000);
    CHECK(latest_remaining == 49);
    CHECK_STATUS(CCM_OK, ccm_client_set_rate_limit_callback(watched, NULL, NULL, &error), error);
    int before = states;
    CHECK_STATUS(CCM_OK, ccm_me_get(watched, NULL, NULL, &error), error);
    usleep(50000);
    CHECK(states == before);
    /* The callback ends with the client. */
    CHECK_STATUS(CCM_OK, ccm_client_set_rate_limit_callback(watched, note_rate_limit, &states, &error), error);
    ccm_client_free(watched);
    CHECK(ccm_client_set_rate_limit_callback(NULL, note_rate_limit, &states, NULL) == CCM_MISUSE);
    ccm_simulator_stop(limited);
}

TEST_MAIN({"log_callback_never_runs_after_being_replaced", log_callback_never_runs_after_being_replaced},
          {"log_callback_can_be_replaced_inside_itself", log_callback_can_be_replaced_inside_itself},
          {"observer_never_runs_after_the_completion", observer_never_runs_after_the_completion},
          {"rate_limit_callback_receives_each_change", rate_limit_callback_receives_each_change},
          {"queue_can_be_freed_on_a_library_thread", queue_can_be_freed_on_a_library_thread},
          {"last_client_can_be_freed_during_shutdown", last_client_can_be_freed_during_shutdown},
          {"call_can_be_started_during_shutdown", call_can_be_started_during_shutdown})
