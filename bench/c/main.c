/* Compares the clients. Usage: clients URL SMALL LARGE, where the last two are configs of 1,000 and 10,000 flags.
 * With the name of a client as fourth argument, measures the memory of that client. */

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

/* Runs interleaved rounds, in which another client is first each time, and prints the times. */
static void compare(const char *job, const char *config, int rounds) {
    static double times[COUNT][MOST];
    found first = {0, 0};
    for (int round = -2; round < rounds; round++) {
        for (int turn = 0; turn < COUNT; turn++) {
            int c = (round + 2 + turn) % COUNT;
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
        record("C", job, CLIENTS[c]->name, "ms", times[c], rounds);
    }
}

/* Reads the large config ten times with one client, and prints the peak memory of this process. */
static void memory(const bench_client *client, const char *url, const char *config) {
    client->start(url);
    for (int i = 0; i < 10; i++) {
        client->list(config);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    ready();
    double peak = (double)usage.ru_maxrss * 1024 / 1e6;
    record("C", "memory, ten times 10,000 flags", client->name, "MB", &peak, 1);
    client->stop();
}

int main(int argc, char **argv) {
    if (argc == 5) {
        for (int c = 0; c < COUNT; c++) {
            if (strcmp(CLIENTS[c]->name, argv[4]) == 0) {
                memory(CLIENTS[c], argv[1], argv[3]);
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
    ready();
    compare("small call", NULL, 500);
    compare("1,000 flags", argv[2], 100);
    compare("10,000 flags", argv[3], 30);
    for (int c = 0; c < COUNT; c++) {
        CLIENTS[c]->stop();
    }
    return 0;
}
