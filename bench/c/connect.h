/* A client of this library, as both programs make it. */

#ifndef CONNECT_H
#define CONNECT_H

#include <configcat_management.h>

/* Ends the program, with the message of the error, unless a call has succeeded. */
void must(ccm_status status, ccm_error *error);

/* A client of the server with this address. */
ccm_client *connect_to(const char *url);

#endif
