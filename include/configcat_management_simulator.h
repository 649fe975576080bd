/*
 * The simulator of the ConfigCat Public Management API, for tests: a library of its own, so that programs that ship do not
 * contain it.
 */

#ifndef CONFIGCAT_MANAGEMENT_SIMULATOR_H
#define CONFIGCAT_MANAGEMENT_SIMULATOR_H

#include "configcat_management/generated/simulator.h"

#endif /* CONFIGCAT_MANAGEMENT_SIMULATOR_H */
