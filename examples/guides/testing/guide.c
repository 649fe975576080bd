/* Tests code against a simulator in its own process. */

/* docs: guide */
#include <configcat_management.h>
#include <configcat_management_simulator.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The code under test. */
static bool rename_product(const ccm_client *client) {
    ccm_response *product = NULL;
    if (ccm_products_find(client, "Web Shop", NULL, &product, NULL) != CCM_OK)
        return false;
    const ccm_value *found = ccm_response_value(product);
    const char *id = ccm_value_string(ccm_value_get(found, "product_id"), NULL);
    ccm_status status = ccm_products_update(client, id, "{\"name\": \"Shop\"}",
                                            CCM_NUL, NULL, NULL, NULL);
    ccm_response_free(product);
    return status == CCM_OK;
}

int main(void) {
    ccm_simulator_options seeded = {.size = sizeof seeded, .seed = "demo"};
    ccm_simulator *simulator = NULL;
    ccm_client *client = NULL;
    char *count = NULL;
    if (!ccm_simulator_start(&seeded, &simulator, NULL)) return 1;
    ccm_options *options = ccm_options_new();
    ccm_options_set_base_url(options, ccm_simulator_url(simulator));
    ccm_options_set_credentials(options, ccm_simulator_username(simulator),
                                ccm_simulator_password(simulator));
    ccm_client_new(options, &client, NULL);

    const char *fault = "{\"operation\": \"products.update\", "
                        "\"status\": 503, \"times\": 1}";
    ccm_simulator_admin(simulator, "POST", "/faults", fault, NULL);
    bool renamed = rename_product(client);
    const char *path = "/journal/count?operation=products.update";
    ccm_simulator_admin(simulator, "GET", path, NULL, &count);
    bool tried_twice = strstr(count, "\"count\":2") != NULL;
    if (renamed && tried_twice) puts("renamed after 2 requests");

    ccm_simulator_free_string(count);
    ccm_client_free(client);
    ccm_options_free(options);
    ccm_simulator_stop(simulator);
    return renamed && tried_twice ? 0 : 1;
}
/* docs: end */
