#include "clients.h"

#include <configcat_management.h>
#include <stdio.h>
#include <stdlib.h>

static ccm_client *client;

static void must(ccm_status status, ccm_error *error) {
    if (status != CCM_OK) {
        fprintf(stderr, "%s\n", ccm_error_message(error));
        exit(1);
    }
}

static void start(const char *url) {
    ccm_options *options = ccm_options_new();
    ccm_error *error = NULL;
    ccm_options_set_base_url(options, url);
    ccm_options_set_credentials(options, "simulator", "simulator");
    ccm_options_set_proxy(options, NULL);
    ccm_status status = ccm_client_new(options, &client, &error);
    must(status, error);
    ccm_options_free(options);
}

static found small(void) {
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    ccm_status status = ccm_me_get(client, NULL, &response, &error);
    must(status, error);
    found f = {0, 0};
    add_flag(&f, 0, ccm_value_text(ccm_value_get(ccm_response_value(response), "email"), NULL), "", "", "", 0);
    ccm_response_free(response);
    return f;
}

static const char *text(const ccm_value *flag, const char *name) { return ccm_value_text(ccm_value_get(flag, name), NULL); }

static found list(const char *config_id) {
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    ccm_status status = ccm_settings_list(client, config_id, NULL, &response, &error);
    must(status, error);
    found f = {0, 0};
    for (const ccm_value *flag = ccm_value_first(ccm_response_value(response)); flag; flag = ccm_value_next(flag)) {
        add_flag(&f, ccm_value_integer(ccm_value_get(flag, "setting_id"), 0), text(flag, "key"), text(flag, "name"),
                 text(flag, "setting_type"), text(flag, "created_at"), ccm_value_length(ccm_value_get(flag, "tags")));
    }
    ccm_response_free(response);
    return f;
}

static void stop(void) { ccm_client_free(client); }

const bench_client OURS = {"ours", start, small, list, stop};
