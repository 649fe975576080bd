// C++17 client for the ConfigCat Public Management API, on top of the C API of configcat_management.h.

#ifndef CONFIGCAT_MANAGEMENT_HPP
#define CONFIGCAT_MANAGEMENT_HPP

#include "configcat_management/generated/all.hpp"
#include "configcat_management/rules.hpp"

#endif
