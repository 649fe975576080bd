/* Creates a flag in the first config, switches it on in every environment, and lists the flags. */

#include <configcat_management.h>
#include <stdio.h>

static int failed(ccm_error *error) {
    fprintf(stderr, "%s\n", ccm_error_message(error));
    ccm_error_free(error);
    return 1;
}

int main(void) {
    ccm_client *client = NULL;
    ccm_response *products = NULL, *configs = NULL, *environments = NULL, *flag = NULL, *flags = NULL;
    ccm_error *error = NULL;

    /* CONFIGCAT_API_USER and CONFIGCAT_API_PASS */
    if (ccm_client_new(NULL, &client, &error) != CCM_OK || ccm_products_list(client, NULL, &products, &error) != CCM_OK)
        return failed(error);
    const char *product = ccm_value_string(ccm_value_at(ccm_response_value(products), "[0].product_id"), NULL);

    if (ccm_configs_list(client, product, NULL, &configs, &error) != CCM_OK ||
        ccm_environments_list(client, product, NULL, &environments, &error) != CCM_OK)
        return failed(error);
    const char *config = ccm_value_string(ccm_value_at(ccm_response_value(configs), "[0].config_id"), NULL);

    const char *body = "{\"key\": \"newBanner\", \"name\": \"New banner\", \"setting_type\": \"boolean\"}";
    if (ccm_settings_create(client, config, body, CCM_NUL, NULL, &flag, &error) != CCM_OK)
        return failed(error);
    int64_t id = ccm_value_integer(ccm_value_get(ccm_response_value(flag), "setting_id"), 0);

    ccm_params *params = ccm_params_new();
    ccm_params_set_reason(params, "Launch");
    for (const ccm_value *e = ccm_value_first(ccm_response_value(environments)); e; e = ccm_value_next(e)) {
        const char *environment = ccm_value_string(ccm_value_get(e, "environment_id"), NULL);
        if (ccm_flag_values_replace(client, environment, id, "{\"default_value\": true}", CCM_NUL, params, NULL, &error) != CCM_OK)
            return failed(error);
    }

    if (ccm_settings_list(client, config, NULL, &flags, &error) != CCM_OK)
        return failed(error);
    for (const ccm_value *f = ccm_value_first(ccm_response_value(flags)); f; f = ccm_value_next(f))
        printf("%s: %s\n", ccm_value_string(ccm_value_get(f, "key"), NULL), ccm_value_string(ccm_value_get(f, "name"), NULL));

    ccm_params_free(params);
    ccm_response_free(products);
    ccm_response_free(configs);
    ccm_response_free(environments);
    ccm_response_free(flag);
    ccm_response_free(flags);
    ccm_client_free(client);
    return 0;
}
