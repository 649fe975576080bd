/* Changes a flag with rules and a percentage. */

#include <configcat_management.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static ccm_error *error;

static void check(ccm_status status) {
    if (status == CCM_OK) return;
    fprintf(stderr, "%s\n", ccm_error_message(error));
    exit(1);
}

static const char *text(const ccm_response *response, const char *name) {
    const ccm_value *value = ccm_response_value(response);
    return ccm_value_string(ccm_value_get(value, name), NULL);
}

/* docs: guide */
static const char *staff =
    "{\"conditions\": [{\"user_condition\": {"
    "\"comparison_attribute\": \"Email\", "
    "\"comparator\": \"textEndsWithAnyOf\", \"comparison_value\": "
    "{\"list_value\": [{\"value\": \"@shop.example\"}]}}}], "
    "\"value\": true}";

/* `check` prints ccm_error_message(error) and exits; `text` reads a member. */
int main(void) {
    ccm_client *client;
    ccm_response *product, *environment, *config, *flag, *state;
    check(ccm_client_new(NULL, &client, &error));
    check(ccm_products_find(client, "Web Shop", NULL, &product, &error));
    const char *id = text(product, "product_id");
    check(ccm_environments_find(client, id, "Test", NULL, &environment,
                                &error));
    check(ccm_configs_find(client, id, "Storefront", NULL, &config, &error));
    check(ccm_settings_find(client, text(config, "config_id"), "newCheckout",
                            NULL, &flag, &error));
    const ccm_value *found = ccm_response_value(flag);
    int64_t setting = ccm_value_integer(ccm_value_get(found, "setting_id"), 0);

    char arguments[160];
    snprintf(arguments, sizeof arguments,
             "{\"environment_id\": \"%s\", \"setting_id\": %" PRId64
             ", \"reason\": \"Start the rollout\"}",
             text(environment, "environment_id"), setting);
    ccm_edit *edit;
    check(ccm_edit_begin(client, "flag_values.edit", arguments, CCM_NUL, NULL,
                         &edit, &error));
    check(ccm_edit_turn_off(edit, &error)); /* for everybody else */
    check(ccm_edit_set(edit, "/targeting_rules/-", staff, CCM_NUL, &error));
    check(ccm_edit_set_percentage(edit, 20, &error)); /* of those */
    check(ccm_edit_commit(edit, &state, &error));

    const ccm_value *value = ccm_response_value(state);
    const ccm_value *rules = ccm_value_get(value, "targeting_rules");
    const ccm_value *share = ccm_value_at(
        value, "targeting_rules[1].percentage_options[0].percentage");
    printf("rules: %zu\n", ccm_value_length(rules));
    printf("percentage: %" PRId64 "\n", ccm_value_integer(share, 0));
    /* docs: end */
    ccm_edit_free(edit);
    ccm_response_free(state);
    ccm_response_free(flag);
    ccm_response_free(config);
    ccm_response_free(environment);
    ccm_response_free(product);
    ccm_client_free(client);
    return 0;
}
