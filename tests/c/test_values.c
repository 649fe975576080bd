/* Tests everything that needs no network: documents, values, builders, patches, webhooks, versions. */

#include "testing.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static ccm_document *parse(const char *json) {
    ccm_document *document = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_document_parse(json, CCM_NUL, &document, &error), error);
    return document;
}

static void value_at_finds_values_by_path(void) {
    ccm_document *document = parse("{\"settings\":[{\"key\":\"a\"},{\"key\":\"b\",\"nested\":[[1,2],[3]]}],\"n\":null}");
    const ccm_value *root = ccm_document_value(document);
    CHECK_TEXT(ccm_value_string(ccm_value_at(root, "settings[1].key"), NULL), "b");
    CHECK(ccm_value_integer(ccm_value_at(root, "settings[1].nested[1][0]"), 0) == 3);
    CHECK(ccm_value_at(root, "") == root);
    CHECK(ccm_value_kind(ccm_value_at(root, "n")) == CCM_NULL);
    static const char *const none[] = {"x",          "settings[2]",  "settings[-1]", "settings[+1]", "settings[x]", "settings[",
                                       "settings[]", "settings.key", "[0]",          "settings..",   ".settings",   "settings[0]key",
                                       "settings.",  "settings[99999999999999999999]"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (ccm_value_at(root, none[i]) != NULL) {
            test_failed(__FILE__, __LINE__, none[i], "found a value");
        }
    }
    CHECK(ccm_value_at(root, "\xff\xfe") == NULL);
    ccm_document_free(document);
}

static void absent_and_null_members_differ(void) {
    ccm_document *document = parse("{\"a\":null}");
    const ccm_value *root = ccm_document_value(document);
    CHECK(ccm_value_kind(ccm_value_get(root, "a")) == CCM_NULL);
    CHECK(ccm_value_kind(ccm_value_get(root, "b")) == CCM_ABSENT);
    CHECK(ccm_value_is_null(ccm_value_get(root, "a")) && ccm_value_is_null(NULL));
    ccm_document_free(document);
}

static void number_out_of_range_fails_to_parse(void) {
    ccm_document *document = NULL;
    ccm_error *error = NULL;
    CHECK(ccm_document_parse("[1e400000]", CCM_NUL, &document, &error) == CCM_DECODE);
    CHECK(document == NULL && strstr(ccm_error_message(error), "[0]") != NULL);
    ccm_error_free(error);
}

static void value_kinds_are_distinguished(void) {
    ccm_document *document = parse("[true,-7,1.5,\"t\\u00fc\\ud83d\\udea6\",[],{},9223372036854775807,18446744073709551616]");
    const ccm_value *root = ccm_document_value(document);
    static const ccm_kind kinds[] = {CCM_BOOLEAN, CCM_INTEGER, CCM_NUMBER, CCM_STRING, CCM_LIST, CCM_OBJECT, CCM_INTEGER, CCM_NUMBER};
    CHECK(ccm_value_length(root) == 8);
    size_t i = 0;
    for (const ccm_value *v = ccm_value_first(root); v != NULL; v = ccm_value_next(v), i++) {
        CHECK(ccm_value_kind(v) == kinds[i]);
        CHECK(v == ccm_value_item(root, i));
        CHECK(ccm_value_name(v) == NULL);
        CHECK(ccm_value_boolean(v, true) == true);
        CHECK((ccm_value_integer(v, 42) == 42) == (kinds[i] != CCM_INTEGER));
        CHECK((ccm_value_string(v, NULL) == NULL) == (kinds[i] != CCM_STRING));
    }
    CHECK(i == 8 && ccm_value_item(root, 8) == NULL && ccm_value_item(root, SIZE_MAX) == NULL);
    CHECK_TEXT(ccm_value_string(ccm_value_item(root, 3), NULL), "t\xc3\xbc\xf0\x9f\x9a\xa6");
    CHECK(ccm_value_integer(ccm_value_item(root, 6), 0) == INT64_MAX);
    CHECK(fabs(ccm_value_number(ccm_value_item(root, 1), 0) + 7) < 1e-9);
    ccm_document_free(document);
}

