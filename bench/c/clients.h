/* The clients that are compared, each with the same two jobs. */

#ifndef CLIENTS_H
#define CLIENTS_H

#include <stddef.h>
#include <stdint.h>

/* What a job found, so that all clients can be seen to have done the same. */
typedef struct {
    size_t flags;
    uint64_t sum;
} found;

typedef struct {
    const char *name;
    void (*start)(const char *url);
    /* Reads /v1/me, and the e-mail address in it. */
    found (*small)(void);
    /* Reads the flags of a config: of each its number, key, name, type, creation time and number of tags. */
    found (*list)(const char *config_id);
    void (*stop)(void);
} bench_client;

extern const bench_client OURS;
extern const bench_client CURL_CJSON;
extern const bench_client CURL_YYJSON;

/* Adds the fields of a flag to what was found. */
void add_flag(found *f, int64_t id, const char *key, const char *name, const char *type, const char *created, size_t tags);

/* A GET by libcurl over a connection that is kept; the body lives until the next one. */
void curl_start(const char *url);
const char *curl_get(const char *path, size_t *length);
void curl_stop(void);

#endif
