/* Work for counting instructions. Usage: instructions URL WORK TIMES, where WORK is c-small or c-list. */

#include "common.h"

#include <stdlib.h>
#include <string.h>

/* The config whose flags the server lists. */
static const char CONFIG[] = "08d9f1bd-1f1c-4a1b-8b2d-000000000001";

int main(int argc, char **argv) {
    if (argc != 4) {
        return 2;
    }
    int list = strcmp(argv[2], "c-list") == 0;
    ccm_client *client = connect_to(argv[1]);
    for (long left = strtol(argv[3], NULL, 10); left > 0; left--) {
        ccm_response *response = NULL;
        ccm_error *error = NULL;
        ccm_status status =
            list ? ccm_settings_list(client, CONFIG, NULL, &response, &error) : ccm_me_get(client, NULL, &response, &error);
        must(status, error);
        ccm_response_free(response);
    }
    ccm_client_free(client);
    return 0;
}
