/* Handles errors by their status. */

/* docs: guide */
#include <configcat_management.h>
#include <stdio.h>

static const char *unknown = "30000000-0000-4000-8000-00000000ffff";

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

    ccm_status status = ccm_tags_create(client, id, "{\"name\": \"\"}", CCM_NUL,
                                        NULL, NULL, &error);
    if (status == CCM_BAD_REQUEST) {
        for (size_t i = 0; i < ccm_error_field_count(error); i++)
            printf("%s: %s\n", ccm_error_field_name(error, i),
                   ccm_error_field_message(error, i));
        /* 0: nothing was sent */
        printf("attempts: %u\n", (unsigned)ccm_error_attempts(error));
    }
    ccm_error_free(error);

    status = ccm_environments_get(client, unknown, NULL, NULL, &error);
    if (status == CCM_NOT_FOUND) {
        printf("status: %d\n", ccm_error_http_status(error));
        printf("attempts: %u\n", (unsigned)ccm_error_attempts(error));
    }
    ccm_error_free(error);
    ccm_response_free(product);
    ccm_client_free(client);
    return 0;
}
/* docs: end */