static void string_may_contain_nul(void) {
    ccm_document *document = parse("[\"a\\u0000b\"]");
    size_t length = 0;
    const char *text = ccm_value_string(ccm_value_at(ccm_document_value(document), "[0]"), &length);
    CHECK(length == 3 && memcmp(text, "a\0b", 4) == 0);
    ccm_document_free(document);
}

static void value_json_preserves_source_formatting(void) {
    const char *text = " { \"a\" : [ 1.50 , { \"b\\n\" : \"\\u00e9\" } ] , \"c\":{}} ";
    ccm_document *document = parse(text);
    size_t length = 0;
    const char *json = ccm_value_json(ccm_value_at(ccm_document_value(document), "a[1]"), &length);
    CHECK(length == strlen("{ \"b\\n\" : \"\\u00e9\" }") && memcmp(json, "{ \"b\\n\" : \"\\u00e9\" }", length) == 0);
    json = ccm_value_json(ccm_value_at(ccm_document_value(document), "a[0]"), &length);
    CHECK(length == 4 && memcmp(json, "1.50", 4) == 0);
    json = ccm_value_json(ccm_document_value(document), &length);
    CHECK(length == strlen(text) - 2);
    ccm_document_free(document);
}

static void invalid_json_is_rejected(void) {
    static const char *const bad[] = {"", "{", "[1,]", "nul", "\"a", "{\"a\" 1}", "[1] 2", "\"\xff\"", "NaN", "[Infinity]", "-", "01", "\"\\ud800\"", "{'a':1}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ccm_document *document = NULL;
        ccm_error *error = NULL;
        if (ccm_document_parse(bad[i], CCM_NUL, &document, &error) != CCM_DECODE || document != NULL) {
            test_failed(__FILE__, __LINE__, bad[i], "was parsed");
        }
        CHECK(ccm_error_status(error) == CCM_DECODE && strlen(ccm_error_message(error)) > 10);
        ccm_error_free(error);
    }
    char deep[2001];
    memset(deep, '[', 1000);
    memset(deep + 1000, ']', 1000);
    deep[2000] = 0;
    ccm_document *document = NULL;
    CHECK(ccm_document_parse(deep, CCM_NUL, &document, NULL) == CCM_DECODE);
}

static void builder_writes_every_type(void) {
    ccm_builder *b = ccm_builder_new();
    ccm_timestamp timestamp = {.seconds = 1700000000, .nanoseconds = 123456700};
    ccm_builder_string(b, "name", "a \"b\" \\ \n");
    ccm_builder_null(b, "hint");
    ccm_builder_begin_list(b, "tags");
    ccm_builder_integer(b, NULL, -3);
    ccm_builder_number(b, NULL, 2);
    ccm_builder_boolean(b, NULL, true);
    ccm_builder_end(b);
    ccm_builder_begin_object(b, "inner");
    ccm_builder_timestamp(b, "at", timestamp);
    ccm_builder_json(b, "raw", "[1, 2]xyz", 6);
    ccm_builder_string_n(b, "part", "abcdef", 3);
    const char *json = NULL;
    size_t length = 0;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_builder_finish(b, &json, &length, &error), error);
    CHECK_TEXT(json, "{\"name\":\"a \\\"b\\\" \\\\ \\n\",\"hint\":null,\"tags\":[-3,2.0,true],\"inner\":{\"at\":"
                     "\"2023-11-14T22:13:20.1234567Z\",\"raw\":[1, 2],\"part\":\"abc\"}}");
    CHECK(length == strlen(json));
    const char *again = NULL;
    CHECK_STATUS(CCM_OK, ccm_builder_finish(b, &again, NULL, &error), error);
    CHECK_TEXT(again, json);
    ccm_builder_free(b);
}

static void expect_problem(ccm_builder *b, const char *what) {
    const char *json = "";
    ccm_error *error = NULL;
    CHECK(ccm_builder_finish(b, &json, NULL, &error) == CCM_MISUSE && json == NULL);
    if (strstr(ccm_error_message(error), what) == NULL) {
        test_failed(__FILE__, __LINE__, what, ccm_error_message(error));
    }
    ccm_error_free(error);
    ccm_builder_free(b);
}

