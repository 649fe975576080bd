/* Tests the contract vectors: every call must send exactly the request and decode the response into the value of its vector.
 * Each vector is called by name, by its typed function, and by its asynchronous typed function. CONTRACT_PLAYER is the URL of
 * the contract player, CONTRACT_VECTORS the directory of the vectors. */

#include "contract.h"
#include "testing.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ITEMS 16

static const char *setting(const char *name) {
    const char *value = getenv(name);
    if (value == NULL) {
        test_failed(__FILE__, __LINE__, name, "is not set");
    }
    return value;
}

static const ccm_value *argument(const vector *v, const char *name) { return ccm_value_get(v->arguments, name); }

const char *vector_text(const vector *v, const char *name) { return ccm_value_string(argument(v, name), NULL); }

int64_t vector_integer(const vector *v, const char *name) { return ccm_value_integer(argument(v, name), -1); }

static const char *finish(const vector *v) {
    const char *json = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_builder_finish(v->body, &json, NULL, &error), error);
    return json;
}

const char *vector_patch(const vector *v) {
    static char patch[1 << 16];
    size_t length = 0;
    const char *json = ccm_value_json(argument(v, "patch"), &length);
    CHECK(json != NULL && length < sizeof patch);
    memcpy(patch, json, length);
    patch[length] = 0;
    return patch;
}

const char *vector_body(const vector *v, bool required, const char *const *names) {
    bool any = required;
    for (; *names != NULL; names++) {
        size_t length = 0;
        const char *json = ccm_value_json(argument(v, *names), &length);
        if (json != NULL) {
            any = true;
            CHECK(ccm_builder_json(v->body, *names, json, length) == CCM_OK);
        }
    }
    return any ? finish(v) : NULL;
}

void vector_set_text(const vector *v, const char *name, ccm_status (*set)(ccm_params *, const char *)) {
    if (argument(v, name) != NULL) {
        CHECK(set(v->params, vector_text(v, name)) == CCM_OK);
    }
}

void vector_set_boolean(const vector *v, const char *name, ccm_status (*set)(ccm_params *, bool)) {
    if (argument(v, name) != NULL) {
        CHECK(set(v->params, ccm_value_boolean(argument(v, name), false)) == CCM_OK);
    }
}

void vector_set_integer(const vector *v, const char *name, ccm_status (*set)(ccm_params *, int64_t)) {
    if (argument(v, name) != NULL) {
        CHECK(set(v->params, vector_integer(v, name)) == CCM_OK);
    }
}

void vector_set_texts(const vector *v, const char *name,
                      ccm_status (*set)(ccm_params *, const char *const *, size_t)) {
    const char *texts[MAX_ITEMS];
    size_t count = ccm_value_length(argument(v, name));
    CHECK(count <= MAX_ITEMS);
    for (size_t i = 0; i < count; i++) {
        texts[i] = ccm_value_string(ccm_value_item(argument(v, name), i), NULL);
    }
    if (argument(v, name) != NULL) {
        CHECK(set(v->params, texts, count) == CCM_OK);
    }
}

void vector_set_integers(const vector *v, const char *name,
                         ccm_status (*set)(ccm_params *, const int64_t *, size_t)) {
    int64_t numbers[MAX_ITEMS];
    size_t count = ccm_value_length(argument(v, name));
    CHECK(count <= MAX_ITEMS);
    for (size_t i = 0; i < count; i++) {
        numbers[i] = ccm_value_integer(ccm_value_item(argument(v, name), i), -1);
    }
    if (argument(v, name) != NULL) {
        CHECK(set(v->params, numbers, count) == CCM_OK);
    }
}

/* Returns whether a value equals the expected value of a vector; objects may have additional members. */
static bool same(const ccm_value *found, const ccm_value *expected) {
    ccm_kind kind = ccm_value_kind(expected);
    switch (kind) {
    case CCM_OBJECT:
        if (ccm_value_kind(found) != CCM_OBJECT) {
            return false;
        }
        for (const ccm_value *m = ccm_value_first(expected); m != NULL; m = ccm_value_next(m)) {
            if (!same(ccm_value_get(found, ccm_value_name(m)), m)) {
                fprintf(stderr, "%s differs\n", ccm_value_name(m));
                return false;
            }
        }
        return true;
    case CCM_LIST:
        if (ccm_value_kind(found) != CCM_LIST || ccm_value_length(found) != ccm_value_length(expected)) {
            return false;
        }
        for (size_t i = 0; i < ccm_value_length(expected); i++) {
            if (!same(ccm_value_item(found, i), ccm_value_item(expected, i))) {
                fprintf(stderr, "item %zu differs\n", i);
                return false;
            }
        }
        return true;
    case CCM_STRING: {
        size_t a = 0;
        size_t b = 0;
        const char *text = ccm_value_string(found, &a);
        const char *wanted = ccm_value_string(expected, &b);
        return text != NULL && a == b && memcmp(text, wanted, a) == 0;
    }
    case CCM_BOOLEAN:
        return ccm_value_kind(found) == CCM_BOOLEAN &&
               ccm_value_boolean(found, false) == ccm_value_boolean(expected, true);
    case CCM_INTEGER:
        return ccm_value_number(found, -1) == ccm_value_number(expected, -2);
    case CCM_NUMBER:
        return ccm_value_kind(found) == CCM_NUMBER && ccm_value_number(found, -1) == ccm_value_number(expected, -2);
    case CCM_NULL:
        return ccm_value_is_null(found);
    default:
        return false;
    }
}

