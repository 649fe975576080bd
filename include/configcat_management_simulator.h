/*
 * Simulator of the ConfigCat Public Management API, for tests. It is a separate library, so that released programs do not
 * contain it.
 */

#ifndef CONFIGCAT_MANAGEMENT_SIMULATOR_H
#define CONFIGCAT_MANAGEMENT_SIMULATOR_H

#include "configcat_management/generated/simulator.h"

#endif /* CONFIGCAT_MANAGEMENT_SIMULATOR_H */
