/* What both programs need: a clock, and a client of this library. */

#ifndef COMMON_H
#define COMMON_H

#include <configcat_management.h>

/* Milliseconds since some moment. */
double now(void);

/* Ends the program, with the message of the error, unless a call has succeeded. */
void must(ccm_status status, ccm_error *error);

/* A client of the server with this address. */
ccm_client *connect_to(const char *url);

#endif
