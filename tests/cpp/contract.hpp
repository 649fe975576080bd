// Declarations for the generated calls of the contract vectors.

#ifndef CONTRACT_HPP
#define CONTRACT_HPP

#include "configcat_management.hpp"

#include <initializer_list>
#include <string>
#include <vector>

using namespace configcat::management;

/// An operation: converts JSON arguments to typed ones, calls it, and converts the result back to JSON.
struct Operation {
    std::string id;
    std::string (*call)(const Client &, Value);
};

extern const std::vector<Operation> OPERATIONS;

template <class T>
T get(Value value) {
    using configcat::management::detail::read;
    T out{};
    read(value, out);
    return out;
}

/// Returns the body if any of its fields is present.
template <class T>
std::optional<T> get_if_any(Value value, std::initializer_list<const char *> fields) {
    for (const char *field : fields) {
        if (value[field]) {
            return get<T>(value);
        }
    }
    return std::nullopt;
}

#endif
