/* What comes before the first answer, and what TLS adds to it: first_call URL. */

#include <configcat_management.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(ccm_status status, ccm_error *error) {
    if (status != CCM_OK) {
        fprintf(stderr, "%s\n", ccm_error_message(error));
        exit(1);
    }
}

static ccm_client *client(const char *url) {
    ccm_options *options = ccm_options_new();
    ccm_client *made = NULL;
    ccm_error *error = NULL;
    ccm_options_set_base_url(options, url);
    ccm_options_set_credentials(options, "simulator", "simulator");
    ccm_options_set_proxy(options, NULL);
    ccm_status status = ccm_client_new(options, &made, &error);
    must(status, error);
    ccm_options_free(options);
    return made;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        return 2;
    }
    double start = now();
    ccm_client *c = client(argv[1]);
    double made = now();
    ccm_response *response = NULL;
    ccm_error *error = NULL;
    ccm_status status = ccm_me_get(c, NULL, &response, &error);
    must(status, error);
    double called = now();
    ccm_response_free(response);
    ccm_client_free(c);
    /* Nothing is sent: an address that is not this machine's needs the certificates of the platform. */
    double tls = now();
    c = client("https://api.example.com");
    double with_tls = now();
    ccm_client_free(c);
    printf("client, first call, TLS     %10.3f ms%10.3f ms%10.3f ms\n", made - start, called - made, with_tls - tls);
    return 0;
}