static void builder_reports_first_problem(void) {
    ccm_builder *b = ccm_builder_new();
    CHECK(ccm_builder_string(b, NULL, "x") == CCM_MISUSE);
    CHECK(ccm_builder_string(b, "fine", "x") == CCM_MISUSE);
    expect_problem(b, "needs a name");
    b = ccm_builder_new_list();
    ccm_builder_string(b, "name", "x");
    expect_problem(b, "has no name");
    b = ccm_builder_new();
    ccm_builder_number(b, "n", NAN);
    expect_problem(b, "NaN");
    b = ccm_builder_new();
    ccm_builder_string(b, "n", "\xff");
    expect_problem(b, "UTF-8");
    b = ccm_builder_new();
    ccm_builder_string(b, "n", NULL);
    expect_problem(b, "value is NULL");
    b = ccm_builder_new();
    ccm_builder_json(b, "n", "{", CCM_NUL);
    expect_problem(b, "not JSON");
    b = ccm_builder_new();
    ccm_builder_string_n(b, "n", "x", SIZE_MAX / 2 + 2);
    expect_problem(b, "cannot be");
    b = ccm_builder_new();
    ccm_builder_end(b);
    ccm_builder_end(b);
    expect_problem(b, "no list or object is open");
    b = ccm_builder_new();
    for (int i = 0; i < 200; i++) {
        ccm_builder_begin_object(b, "deeper");
    }
    expect_problem(b, "deep");
    b = ccm_builder_new();
    ccm_builder_timestamp(b, "t", (ccm_timestamp){.seconds = INT64_MAX, .nanoseconds = 0});
    expect_problem(b, "timestamp");
}

static void patch_diff_is_minimal(void) {
    ccm_document *patch = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_patch_diff("{\"a\":1,\"b\":2}", CCM_NUL, "{\"a\":1,\"b\":3}", CCM_NUL, &patch, &error), error);
    const ccm_value *root = ccm_document_value(patch);
    CHECK(ccm_value_length(root) == 1);
    CHECK_TEXT(ccm_value_string(ccm_value_at(root, "[0].op"), NULL), "replace");
    CHECK_TEXT(ccm_value_string(ccm_value_at(root, "[0].path"), NULL), "/b");
    ccm_document_free(patch);
    CHECK_STATUS(CCM_OK, ccm_patch_diff("[1]", CCM_NUL, "[1]", CCM_NUL, &patch, &error), error);
    CHECK(ccm_value_length(ccm_document_value(patch)) == 0);
    ccm_document_free(patch);
    CHECK(ccm_patch_diff("{", CCM_NUL, "{}", CCM_NUL, &patch, &error) == CCM_BAD_REQUEST && patch == NULL);
    CHECK(strstr(ccm_error_message(error), "before") != NULL);
    ccm_error_free(error);
}

static void webhook_signature_is_verified(void) {
    /* base64(HMAC-SHA-256("configcat_whsk_test", ID "1669629035" "{}")) by Python's hmac. */
    static const char *const ID = "b616ca659d154a5fb907dd8475792eeb";
    static const char *const TIME = "1669629035";
    static const char *const keys[] = {"other", "configcat_whsk_test"};
    const char *signature =
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,x+1hmlf5BgAD/Xgmx4IkWMQKdG2GEL/GQW3c86cfqM8=";
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_webhook_verify(keys, 2, ID, TIME, signature, "{}", CCM_NUL, -1, false, &error), error);
    CHECK(ccm_webhook_verify(keys, 2, ID, TIME, signature, "{} ", CCM_NUL, -1, false, &error) == CCM_AUTHENTICATION);
    CHECK(strstr(ccm_error_message(error), "no signature matches") != NULL);
    ccm_error_free(error);
    CHECK(ccm_webhook_verify(keys, 1, ID, TIME, signature, "{}", CCM_NUL, -1, false, NULL) == CCM_AUTHENTICATION);
    CHECK(ccm_webhook_verify(keys, 2, ID, TIME, signature, "{}", CCM_NUL, 300, false, &error) == CCM_AUTHENTICATION);
    CHECK(strstr(ccm_error_message(error), "tolerance") != NULL);
    ccm_error_free(error);
    CHECK(ccm_webhook_verify(keys, 2, "id-1", TIME, signature, "{}", CCM_NUL, -1, false, &error) == CCM_AUTHENTICATION);
    CHECK(strstr(ccm_error_message(error), "not \"id-1\"") != NULL);
    ccm_error_free(error);
    CHECK(ccm_webhook_verify(keys, 2, "id-1", TIME, "JzeoAX6K6P7je6X8Q1qOAvXcwyE+BeuQB8jya9skAE0=", "{}", CCM_NUL,
                             -1, true, NULL) == CCM_OK);
    CHECK(ccm_webhook_verify(keys, 0, ID, TIME, signature, "{}", CCM_NUL, -1, false, NULL) == CCM_AUTHENTICATION);
    CHECK(ccm_webhook_verify(NULL, 1, ID, TIME, signature, "{}", CCM_NUL, -1, false, NULL) == CCM_MISUSE);
    CHECK(ccm_webhook_verify(keys, SIZE_MAX, ID, TIME, signature, "{}", CCM_NUL, -1, false, NULL) == CCM_MISUSE);
    CHECK(ccm_webhook_verify(keys, 2, ID, TIME, signature, "{}", CCM_NUL, -2, false, &error) == CCM_MISUSE);
    CHECK(strstr(ccm_error_message(error), "not -2") != NULL);
    ccm_error_free(error);
}

