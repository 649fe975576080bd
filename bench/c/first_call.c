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
    printf("client, first call, TLS     %10.3f ms%10.3f ms%10.3f ms\n", made - start, called - made, with_tls - tls);
    return 0;
}
