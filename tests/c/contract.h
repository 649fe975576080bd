/* Declarations for the generated calls of the contract vectors. */

#ifndef CONTRACT_H
#define CONTRACT_H

#include "configcat_management.h"

#include <stddef.h>

/* The vector under test. */
typedef struct {
    const ccm_value *vector;
    const ccm_value *arguments;
    ccm_client *client;
    ccm_params *params;
    /* The body; valid during the call. */
    ccm_builder *body;
} vector;

/* The typed functions of an operation. */
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
/* Returns the body with the fields that the vector has; NULL if it has none and the body is not required. */
const char *vector_body(const vector *v, bool required, const char *const *names);
void vector_set_text(const vector *v, const char *name, ccm_status (*set)(ccm_params *, const char *));
void vector_set_boolean(const vector *v, const char *name, ccm_status (*set)(ccm_params *, bool));
void vector_set_integer(const vector *v, const char *name, ccm_status (*set)(ccm_params *, int64_t));
void vector_set_texts(const vector *v, const char *name,
                      ccm_status (*set)(ccm_params *, const char *const *, size_t));
void vector_set_integers(const vector *v, const char *name,
                         ccm_status (*set)(ccm_params *, const int64_t *, size_t));

#endif
