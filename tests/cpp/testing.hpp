// Test support for C++.

#ifndef TESTING_HPP
#define TESTING_HPP

#include "configcat_management.hpp"
#include "configcat_management_simulator.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// Fails the test unless the condition holds.
#define CHECK(condition)                                                                                                \
    do {                                                                                                                \
        if (!(condition)) throw std::logic_error(std::string(__FILE__ ":") + std::to_string(__LINE__) + ": " #condition); \
    } while (false)

/// Fails the test unless `run` throws an exception of the type, which is returned.
template <class E, class F>
E thrown(F run) {
    try {
        run();
    } catch (const E &error) {
        return error;
    }
    throw std::logic_error("nothing was thrown");
}

using Tests = std::vector<std::pair<std::string, std::function<void()>>>;

/// Waits until only this thread is left, if WAIT_FOR_THREADS is set; see tests/c/testing.c.
inline void wait_for_other_threads() {
    namespace fs = std::filesystem;
    const fs::path tasks = "/proc/self/task";
    for (int i = 0; i < 1000 && std::getenv("WAIT_FOR_THREADS") != nullptr && fs::exists(tasks); i++) {
        if (std::distance(fs::directory_iterator(tasks), fs::directory_iterator()) == 1) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

inline int run(const Tests &tests) {
    int passed = 0;
    int failed = 0;
    for (const auto &[name, test] : tests) {
        try {
            test();
            passed++;
        } catch (const std::exception &error) {
            std::cerr << name << ": " << error.what() << '\n';
            failed++;
        }
    }
    wait_for_other_threads();
    std::cout << passed << " passed, " << failed << " failed\n";
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// Returns options for a client of a simulator.
inline configcat::management::Options options_for(const configcat::management::Simulator &simulator) {
    configcat::management::Options options;
    options.base_url = simulator.url();
    options.username = simulator.username();
    options.password = simulator.password();
    options.proxy = "";
    return options;
}

#endif
