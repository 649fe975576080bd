/* Many calls in flight on one thread, in a poll(2) loop that can also handle other events. Lists the configs of every product
 * and the flags of every config, as fast as the rate limit allows. */

#include <configcat_management.h>
#include <poll.h>
#include <stdio.h>

static ccm_client *client;
static ccm_params *params;
static int in_flight;
static int flags;
static int failures;

static void on_flags(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    (void)user_data;
    in_flight--;
    if (status == CCM_OK) {
        flags += (int)ccm_value_length(ccm_response_value(response));
    } else {
        failures++;
        fprintf(stderr, "%s\n", ccm_error_message(error));
    }
    ccm_response_free(response);
    ccm_error_free(error);
}

static void on_configs(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) {
    (void)user_data;
    in_flight--;
    for (const ccm_value *c = ccm_value_first(ccm_response_value(response)); c; c = ccm_value_next(c)) {
        const char *config = ccm_value_string(ccm_value_get(c, "config_id"), NULL);
        in_flight += ccm_settings_list_start(client, config, params, on_flags, NULL, NULL, NULL) == CCM_OK;
    }
    failures += status != CCM_OK;
    ccm_response_free(response);
    ccm_error_free(error);
}

int main(void) {
    ccm_queue *queue = NULL;
    ccm_response *products = NULL;
    ccm_error *error = NULL;
    if (ccm_client_new(NULL, &client, &error) != CCM_OK || ccm_queue_new(&queue, &error) != CCM_OK ||
        ccm_products_list(client, NULL, &products, &error) != CCM_OK) {
        fprintf(stderr, "%s\n", ccm_error_message(error));
        ccm_error_free(error);
        return 1;
    }
    params = ccm_params_new();
    ccm_params_set_queue(params, queue);
    for (const ccm_value *p = ccm_value_first(ccm_response_value(products)); p; p = ccm_value_next(p)) {
        const char *product = ccm_value_string(ccm_value_get(p, "product_id"), NULL);
        in_flight += ccm_configs_list_start(client, product, params, on_configs, NULL, NULL, NULL) == CCM_OK;
    }
    struct pollfd fd = {.fd = ccm_queue_fd(queue), .events = POLLIN};
    while (in_flight > 0) {
        if (poll(&fd, 1, 1000) == 0) {
            puts("still waiting"); /* Handle other descriptors and timers of the program here. */
        }
        ccm_queue_dispatch(queue, 0, 0);
    }
    printf("%d flags, %d failures\n", flags, failures);
    ccm_params_free(params);
    ccm_response_free(products);
    ccm_queue_free(queue);
    ccm_client_free(client);
    return failures > 0;
}
