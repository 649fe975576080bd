/* Shared by both programs: a clock, and a client of this library. */

#ifndef COMMON_H
#define COMMON_H

#include <configcat_management.h>

/* Returns a monotonic time in milliseconds. */
double now(void);

/* Exits with the message of the error if a call has failed. */
void must(ccm_status status, ccm_error *error);

/* Creates a client for the server at this URL. */
ccm_client *connect_to(const char *url);

#endif
