#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void record(const char *table, const char *row, const char *contender, const char *unit, const double *values, int count) {
    printf("sample\t%s\t%s\t%s\t%s\t", table, row, contender, unit);
    for (int i = 0; i < count; i++) {
        printf("%.6f%c", values[i], i + 1 < count ? ' ' : '\n');
    }
}

void ready(void) {
    printf("ready\t%ld\n", (long)getpid());
    fflush(stdout);
    int c;
    do {
        c = getchar();
    } while (c != '\n' && c != EOF);
}

void must(ccm_status status, ccm_error *error) {
    if (status != CCM_OK) {
        fprintf(stderr, "%s\n", ccm_error_message(error));
        exit(1);
    }
}

ccm_client *connect_to(const char *url) {
    ccm_options *options = ccm_options_new();
    ccm_client *client = NULL;
    ccm_error *error = NULL;
    ccm_options_set_base_url(options, url);
    ccm_options_set_credentials(options, "simulator", "simulator");
    ccm_options_set_proxy(options, NULL);
    ccm_status status = ccm_client_new(options, &client, &error);
    must(status, error);
    ccm_options_free(options);
    return client;
}
