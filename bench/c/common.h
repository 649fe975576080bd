/* Shared by the programs: a clock, records of figures, and a client of this library. */

#ifndef COMMON_H
#define COMMON_H

#include <configcat_management.h>

/* Returns a monotonic time in milliseconds. */
double now(void);

/* Prints a record with figures, which `cargo xtask bench` collects. */
void record(const char *table, const char *row, const char *contender, const char *unit, const double *values, int count);

/* Tells `cargo xtask bench` that this process can be inspected, and waits until it was. */
void ready(void);

/* Exits with the message of the error if a call has failed. */
void must(ccm_status status, ccm_error *error);

/* Creates a client for the server at this URL. */
ccm_client *connect_to(const char *url);

#endif
