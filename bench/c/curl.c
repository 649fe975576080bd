#include "clients.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Both libcurl clients share this connection. */
static CURL *handle;
static int users;
static const char *base;
static char *body;
static size_t length;
static size_t capacity;

static size_t take(char *data, size_t size, size_t count, void *unused) {
    (void)unused;
    size_t more = size * count;
    if (length + more + 1 > capacity) {
        capacity = (length + more + 1) * 2;
        body = realloc(body, capacity);
        if (body == NULL) {
            return 0;
        }
    }
    memcpy(body + length, data, more);
    length += more;
    body[length] = 0;
    return more;
}

void curl_start(const char *url) {
    if (users++ > 0) {
        return;
    }
    base = url;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_USERPWD, "simulator:simulator");
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 512L * 1024);
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
}

const char *curl_get(const char *path, size_t *found_length) {
    char url[512];
    snprintf(url, sizeof url, "%s%s", base, path);
    length = 0;
    curl_easy_setopt(handle, CURLOPT_URL, url);
    CURLcode code = curl_easy_perform(handle);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 200) {
        fprintf(stderr, "%s: %s, status %ld\n", url, curl_easy_strerror(code), status);
        exit(1);
    }
    *found_length = length;
    return body;
}

void curl_stop(void) {
    if (--users > 0) {
        return;
    }
    curl_easy_cleanup(handle);
    free(body);
    body = NULL;
    capacity = 0;
}
