/* The clients under comparison, each with the same two jobs. */

#ifndef CLIENTS_H
#define CLIENTS_H

#include <stddef.h>
#include <stdint.h>

/* Checksum of a job's result, to verify that all clients did the same work. */
typedef struct {
    size_t flags;
    uint64_t sum;
} found;

typedef struct {
    const char *name;
    void (*start)(const char *url);
    /* Reads /v1/me, and its e-mail address. */
    found (*small)(void);
    /* Reads the flags of a config: id, key, name, type, creation time and number of tags of each. */
    found (*list)(const char *config_id);
    void (*stop)(void);
} bench_client;

extern const bench_client OURS;
extern const bench_client CURL_CJSON;
extern const bench_client CURL_YYJSON;

/* Adds the fields of a flag to the checksum. */
void add_flag(found *f, int64_t id, const char *key, const char *name, const char *type, const char *created, size_t tags);

/* GET with libcurl over a keep-alive connection; the body is valid until the next call. */
void curl_start(const char *url);
const char *curl_get(const char *path, size_t *length);
void curl_stop(void);

#endif
