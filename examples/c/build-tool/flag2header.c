/* Reads the default value of a flag in the first environment, and writes it to a header:
 * flag2header KEY HEADER */

#include <configcat_management.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static int failed(ccm_error *error) {
    fprintf(stderr, "flag2header: %s\n", ccm_error_message(error));
    ccm_error_free(error);
    return 1;
}

int main(int argc, char **argv) {
    ccm_client *client = NULL;
    ccm_response *products = NULL, *configs = NULL, *environments = NULL, *flags = NULL, *value = NULL;
    ccm_error *error = NULL;
    if (argc != 3) {
        fprintf(stderr, "usage: flag2header KEY HEADER\n");
        return 2;
    }
    if (ccm_client_new(NULL, &client, &error) != CCM_OK || ccm_products_list(client, NULL, &products, &error) != CCM_OK)
        return failed(error);
    const char *product = ccm_value_string(ccm_value_at(ccm_response_value(products), "[0].product_id"), NULL);
    if (ccm_configs_list(client, product, NULL, &configs, &error) != CCM_OK ||
        ccm_environments_list(client, product, NULL, &environments, &error) != CCM_OK)
        return failed(error);
    const char *config = ccm_value_string(ccm_value_at(ccm_response_value(configs), "[0].config_id"), NULL);
    const char *environment = ccm_value_string(ccm_value_at(ccm_response_value(environments), "[0].environment_id"), NULL);
    if (ccm_settings_list(client, config, NULL, &flags, &error) != CCM_OK)
        return failed(error);

    /* A missing flag is off. */
    bool on = false;
    for (const ccm_value *f = ccm_value_first(ccm_response_value(flags)); f; f = ccm_value_next(f)) {
        if (strcmp(ccm_value_string(ccm_value_get(f, "key"), NULL), argv[1]) == 0) {
            int64_t id = ccm_value_integer(ccm_value_get(f, "setting_id"), 0);
            if (ccm_flag_values_get(client, environment, id, NULL, &value, &error) != CCM_OK)
                return failed(error);
            on = ccm_value_boolean(ccm_value_at(ccm_response_value(value), "default_value.value"), false);
        }
    }
    FILE *header = fopen(argv[2], "w");
    if (header == NULL) {
        perror(argv[2]);
        return 1;
    }
    fputs("#define FEATURE_", header);
    for (const char *c = argv[1]; *c; c++)
        fputc(isalnum((unsigned char)*c) ? toupper((unsigned char)*c) : '_', header);
    fprintf(header, " %d\n", on);
    fclose(header);

    ccm_response_free(products);
    ccm_response_free(configs);
    ccm_response_free(environments);
    ccm_response_free(flags);
    ccm_response_free(value);
    ccm_client_free(client);
    return 0;
}
