/* Test support for C: checks that end the program on failure, and a simulator with a client. */

#ifndef TESTING_H
#define TESTING_H

#include "configcat_management.h"
#include "configcat_management_simulator.h"

#include <stdbool.h>
#include <stddef.h>

/* Ends the program unless the condition holds. */
#define CHECK(condition) ((condition) ? (void)0 : test_failed(__FILE__, __LINE__, #condition, NULL))

/* Ends the program with the message of the error, unless a call returns the expected status. */
#define CHECK_STATUS(expected, call, error) \
    test_status(__FILE__, __LINE__, #call, (int)(expected), (int)(call), &(error))

/* Ends the program unless two strings are equal. */
#define CHECK_TEXT(found, expected) test_text(__FILE__, __LINE__, #found, (found), (expected))

void test_failed(const char *file, int line, const char *what, const char *detail);
void test_status(const char *file, int line, const char *what, int expected, int found, ccm_error **error);
void test_text(const char *file, int line, const char *what, const char *found, const char *expected);

typedef struct {
    const char *name;
    void (*run)(void);
} test;

/* Runs all tests, or those named by the arguments. */
int test_main(int argc, char **argv, const test *tests, size_t count);

#define TEST_MAIN(...)                                                               \
    int main(int argc, char **argv) {                                                \
        static const test tests[] = {__VA_ARGS__};                                   \
        return test_main(argc, argv, tests, sizeof tests / sizeof tests[0]);         \
    }

/* Starts a simulator. */
ccm_simulator *simulator_start(const char *seed, const char *rate_limit);

/* Returns options for a client of a simulator. */
ccm_options *simulator_options(const ccm_simulator *simulator);

/* Creates a client of a simulator. */
ccm_client *simulator_client(const ccm_simulator *simulator);

/* Returns the number of requests in the simulator's journal that match a query. */
int simulator_requests(const ccm_simulator *simulator, const char *query);

/* Returns the ID of the first product; valid as long as the response. */
const char *first_product(ccm_client *client, ccm_response **response);

/* Returns the ID of the first config of the first product; valid as long as the response. */
const char *first_config(ccm_client *client, ccm_response **response);

#endif
