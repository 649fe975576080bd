#include "clients.h"

#include <stdio.h>
#include <yyjson.h>

static const char *text(yyjson_val *object, const char *name) { return yyjson_get_str(yyjson_obj_get(object, name)); }

static found small(void) {
    size_t length = 0;
    const char *body = curl_get("/v1/me", &length);
    yyjson_doc *me = yyjson_read(body, length, 0);
    found f = {0, 0};
    add_flag(&f, 0, text(yyjson_doc_get_root(me), "email"), "", "", "", 0);
    yyjson_doc_free(me);
    return f;
}

static found list(const char *config_id) {
    char path[128];
    size_t length = 0;
    snprintf(path, sizeof path, "/v1/configs/%s/settings", config_id);
    const char *body = curl_get(path, &length);
    yyjson_doc *flags = yyjson_read(body, length, 0);
    found f = {0, 0};
    size_t index, count;
    yyjson_val *flag;
    yyjson_arr_foreach(yyjson_doc_get_root(flags), index, count, flag) {
        add_flag(&f, yyjson_get_sint(yyjson_obj_get(flag, "settingId")), text(flag, "key"), text(flag, "name"),
                 text(flag, "settingType"), text(flag, "createdAt"), yyjson_arr_size(yyjson_obj_get(flag, "tags")));
    }
    yyjson_doc_free(flags);
    return f;
}

const bench_client CURL_YYJSON = {"libcurl + yyjson", curl_start, small, list, curl_stop};
