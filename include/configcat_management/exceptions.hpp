// Exceptions, and what happens instead of them in a program that is compiled with -fno-exceptions.

#ifndef CONFIGCAT_MANAGEMENT_EXCEPTIONS_HPP
#define CONFIGCAT_MANAGEMENT_EXCEPTIONS_HPP

#include <cstdio>
#include <cstdlib>
#include <exception>

/// 1 if the headers throw exceptions. 0 if the compiler does not support them: a function that would throw then prints the message
/// to the standard error and calls std::abort(), and there is no send_async() without a callback. The functions that return a Result
/// report errors in both cases. All files of a program must be compiled with the same value.
#ifndef CONFIGCAT_MANAGEMENT_EXCEPTIONS
#if defined(__cpp_exceptions) || defined(__EXCEPTIONS) || defined(_CPPUNWIND)
#define CONFIGCAT_MANAGEMENT_EXCEPTIONS 1
#else
#define CONFIGCAT_MANAGEMENT_EXCEPTIONS 0
#endif
#endif

namespace configcat::management::detail {

/// Throws an exception.
template <class E>
[[noreturn]] void fail(const E &error) {
#if CONFIGCAT_MANAGEMENT_EXCEPTIONS
    throw error;
#else
    std::fprintf(stderr, "configcat-management: %s\n", error.what());
    std::abort();
#endif
}

/// Runs a function of the program that C calls, and passes the message of an exception to `failed`: exceptions must not unwind into
/// C.
template <class Run, class Failed>
void contain(Run run, Failed failed) noexcept {
#if CONFIGCAT_MANAGEMENT_EXCEPTIONS
    try {
        run();
    } catch (const std::exception &error) {
        failed(error.what());
    } catch (...) {
        failed("the function threw an exception");
    }
#else
    (void)failed;
    run();
#endif
}

/// Runs a function of the program that C calls; its exceptions are ignored, because there is no caller to report them to.
template <class Run>
void contain(Run run) noexcept {
    contain(run, [](const char *) {});
}

} // namespace configcat::management::detail

#endif
