/* Measures the time until the first response, and what TLS adds to it. Usage: first_call URL. */

#include "common.h"

#include <stdio.h>

int main(int argc, char **argv) {
    if (argc != 2) {
        return 2;
    }
    double start = now();
    ccm_client *c = connect_to(argv[1]);
    double made = now();
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    ccm_status status = ccm_me_get(c, NULL, &response, &error);
    must(status, error);
    double called = now();
    ccm_response_free(response);
    ccm_client_free(c);
    /* Nothing is sent: a client for a remote https URL loads the platform's certificates. */
    double tls = now();
    c = connect_to("https://api.example.com");
    double with_tls = now();
    ccm_client_free(c);
    ready();
    double client = made - start, call = called - made, added = with_tls - tls;
    record("C, process", "creating a client", "this", "ms", &client, 1);
    record("C, process", "its first call", "this", "ms", &call, 1);
    record("C, process", "added by TLS", "this", "ms", &added, 1);
    return 0;
}
