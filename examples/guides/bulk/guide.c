/* Creates many tags at once. One of them fails. */

/* docs: guide */
#include <configcat_management.h>
#include <stdio.h>

int main(void) {
    ccm_client *client = NULL;
    ccm_response *product = NULL;
    ccm_error *error = NULL;
    if (ccm_client_new(NULL, &client, &error) != CCM_OK ||
        ccm_products_find(client, "Web Shop", NULL, &product, &error)) {
        fprintf(stderr, "%s\n", ccm_error_message(error));
        ccm_error_free(error);
        return 1;
    }
    const ccm_value *found = ccm_response_value(product);
    const char *id = ccm_value_string(ccm_value_get(found, "product_id"), NULL);

    ccm_bulk *bulk = ccm_bulk_new();
    for (int i = 0; i <= 20; i++) {
        char name[16] = "", arguments[128];
        if (i < 20) snprintf(name, sizeof name, "team-%d", i);
        snprintf(arguments, sizeof arguments,
                 "{\"product_id\": \"%s\", \"name\": \"%s\"}", id, name);
        ccm_bulk_add(bulk, client, "tags.create", arguments, CCM_NUL, NULL,
                     NULL);
    }
    ccm_bulk_run(bulk, NULL);
    int created = 0;
    for (size_t i = 0; i < ccm_bulk_count(bulk); i++) {
        if (ccm_bulk_take(bulk, i, NULL, &error) == CCM_OK) {
            created++;
            continue;
        }
        printf("number %zu failed, attempts: %u\n", i,
               (unsigned)ccm_error_attempts(error));
        ccm_error_free(error);
    }
    printf("%d tags created\n", created);
    ccm_bulk_free(bulk);
    ccm_response_free(product);
    ccm_client_free(client);
    return 0;
}
/* docs: end */
