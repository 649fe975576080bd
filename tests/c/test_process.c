/* Tests how the library behaves in a process: threads, fork, signals, memory usage. */

#include "testing.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int threads(void) {
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    int count = 0;
    for (struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) {
        count += task->d_name[0] != '.';
    }
    closedir(tasks);
    return count;
}

static void ended(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    (void)user_data;
    CHECK(status == CCM_OK && error == NULL);
    ccm_response_free(response);
}

static void only_async_calls_start_threads_that_end_with_the_client(void) {
    ccm_simulator *simulator = simulator_start("demo", NULL);
    int before = threads();
    ccm_client *client = simulator_client(simulator);
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    CHECK(threads() == before);
    ccm_pending *pending = NULL;
    CHECK_STATUS(CCM_OK, ccm_me_get_start(client, NULL, ended, NULL, &pending, &error), error);
    CHECK(ccm_pending_wait(pending, 10000) == CCM_OK);
    ccm_pending_free(pending);
    CHECK(threads() > before);
    CHECK(ccm_client_retain(client) == client);
    ccm_client_free(client);
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    ccm_client_free(client);
    for (int i = 0; i < 100 && threads() > before; i++) {
        usleep(10000);
    }
    CHECK(threads() == before);
    ccm_simulator_stop(simulator);
}

static void forked_child_can_use_inherited_client(void) {
    ccm_simulator *simulator = simulator_start("demo", NULL);
    ccm_client *client = simulator_client(simulator);
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    fflush(NULL);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(20);
        ccm_response *response = NULL;
        bool good = ccm_me_get(client, NULL, &response, NULL) == CCM_OK &&
                    ccm_simulator_admin(simulator, "GET", "/health", NULL, NULL) == 0;
        ccm_response_free(response);
        ccm_client_free(client);
        ccm_simulator_stop(simulator);
        _exit(good ? 0 : 1);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static atomic_int handled;
static pthread_t handler_thread;

static void handle(int number) {
    (void)number;
    handler_thread = pthread_self();
    handled++;
}

static void signals_reach_only_program_threads(void) {
    sigset_t before;
    sigset_t after;
    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &before) == 0);
    struct sigaction action = {.sa_handler = handle};
    struct sigaction old;
    CHECK(sigaction(SIGUSR1, &action, &old) == 0);
    ccm_simulator *simulator = simulator_start("demo", NULL);
    ccm_client *client = simulator_client(simulator);
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &after) == 0);
    for (int number = 1; number < 32; number++) {
        CHECK(sigismember(&before, number) == sigismember(&after, number));
    }
    for (int i = 0; i < 50; i++) {
        int expected = handled + 1;
        CHECK(kill(getpid(), SIGUSR1) == 0);
        while (handled < expected) {
            usleep(100);
        }
        CHECK(pthread_equal(handler_thread, pthread_self()));
    }
    struct sigaction pipe;
    CHECK(sigaction(SIGPIPE, NULL, &pipe) == 0 && pipe.sa_handler == SIG_DFL);
    CHECK(sigaction(SIGUSR1, &old, NULL) == 0);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static void broken_connection_raises_no_signal(void) {
    ccm_simulator *simulator = simulator_start("demo", NULL);
    ccm_client *client = simulator_client(simulator);
    ccm_error *error = NULL;
    ccm_response *product = NULL;
    const char *id = first_product(client, &product);
    CHECK(ccm_simulator_admin(simulator, "POST", "/faults", "{\"operation\":\"configs.create\",\"reset\":\"before\"}", NULL) / 100 == 2);
    const char *body = "{\"evaluation_version\":\"v2\",\"name\":\"n\"}";
    for (int i = 0; i < 20; i++) {
        CHECK_STATUS(CCM_CONNECTION, ccm_configs_create(client, id, body, CCM_NUL, NULL, NULL, &error), error);
        CHECK(ccm_error_maybe_applied(error) && ccm_error_is_retryable(error));
        ccm_error_free(error);
    }
    ccm_response_free(product);
    ccm_client_free(client);
    ccm_simulator_stop(simulator);
}

static long memory(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file != NULL && fscanf(file, "%*s %ld", &pages) == 1);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void memory_is_stable_across_many_clients(void) {
    const char *cycles_setting = getenv("CLIENT_CYCLES");
    int cycles = cycles_setting != NULL ? atoi(cycles_setting) : 10000;
    ccm_simulator *simulator = simulator_start("demo", NULL);
    ccm_error *error = NULL;
    long before = 0;
    ccm_options *options = simulator_options(simulator);
    for (int i = 0; i < cycles; i++) {
        ccm_client *client = NULL;
        CHECK_STATUS(CCM_OK, ccm_client_new(options, &client, &error), error);
        if (i % 100 == 0) {
            CHECK_STATUS(CCM_OK, ccm_me_get(client, NULL, NULL, &error), error);
        }
        ccm_client_free(client);
        if (i == cycles / 4) {
            before = memory();
        }
    }
    long after = memory();
    printf("%d clients: %ld KiB, then %ld KiB\n", cycles, before, after);
    CHECK(after < before + before / 10 + 1024);
    ccm_options_free(options);
    ccm_simulator_stop(simulator);
}

TEST_MAIN({"only_async_calls_start_threads_that_end_with_the_client",
           only_async_calls_start_threads_that_end_with_the_client},
          {"forked_child_can_use_inherited_client", forked_child_can_use_inherited_client},
          {"signals_reach_only_program_threads", signals_reach_only_program_threads},
          {"broken_connection_raises_no_signal", broken_connection_raises_no_signal},
          {"memory_is_stable_across_many_clients", memory_is_stable_across_many_clients})
