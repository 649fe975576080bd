/*
 * C API of the client for the ConfigCat Public Management API. The included header is generated from bindings/ffi/src/c and
 * documents every function.
 */

#ifndef CONFIGCAT_MANAGEMENT_H
#define CONFIGCAT_MANAGEMENT_H

#include "configcat_management/generated/c.h"

#endif /* CONFIGCAT_MANAGEMENT_H */
