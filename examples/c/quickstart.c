/* Creates a product with an environment, a config and a flag, switches the flag on, and lists the flags of the config. */

#include <configcat_management.h>
#include <stdio.h>

static int failed(ccm_error *error) {
    fprintf(stderr, "%s\n", ccm_error_message(error));
    ccm_error_free(error);
    return 1;
}

static const char *string_at(const ccm_response *response, const char *path) {
    return ccm_value_string(ccm_value_at(ccm_response_value(response), path), NULL);
}

int main(void) {
    ccm_client *client = NULL;
    ccm_response *organizations = NULL, *product = NULL, *environment = NULL, *config = NULL, *flag = NULL, *flags = NULL;
    ccm_error *error = NULL;

    /* CONFIGCAT_API_USER and CONFIGCAT_API_PASS */
    if (ccm_client_new(NULL, &client, &error) != CCM_OK || ccm_organizations_list(client, NULL, &organizations, &error) != CCM_OK)
        return failed(error);
    const char *organization_id = string_at(organizations, "[0].organization_id");

    if (ccm_products_create(client, organization_id, "{\"name\": \"Web shop\"}", CCM_NUL, NULL, &product, &error) != CCM_OK)
        return failed(error);
    const char *product_id = string_at(product, "product_id");

    const char *main_config = "{\"name\": \"Main\", \"evaluation_version\": \"v2\"}";
    if (ccm_environments_create(client, product_id, "{\"name\": \"Production\"}", CCM_NUL, NULL, &environment, &error) != CCM_OK ||
        ccm_configs_create(client, product_id, main_config, CCM_NUL, NULL, &config, &error) != CCM_OK)
        return failed(error);
    const char *environment_id = string_at(environment, "environment_id");
    const char *config_id = string_at(config, "config_id");

    const char *checkout = "{\"key\": \"newCheckout\", \"name\": \"New checkout\", \"setting_type\": \"boolean\"}";
    if (ccm_settings_create(client, config_id, checkout, CCM_NUL, NULL, &flag, &error) != CCM_OK)
        return failed(error);
    int64_t setting_id = ccm_value_integer(ccm_value_get(ccm_response_value(flag), "setting_id"), 0);

    ccm_params *params = ccm_params_new();
    ccm_params_set_reason(params, "Launch");
    const char *on = "{\"default_value\": true}";
    if (ccm_flag_values_replace(client, environment_id, setting_id, on, CCM_NUL, params, NULL, &error) != CCM_OK ||
        ccm_settings_list(client, config_id, NULL, &flags, &error) != CCM_OK)
        return failed(error);
    for (const ccm_value *f = ccm_value_first(ccm_response_value(flags)); f; f = ccm_value_next(f))
        printf("%s: %s\n", ccm_value_string(ccm_value_get(f, "key"), NULL), ccm_value_string(ccm_value_get(f, "name"), NULL));

    ccm_params_free(params);
    ccm_response_free(organizations);
    ccm_response_free(product);
    ccm_response_free(environment);
    ccm_response_free(config);
    ccm_response_free(flag);
    ccm_response_free(flags);
    ccm_client_free(client);
    return 0;
}