static size_t played;

static void check(const vector *v, ccm_status status, ccm_response *response, ccm_error *error, const char *how) {
    if (status != CCM_OK || !same(ccm_response_value(response), ccm_value_get(v->vector, "value"))) {
        char what[512];
        snprintf(what, sizeof what, "%s, %s", ccm_value_string(ccm_value_get(v->vector, "name"), NULL), how);
        test_failed(__FILE__, __LINE__, what, status == CCM_OK ? "the value differs" : ccm_error_message(error));
    }
    ccm_response_free(response);
    played++;
}

static void completed(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    check(user_data, status, response, error, "without waiting");
}

static const operation *find(const char *id) {
    for (size_t i = 0; i < OPERATION_COUNT; i++) {
        if (strcmp(OPERATIONS[i].id, id) == 0) {
            return &OPERATIONS[i];
        }
    }
    test_failed(__FILE__, __LINE__, id, "unknown operation");
    return NULL;
}

static void reset(vector *v) {
    ccm_params_clear(v->params);
    ccm_builder_free(v->body);
    v->body = ccm_builder_new();
}

static void play(const char *file, size_t number, const ccm_value *value, ccm_queue *queue) {
    char url[512];
    snprintf(url, sizeof url, "%s/%s/%zu", setting("CONTRACT_PLAYER"), file, number);
    ccm_options *options = ccm_options_new();
    ccm_options_set_base_url(options, url);
    ccm_options_set_credentials(options, "user", "pass");
    ccm_options_set_proxy(options, NULL);
    ccm_options_set_max_attempts(options, 1);
    vector v = {.vector = value, .arguments = ccm_value_get(value, "arguments"), .params = ccm_params_new()};
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_client_new(options, &v.client, &error), error);
    ccm_options_free(options);

    const operation *op = find(ccm_value_string(ccm_value_get(value, "operation"), NULL));
    ccm_response *response = NULL;
    size_t length = 0;
    const char *arguments = ccm_value_json(v.arguments, &length);
    ccm_status status = ccm_call(v.client, op->id, arguments, length, NULL, &response, &error);
    check(&v, status, response, error, "by name");

    reset(&v);
    op->params(&v);
    status = op->call(&v, &response, &error);
    check(&v, status, response, error, "by its typed function");

    reset(&v);
    op->params(&v);
    CHECK(ccm_params_set_queue(v.params, queue) == CCM_OK);
    CHECK_STATUS(CCM_OK, op->start(&v, completed, &v, &error), error);
    CHECK(ccm_queue_dispatch(queue, -1, 0) == 1);

    ccm_builder_free(v.body);
    ccm_params_free(v.params);
    ccm_client_free(v.client);
}

static ccm_document *load(const char *path) {
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    CHECK(fseek(file, 0, SEEK_END) == 0);
    size_t length = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(length);
    CHECK(text != NULL && fread(text, 1, length, file) == length);
    fclose(file);
    ccm_document *document = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_document_parse(text, length, &document, &error), error);
    free(text);
    return document;
}

static void play_file(const char *path, const char *name, ccm_queue *queue, bool *covered) {
    ccm_document *document = load(path);
    size_t number = 0;
    for (const ccm_value *v = ccm_value_first(ccm_document_value(document)); v != NULL; v = ccm_value_next(v)) {
        covered[find(ccm_value_string(ccm_value_get(v, "operation"), NULL)) - OPERATIONS] = true;
        play(name, number++, v, queue);
    }
    ccm_document_free(document);
}

static void every_vector_matches(void) {
    ccm_document *described = NULL;
    CHECK(ccm_describe(NULL, &described, NULL) == CCM_OK);
    CHECK(ccm_value_length(ccm_document_value(described)) == OPERATION_COUNT);
    ccm_document_free(described);
    char path[1024];
    ccm_queue *queue = NULL;
    CHECK(ccm_queue_new(&queue, NULL) == CCM_OK);
    bool *covered = calloc(OPERATION_COUNT, sizeof *covered);
    CHECK(covered != NULL);
    const char *folder = setting("CONTRACT_VECTORS");
    snprintf(path, sizeof path, "%s/tricky.json", folder);
    play_file(path, "tricky", queue, covered);
    snprintf(path, sizeof path, "%s/generated", folder);
    DIR *files = opendir(path);
    CHECK(files != NULL);
    for (struct dirent *file = readdir(files); file != NULL; file = readdir(files)) {
        const char *end = strstr(file->d_name, ".json");
        if (end != NULL) {
            char name[256];
            snprintf(name, sizeof name, "%.*s", (int)(end - file->d_name), file->d_name);
            snprintf(path, sizeof path, "%s/generated/%s", folder, file->d_name);
            play_file(path, name, queue, covered);
        }
    }
    closedir(files);
    for (size_t i = 0; i < OPERATION_COUNT; i++) {
        if (!covered[i]) {
            test_failed(__FILE__, __LINE__, OPERATIONS[i].id, "has no vector");
        }
    }
    free(covered);
    ccm_queue_free(queue);
    printf("%zu operations, %zu calls\n", OPERATION_COUNT, played);
}

TEST_MAIN({"every_vector_matches", every_vector_matches})
