#include "clients.h"
#include "common.h"

#include <stddef.h>

static ccm_client *client;

static void start(const char *url) { client = connect_to(url); }

static found small(void) {
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    ccm_status status = ccm_me_get(client, NULL, &response, &error);
    must(status, error);
    found f = {0, 0};
    add_flag(&f, 0, ccm_value_string(ccm_value_get(ccm_response_value(response), "email"), NULL), "", "", "", 0);
    ccm_response_free(response);
    return f;
}

static const char *text(const ccm_value *flag, const char *name) { return ccm_value_string(ccm_value_get(flag, name), NULL); }

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

const bench_client OURS = {"this", start, small, list, stop};
