/* Signs in, and shows what wrong credentials lead to. */

/* docs: guide */
#include <configcat_management.h>
#include <stdio.h>

int main(void) {
    ccm_client *client = NULL, *stranger = NULL;
    ccm_response *me = NULL;
    ccm_error *error = NULL;

    /* CONFIGCAT_API_USER and CONFIGCAT_API_PASS */
    if (ccm_client_new(NULL, &client, &error) != CCM_OK ||
        ccm_me_get(client, NULL, &me, &error) != CCM_OK) {
        fprintf(stderr, "%s\n", ccm_error_message(error));
        ccm_error_free(error);
        return 1;
    }
    const ccm_value *email = ccm_value_get(ccm_response_value(me), "email");
    printf("signed in as %s\n", ccm_value_string(email, NULL));

    ccm_options *options = ccm_options_new();
    ccm_options_set_credentials(options, "ada", "not hers");
    ccm_client_new(options, &stranger, NULL);
    if (ccm_me_get(stranger, NULL, NULL, &error) == CCM_AUTHENTICATION)
        printf("refused with status %d\n", ccm_error_http_status(error));

    ccm_error_free(error);
    ccm_options_free(options);
    ccm_response_free(me);
    ccm_client_free(stranger);
    ccm_client_free(client);
    return 0;
}
/* docs: end */
