/* Tests the library with a custom allocator, and two copies of the library in one process. PATH_OF_COPY is the path of another
 * copy of the shared library. */

#include "testing.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_long live_blocks;
static atomic_long allocations;

static void *count_malloc(size_t size) {
    live_blocks++;
    allocations++;
    return malloc(size);
}

static void *count_realloc(void *memory, size_t size) { return realloc(memory, size); }

static void count_free(void *memory) {
    live_blocks -= memory != NULL;
    free(memory);
}

/* Creates a client, makes calls and frees it. Returns the number of live blocks after that, and sets `with_client` to the
 * number before. */
static long lifetime(const ccm_simulator *simulator, long *with_client) {
    ccm_client *client = simulator_client(simulator);
    long before = live_blocks;
    ccm_error *error = NULL;
    for (int i = 0; i < 20; i++) {
        ccm_response *response = NULL;
        CHECK_STATUS(CCM_OK, ccm_products_list(client, NULL, &response, &error), error);
        CHECK(ccm_value_length(ccm_response_value(response)) > 0);
        ccm_response_free(response);
    }
    CHECK(live_blocks < before + 500);
    *with_client = live_blocks;
    ccm_client_free(client);
    return live_blocks;
}

static void custom_allocator_serves_all_memory(void) {
    CHECK(ccm_set_allocator(NULL, count_realloc, count_free) == CCM_MISUSE);
    CHECK(ccm_set_allocator(count_malloc, count_realloc, count_free) == CCM_OK);
    ccm_simulator *simulator = simulator_start("demo", NULL);
    long with_client;
    /* The library keeps what it allocates on first use. */
    long once = lifetime(simulator, &with_client);
    CHECK(allocations > 1000 && once > 0);
    long twice = lifetime(simulator, &with_client);
    CHECK(twice < with_client && twice <= once + 8);
    CHECK(ccm_set_allocator(count_malloc, count_realloc, count_free) == CCM_MISUSE);
    ccm_simulator_stop(simulator);
}

static void second_copy_of_library_works_in_same_process(void) {
    const char *path = getenv("PATH_OF_COPY");
    CHECK(path != NULL);
    void *copy = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (copy == NULL) {
        test_failed(__FILE__, __LINE__, "dlopen", dlerror());
    }
    ccm_status (*describe)(const char *, ccm_document **, ccm_error **);
    const ccm_value *(*value)(const ccm_document *);
    size_t (*length)(const ccm_value *);
    void (*release)(ccm_document *);
    *(void **)&describe = dlsym(copy, "ccm_describe");
    *(void **)&value = dlsym(copy, "ccm_document_value");
    *(void **)&length = dlsym(copy, "ccm_value_length");
    *(void **)&release = dlsym(copy, "ccm_document_free");
    CHECK(describe != NULL && describe != ccm_describe && value != NULL && length != NULL && release != NULL);
    ccm_document *document = NULL;
    CHECK(describe(NULL, &document, NULL) == CCM_OK);
    ccm_document *own = NULL;
    CHECK(ccm_describe(NULL, &own, NULL) == CCM_OK);
    CHECK(length(value(document)) == ccm_value_length(ccm_document_value(own)));
    ccm_document_free(own);
    release(document);
    CHECK(dlclose(copy) == 0);
}

TEST_MAIN({"custom_allocator_serves_all_memory", custom_allocator_serves_all_memory},
          {"second_copy_of_library_works_in_same_process", second_copy_of_library_works_in_same_process})
