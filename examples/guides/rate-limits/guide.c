/* Makes more calls than the rate limit allows at once. */

/* docs: guide */
#include <configcat_management.h>
#include <stdio.h>

int main(void) {
    enum { CALLS = 25 };
    ccm_client *client = NULL, *hasty = NULL;
    ccm_error *error = NULL;
    int succeeded = 0, refused = 0;

    /* Waits for the rate limit, which is the default. */
    if (ccm_client_new(NULL, &client, &error) != CCM_OK) {
        fprintf(stderr, "%s\n", ccm_error_message(error));
        ccm_error_free(error);
        return 1;
    }
    ccm_bulk *bulk = ccm_bulk_new();
    for (int i = 0; i < CALLS; i++)
        ccm_bulk_add(bulk, client, "me.get", NULL, 0, NULL, NULL);
    ccm_bulk_run(bulk, NULL);
    for (size_t i = 0; i < ccm_bulk_count(bulk); i++)
        succeeded += ccm_bulk_take(bulk, i, NULL, NULL) == CCM_OK;
    printf("%d of %d calls succeeded\n", succeeded, CALLS);
    ccm_bulk_free(bulk);

    /* Does not wait so long. */
    ccm_options *options = ccm_options_new();
    ccm_options_set_max_rate_limit_wait_ms(options, 1);
    ccm_client_new(options, &hasty, NULL);
    for (int i = 0; i < CALLS; i++)
        refused += ccm_me_get(hasty, NULL, NULL, NULL) == CCM_RATE_LIMITED;
    printf("calls that would have waited too long: %s\n",
           refused > 0 ? "True" : "False");

    ccm_options_free(options);
    ccm_client_free(hasty);
    ccm_client_free(client);
    return 0;
}
/* docs: end */
