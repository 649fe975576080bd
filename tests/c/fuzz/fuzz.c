/* Fuzz target of the C library: the first byte selects the entry point, the rest is its input. Nothing may crash, hang or leak,
 * and the parsed values must be consistent. Built by `cargo xtask fuzz` with clang's libFuzzer. */

#include <configcat_management.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void demand(bool holds) {
    if (!holds) {
        abort();
    }
}

/* Reads every value with every accessor. Checks that the children are linked, and that their JSON is within that of the
 * parent. */
static size_t walk(const ccm_value *value, int depth) {
    size_t length = 0;
    const char *json = ccm_value_json(value, &length);
    demand(json != NULL && depth < 200);
    size_t text_length = 0;
    const char *text = ccm_value_string(value, &text_length);
    demand(text == NULL || (text[text_length] == 0 && strlen(text) <= text_length));
    ccm_timestamp timestamp;
    if (ccm_value_timestamp(value, &timestamp)) {
        demand(timestamp.nanoseconds < 1000000000);
    }
    (void)ccm_value_boolean(value, false);
    (void)ccm_value_integer(value, 0);
    (void)ccm_value_number(value, 0);
    size_t count = 0;
    for (const ccm_value *child = ccm_value_first(value); child != NULL; child = ccm_value_next(child)) {
        demand(child == ccm_value_item(value, count++));
        size_t inner = 0;
        const char *part = ccm_value_json(child, &inner);
        demand(part >= json && part + inner <= json + length);
        const char *name = ccm_value_name(child);
        demand((name != NULL) == (ccm_value_kind(value) == CCM_OBJECT));
        if (name != NULL) {
            demand(ccm_value_get(value, name) != NULL);
        }
        walk(child, depth + 1);
    }
    demand(count == ccm_value_length(value));
    return count;
}

static void documents(const char *data, size_t size) {
    ccm_document *document = NULL;
    if (ccm_document_parse(data, size, &document, NULL) == CCM_OK) {
        const ccm_value *root = ccm_document_value(document);
        walk(root, 0);
        /* The builder's output for a parsed value must be parseable. */
        ccm_builder *builder = ccm_builder_new_list();
        const char *json = NULL;
        size_t length = 0;
        demand(ccm_builder_value(builder, NULL, root) == CCM_OK);
        demand(ccm_builder_finish(builder, &json, &length, NULL) == CCM_OK);
        ccm_document *again = NULL;
        demand(ccm_document_parse(json, length, &again, NULL) == CCM_OK);
        ccm_document_free(again);
        ccm_builder_free(builder);
    }
    ccm_document_free(document);
}

static void paths(const char *text) {
    static ccm_document *document;
    if (document == NULL) {
        demand(ccm_describe("flag_values.replace", &document, NULL) == CCM_OK);
    }
    const ccm_value *found = ccm_value_at(ccm_document_value(document), text);
    (void)ccm_value_kind(found);
    ccm_document *described = NULL;
    (void)ccm_describe(text, &described, NULL);
    ccm_document_free(described);
}

/* Returns a client whose server is unreachable: valid input leads to a connection error. */
static ccm_client *client(void) {
    static ccm_client *made;
    if (made == NULL) {
        ccm_options *options = ccm_options_new();
        ccm_options_set_credentials(options, "user", "pass");
        ccm_options_set_base_url(options, "http://127.0.0.1:1");
        ccm_options_set_max_attempts(options, 1);
        ccm_options_set_timeout_ms(options, 200);
        demand(ccm_client_new(options, &made, NULL) == CCM_OK);
        ccm_options_free(options);
    }
    return made;
}

static void bodies(const char *data, size_t size) {
    ccm_error *error = NULL;
    ccm_response *response = NULL;
    ccm_status status = ccm_flag_values_replace(client(), "00000000-0000-4000-8000-000000000001", 1, data, size, NULL, &response, &error);
    demand(status != CCM_OK && status != CCM_INTERNAL && response == NULL && strlen(ccm_error_message(error)) > 0);
    for (size_t i = 0; i < ccm_error_field_count(error); i++) {
        demand(ccm_error_field_name(error, i) != NULL && ccm_error_field_message(error, i) != NULL);
    }
    ccm_error_free(error);
    error = NULL;
    status = ccm_call(client(), "settings.create", data, size, NULL, NULL, &error);
    demand(status != CCM_OK && status != CCM_INTERNAL);
    ccm_error_free(error);
}

static void options(const char *text) {
    ccm_options *o = ccm_options_new();
    ccm_client *made = NULL;
    ccm_error *error = NULL;
    ccm_options_set_credentials(o, text, text);
    ccm_options_set_base_url(o, text);
    ccm_options_set_caller_id(o, text);
    ccm_options_set_user_agent(o, text);
    ccm_options_set_proxy(o, text);
    ccm_options_add_root_certificate(o, text, CCM_NUL);
    ccm_status status = ccm_client_new(o, &made, &error);
    demand((status == CCM_OK) == (made != NULL) && status != CCM_INTERNAL);
    ccm_error_free(error);
    ccm_client_free(made);
    ccm_options_free(o);
}

static void webhooks(const char *text, const char *data, size_t size) {
    static const char *const keys[] = {"configcat_whsk_a", "configcat_whsk_b"};
    ccm_error *error = NULL;
    ccm_status status = ccm_webhook_verify(keys, 2, text, text, text, data, size, -1, true, &error);
    demand(status == CCM_AUTHENTICATION || status == CCM_MISUSE);
    ccm_error_free(error);
    (void)ccm_webhook_verify(keys, 2, "b616ca659d154a5fb907dd8475792eeb", "1669629035", text, data, size, 300, false, NULL);
}

static void patches(const char *data, size_t size) {
    size_t half = size / 2;
    ccm_document *patch = NULL;
    if (ccm_patch_diff(data, half, data + half, size - half, &patch, NULL) == CCM_OK) {
        walk(ccm_document_value(patch), 0);
    }
    ccm_document_free(patch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    const char *rest = (const char *)data + 1;
    size--;
    char *text = malloc(size + 1);
    demand(text != NULL);
    memcpy(text, rest, size);
    text[size] = 0;
    switch (data[0] % 8) {
    case 0:
    case 1:
        documents(rest, size);
        break;
    case 2:
        paths(text);
        break;
    case 3:
        bodies(rest, size);
        break;
    case 4:
        options(text);
        break;
    case 5:
        webhooks(text, rest, size);
        break;
    case 6:
        patches(rest, size);
        break;
    default: {
        ccm_builder *builder = ccm_builder_new();
        const char *json = NULL;
        ccm_builder_string_n(builder, text, rest, size);
        ccm_builder_json(builder, "json", rest, size);
        (void)ccm_builder_finish(builder, &json, NULL, NULL);
        ccm_builder_free(builder);
    }
    }
    free(text);
    return 0;
}