static const char *header(const ccm_document *headers, const char *name) {
    return ccm_value_string(ccm_value_get(ccm_document_value(headers), name), NULL);
}

static void webhook_headers_are_signed(void) {
    static const char *const keys[] = {"configcat_whsk_one", "configcat_whsk_two"};
    static const char *const ID = "X-ConfigCat-Webhook-ID";
    static const char *const TIME = "X-ConfigCat-Webhook-Timestamp";
    static const char *const SIGNATURE = "X-ConfigCat-Webhook-Signature-V1";
    ccm_document *headers = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_webhook_signed_headers(keys, 2, NULL, -1, "{\"a\":1}", CCM_NUL, &headers, &error), error);
    CHECK(ccm_value_length(ccm_document_value(headers)) == 3);
    for (size_t i = 0; i < 2; i++)
        CHECK_STATUS(CCM_OK,
                     ccm_webhook_verify(&keys[i], 1, header(headers, ID), header(headers, TIME), header(headers, SIGNATURE),
                                        "{\"a\":1}", CCM_NUL, 300, false, &error),
                     error);
    CHECK(ccm_webhook_verify(keys, 1, header(headers, ID), header(headers, TIME), header(headers, SIGNATURE), "{}", CCM_NUL,
                             300, false, NULL) == CCM_AUTHENTICATION);
    ccm_document_free(headers);

    /* The signature of webhook_signature_is_verified(). */
    static const char *const known[] = {"configcat_whsk_test"};
    static const char *const id = "b616ca659d154a5fb907dd8475792eeb";
    CHECK_STATUS(CCM_OK, ccm_webhook_signed_headers(known, 1, id, 1669629035, "{}", 2, &headers, &error), error);
    CHECK_TEXT(header(headers, ID), id);
    CHECK_TEXT(header(headers, TIME), "1669629035");
    CHECK_TEXT(header(headers, SIGNATURE), "x+1hmlf5BgAD/Xgmx4IkWMQKdG2GEL/GQW3c86cfqM8=");
    ccm_document_free(headers);

    CHECK(ccm_webhook_signed_headers(known, 0, NULL, -1, "{}", 2, &headers, &error) == CCM_MISUSE && headers == NULL);
    CHECK(strstr(ccm_error_message(error), "signing key") != NULL);
    ccm_error_free(error);
    CHECK(ccm_webhook_signed_headers(known, 1, NULL, -2, "{}", 2, &headers, NULL) == CCM_MISUSE);
    CHECK(ccm_webhook_signed_headers(known, 1, NULL, -1, "{}", 2, NULL, NULL) == CCM_MISUSE);
}

