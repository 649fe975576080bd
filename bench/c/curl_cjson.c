#include "clients.h"

#include <cjson/cJSON.h>
#include <stdio.h>

static const char *text(const cJSON *object, const char *name) {
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static found small(void) {
    size_t length = 0;
    const char *body = curl_get("/v1/me", &length);
    cJSON *me = cJSON_ParseWithLength(body, length);
    found f = {0, 0};
    add_flag(&f, 0, text(me, "email"), "", "", "", 0);
    cJSON_Delete(me);
    return f;
}

static found list(const char *config_id) {
    char path[128];
    size_t length = 0;
    snprintf(path, sizeof path, "/v1/configs/%s/settings", config_id);
    const char *body = curl_get(path, &length);
    cJSON *flags = cJSON_ParseWithLength(body, length);
    found f = {0, 0};
    const cJSON *flag;
    cJSON_ArrayForEach(flag, flags) {
        add_flag(&f, (int64_t)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(flag, "settingId")), text(flag, "key"),
                 text(flag, "name"), text(flag, "settingType"), text(flag, "createdAt"),
                 (size_t)cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(flag, "tags")));
    }
    cJSON_Delete(flags);
    return f;
}

const bench_client CURL_CJSON = {"libcurl + cJSON", curl_start, small, list, curl_stop};
