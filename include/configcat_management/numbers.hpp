// Integers of any type as integers of the service.

#ifndef CONFIGCAT_MANAGEMENT_NUMBERS_HPP
#define CONFIGCAT_MANAGEMENT_NUMBERS_HPP

#include "error.hpp"

#include <cstdint>
#include <limits>
#include <type_traits>

namespace configcat::management::detail {

/// Whether a type is one of several others.
template <class T, class... Others>
inline constexpr bool is_any_of = (std::is_same_v<T, Others> || ...);

/// Whether a type is an integer: neither a Boolean nor a character.
template <class T>
inline constexpr bool is_integer = std::is_integral_v<T> && !is_any_of<T, bool, char, wchar_t, char16_t, char32_t>
#ifdef __cpp_char8_t
                                   && !std::is_same_v<T, char8_t>
#endif
    ;

/// Whether an integer has a value of another type.
template <class To, class From>
[[nodiscard]] constexpr bool fits(From value) noexcept {
    if constexpr (std::is_signed_v<From>) {
        if (value < 0) {
            return std::is_signed_v<To> &&
                   static_cast<std::intmax_t>(value) >= static_cast<std::intmax_t>(std::numeric_limits<To>::min());
        }
    }
    return static_cast<std::uintmax_t>(value) <= static_cast<std::uintmax_t>(std::numeric_limits<To>::max());
}

/// Converts an integer. Throws BadRequestError if the type has no such value.
template <class To, class From>
[[nodiscard]] To narrow(From value, const char *name) {
    if (!fits<To>(value)) {
        Error::of(ErrorKind::bad_request, std::string(name) + ": must be " + std::to_string(std::numeric_limits<To>::min()) + " to " +
                                              std::to_string(std::numeric_limits<To>::max()) + ", not " + std::to_string(value))
            .raise();
    }
    return static_cast<To>(value);
}

} // namespace configcat::management::detail

#endif