static void describe_lists_every_operation(void) {
    ccm_document *document = NULL;
    ccm_error *error = NULL;
    CHECK_STATUS(CCM_OK, ccm_describe(NULL, &document, &error), error);
    CHECK(ccm_value_length(ccm_document_value(document)) > 100);
    ccm_document_free(document);
    CHECK_STATUS(CCM_OK, ccm_describe("flag_values.replace", &document, &error), error);
    const ccm_value *op = ccm_document_value(document);
    CHECK_TEXT(ccm_value_string(ccm_value_get(op, "http_method"), NULL), "PUT");
    CHECK_TEXT(ccm_value_string(ccm_value_at(op, "parameters[0].name"), NULL), "environment_id");
    CHECK_TEXT(ccm_value_string(ccm_value_at(op, "parameters[0].type.kind"), NULL), "uuid");
    CHECK_TEXT(ccm_value_string(ccm_value_at(op, "body.kind"), NULL), "object");
    CHECK(ccm_value_boolean(ccm_value_get(op, "paged"), true) == false);
    ccm_document_free(document);
    CHECK(ccm_describe("flags.fly", &document, &error) == CCM_BAD_REQUEST && document == NULL);
    CHECK(strstr(ccm_error_message(error), "flags.fly") != NULL);
    ccm_error_free(error);
}

static void check_version_compares_header_and_library(void) {
    CHECK(ccm_check_version(CCM_VERSION_NUMBER) == CCM_OK);
    CHECK(ccm_check_version(CCM_VERSION_NUMBER + 100) == CCM_MISUSE);
    CHECK_TEXT(ccm_version(), CCM_VERSION);
    CHECK_TEXT(ccm_status_name(CCM_NOT_FOUND), "not_found");
    CHECK_TEXT(ccm_status_name(99), "unknown");
    CHECK_TEXT(ccm_status_name(-1), "unknown");
}

static void null_arguments_do_not_crash(void) {
    ccm_error *error = NULL;
    CHECK(ccm_document_parse(NULL, 0, NULL, &error) == CCM_MISUSE);
    ccm_error_free(error);
    ccm_document *document = NULL;
    CHECK(ccm_document_parse(NULL, 5, &document, &error) == CCM_MISUSE);
    CHECK(strstr(ccm_error_message(error), "NULL") != NULL);
    ccm_error_free(error);
    CHECK(ccm_document_parse("x", SIZE_MAX - 1, &document, &error) == CCM_MISUSE);
    ccm_error_free(error);
    ccm_response *response = NULL;
    CHECK(ccm_products_list(NULL, NULL, &response, &error) == CCM_MISUSE && response == NULL);
    CHECK_TEXT(ccm_error_message(error), "ccm_client is NULL");
    ccm_error_free(error);
    CHECK(ccm_client_new(NULL, NULL, &error) == CCM_MISUSE);
    ccm_error_free(error);
    CHECK(ccm_products_list(NULL, NULL, NULL, NULL) == CCM_MISUSE);
    CHECK(ccm_options_set_base_url(NULL, "x") == CCM_MISUSE);
    CHECK(ccm_params_set_reason(NULL, "x") == CCM_MISUSE);
    CHECK(ccm_builder_null(NULL, "x") == CCM_MISUSE);
    CHECK(ccm_client_retain(NULL) == NULL);
    CHECK(ccm_queue_fd(NULL) == -1 && ccm_queue_dispatch(NULL, 0, 0) == 0);
    CHECK(ccm_pending_cancel(NULL) == CCM_MISUSE && ccm_pending_wait(NULL, 0) == CCM_MISUSE);
    CHECK(ccm_client_rate_limit(NULL, NULL, 0) == CCM_MISUSE && ccm_client_usage(NULL, NULL, 0) == CCM_MISUSE);
    CHECK(ccm_error_status(NULL) == CCM_MISUSE);
    CHECK_TEXT(ccm_error_message(NULL), "");
    CHECK(ccm_error_body(NULL, NULL) == NULL && ccm_error_field_name(NULL, 0) == NULL);
    CHECK(ccm_response_value(NULL) == NULL && ccm_response_header(NULL, "x") == NULL && ccm_response_body(NULL, NULL) == NULL);
    CHECK(ccm_value_kind(NULL) == CCM_ABSENT && ccm_value_get(NULL, "x") == NULL && ccm_value_first(NULL) == NULL);
    CHECK(ccm_value_next(NULL) == NULL && ccm_value_json(NULL, NULL) == NULL && ccm_value_length(NULL) == 0);
    CHECK(!ccm_value_timestamp(NULL, NULL));
    ccm_error_free(NULL);
    ccm_client_free(NULL);
    ccm_options_free(NULL);
    ccm_params_free(NULL);
    ccm_response_free(NULL);
    ccm_document_free(NULL);
    ccm_builder_free(NULL);
    ccm_queue_free(NULL);
    ccm_pending_free(NULL);
    ccm_pages_free(NULL);
    ccm_simulator_stop(NULL);
    ccm_simulator_free_string(NULL);
}

