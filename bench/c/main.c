/* Compares the clients. Usage: clients URL SMALL LARGE, where the last two are configs of 1,000 and 10,000 flags.
 * With the name of a client as fourth argument, reads the large config ten times and prints the memory used. */

#include "clients.h"
#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const bench_client *const CLIENTS[] = {
    &OURS,
    &CURL_CJSON,
#ifdef WITH_YYJSON
    &CURL_YYJSON,
#endif
};
enum { COUNT = sizeof CLIENTS / sizeof *CLIENTS, MOST = 512 };

void add_flag(found *f, int64_t id, const char *key, const char *name, const char *type, const char *created, size_t tags) {
    f->flags++;
    f->sum = f->sum * 31 + (uint64_t)id + strlen(key) + strlen(name) * 3 + strlen(type) * 5 + strlen(created) * 7 + tags * 11;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Runs interleaved rounds, and prints the medians, and the median and quartiles of the ratio to ours in each round. */
static void compare(const char *job, const char *config, int rounds) {
    static double times[COUNT][MOST], ratios[MOST];
    found first = {0, 0};
    for (int round = -2; round < rounds; round++) {
        for (int c = 0; c < COUNT; c++) {
            double start = now();
            found f = config != NULL ? CLIENTS[c]->list(config) : CLIENTS[c]->small();
            double took = now() - start;
            if (first.flags == 0) {
                first = f;
            }
            if (f.flags != first.flags || f.sum != first.sum) {
                fprintf(stderr, "%s found something else\n", CLIENTS[c]->name);
                exit(1);
            }
            if (round >= 0) {
                times[c][round] = took;
            }
        }
    }
    for (int c = 0; c < COUNT; c++) {
        for (int round = 0; round < rounds; round++) {
            ratios[round] = times[c][round] / times[0][round];
        }
        qsort(ratios, (size_t)rounds, sizeof *ratios, by_size);
        double sorted[MOST];
        memcpy(sorted, times[c], sizeof sorted);
        qsort(sorted, (size_t)rounds, sizeof *sorted, by_size);
        printf("%-16s%-20s%10.2f ms%10.2f x   (%.2f to %.2f)\n", job, CLIENTS[c]->name, sorted[rounds / 2],
               ratios[rounds / 2], ratios[rounds / 4], ratios[rounds * 3 / 4]);
    }
}

int main(int argc, char **argv) {
    if (argc == 5) {
        for (int c = 0; c < COUNT; c++) {
            if (strcmp(CLIENTS[c]->name, argv[4]) == 0) {
                CLIENTS[c]->start(argv[1]);
                for (int i = 0; i < 10; i++) {
                    CLIENTS[c]->list(argv[3]);
                }
                struct rusage usage;
                getrusage(RUSAGE_SELF, &usage);
                printf("%-16s%-20s%10.1f MB\n", "memory", CLIENTS[c]->name, (double)usage.ru_maxrss / 1024);
                CLIENTS[c]->stop();
            }
        }
        return 0;
    }
    if (argc != 4) {
        return 2;
    }
    for (int c = 0; c < COUNT; c++) {
        CLIENTS[c]->start(argv[1]);
    }
    printf("%-16s%-20s%13s%12s   quartiles of the ratio to ours\n", "job", "client", "median", "ratio");
    compare("small call", NULL, 500);
    compare("1,000 flags", argv[2], 100);
    compare("10,000 flags", argv[3], 30);
    for (int c = 0; c < COUNT; c++) {
        CLIENTS[c]->stop();
    }
    return 0;
}
