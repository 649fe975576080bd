/* What the generated calls of the contract vectors need. */

#ifndef CONTRACT_H
#define CONTRACT_H

#include "configcat_management.h"

#include <stddef.h>

/* A vector that is being played. */
typedef struct {
    const ccm_value *vector;
    const ccm_value *arguments;
    ccm_client *client;
    ccm_params *params;
    /* The body, while the call lasts. */
    ccm_builder *body;
} vector;

/* An operation by its typed functions. */
typedef struct {
    const char *id;
    void (*params)(const vector *v);
    ccm_status (*call)(const vector *v, ccm_response **response, ccm_error **error);
    ccm_status (*start)(const vector *v, ccm_callback callback, void *user_data, ccm_error **error);
} operation;

extern const operation OPERATIONS[];
extern const size_t OPERATION_COUNT;

const char *vector_text(const vector *v, const char *name);
int64_t vector_integer(const vector *v, const char *name);
const char *vector_patch(const vector *v);
/* The body, with those fields that the vector gives; NULL when none is given and none is needed. */
const char *vector_body(const vector *v, bool required, const char *const *names);
void vector_set_text(const vector *v, const char *name, ccm_status (*set)(ccm_params *, const char *));
void vector_set_boolean(const vector *v, const char *name, ccm_status (*set)(ccm_params *, bool));
void vector_set_integer(const vector *v, const char *name, ccm_status (*set)(ccm_params *, int64_t));
void vector_set_texts(const vector *v, const char *name,
                      ccm_status (*set)(ccm_params *, const char *const *, size_t));
void vector_set_integers(const vector *v, const char *name,
                         ccm_status (*set)(ccm_params *, const int64_t *, size_t));

#endif