static void handle_of_wrong_type_is_rejected(void) {
    ccm_builder *builder = ccm_builder_new();
    ccm_error *error = NULL;
    ccm_response *response = NULL;
    CHECK(ccm_products_list((const ccm_client *)(const void *)builder, NULL, &response, &error) == CCM_MISUSE);
    CHECK(strstr(ccm_error_message(error), "not a ccm_client") != NULL);
    ccm_error_free(error);
    ccm_client_free((ccm_client *)(void *)builder);
    CHECK(ccm_products_list((const ccm_client *)(const void *)((const char *)builder + 1), NULL, NULL, NULL) == CCM_MISUSE);
    CHECK(ccm_builder_null(builder, "x") == CCM_OK);
    ccm_builder_free(builder);
}

static void client_new_reports_first_options_problem(void) {
    ccm_options *options = ccm_options_new();
    CHECK(ccm_options_set_credentials(options, "user", "pass") == CCM_OK);
    CHECK(ccm_options_set_rate_limit_policy(options, 7) == CCM_MISUSE);
    CHECK(ccm_options_set_max_attempts(options, 0) == CCM_MISUSE);
    ccm_client *client = NULL;
    ccm_error *error = NULL;
    CHECK(ccm_client_new(options, &client, &error) == CCM_MISUSE && client == NULL);
    CHECK(strstr(ccm_error_message(error), "policy 7") != NULL);
    ccm_error_free(error);
    ccm_options_free(options);

    options = ccm_options_new();
    ccm_options_set_credentials(options, "user", "pass");
    ccm_options_set_base_url(options, "http://example.com");
    CHECK(ccm_client_new(options, &client, &error) == CCM_CONFIGURATION && client == NULL);
    CHECK(strstr(ccm_error_message(error), "unencrypted") != NULL && strstr(ccm_error_message(error), "pass") == NULL);
    ccm_error_free(error);
    CHECK(ccm_options_add_root_certificate(options, "no certificate", CCM_NUL) == CCM_OK);
    ccm_options_set_allow_http(options, true);
    CHECK(ccm_client_new(options, &client, &error) == CCM_CONFIGURATION);
    CHECK(strstr(ccm_error_message(error), "root_certificate") != NULL);
    ccm_error_free(error);
    ccm_options_free(options);
}

TEST_MAIN({"value_at_finds_values_by_path", value_at_finds_values_by_path}, {"absent_and_null_members_differ", absent_and_null_members_differ},
          {"value_kinds_are_distinguished", value_kinds_are_distinguished},
          {"number_out_of_range_fails_to_parse", number_out_of_range_fails_to_parse},
          {"string_may_contain_nul", string_may_contain_nul},
          {"value_json_preserves_source_formatting", value_json_preserves_source_formatting},
          {"invalid_json_is_rejected", invalid_json_is_rejected},
          {"builder_writes_every_type", builder_writes_every_type},
          {"builder_reports_first_problem", builder_reports_first_problem},
          {"patch_diff_is_minimal", patch_diff_is_minimal}, {"webhook_signature_is_verified", webhook_signature_is_verified},
          {"webhook_headers_are_signed", webhook_headers_are_signed},
          {"describe_lists_every_operation", describe_lists_every_operation},
          {"check_version_compares_header_and_library", check_version_compares_header_and_library},
          {"null_arguments_do_not_crash", null_arguments_do_not_crash},
          {"handle_of_wrong_type_is_rejected", handle_of_wrong_type_is_rejected},
          {"client_new_reports_first_options_problem", client_new_reports_first_options_problem})
