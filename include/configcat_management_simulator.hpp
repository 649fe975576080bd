// Simulator of the API for C++ tests, on top of the C API of configcat_management_simulator.h.

#ifndef CONFIGCAT_MANAGEMENT_SIMULATOR_HPP
#define CONFIGCAT_MANAGEMENT_SIMULATOR_HPP

#include "configcat_management_simulator.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace configcat::management {

/// A simulator in this process. The destructor stops it.
class Simulator {
  public:
    /// Starts a simulator. Throws std::runtime_error.
    /// @param seed "demo", "empty", the path of a seed file, or the seed itself as a JSON object.
    /// @param rate_limit "requests/seconds", such as "100/60"; empty for no rate limit.
    explicit Simulator(const std::string &seed = "demo", const std::string &rate_limit = "") {
        ccm_simulator_options options{};
        options.size = sizeof options;
        options.seed = seed.c_str();
        options.rate_limit = rate_limit.empty() ? nullptr : rate_limit.c_str();
        ccm_simulator *simulator = nullptr;
        char *reason = nullptr;
        if (!ccm_simulator_start(&options, &simulator, &reason)) {
            std::string text = reason != nullptr ? reason : "";
            ccm_simulator_free_string(reason);
            throw std::runtime_error(text);
        }
        handle_.reset(simulator);
    }

    /// URL of the simulator.
    [[nodiscard]] std::string url() const { return ccm_simulator_url(handle_.get()); }
    /// Accepted user name.
    [[nodiscard]] std::string username() const { return ccm_simulator_username(handle_.get()); }
    /// Accepted password.
    [[nodiscard]] std::string password() const { return ccm_simulator_password(handle_.get()); }

    /// Calls the admin API, for example admin("POST", "/reset"). Returns status and body of the response.
    std::pair<int, std::string> admin(const std::string &method, const std::string &path, const std::string &body = "") const {
        char *response = nullptr;
        int status = ccm_simulator_admin(handle_.get(), method.c_str(), path.c_str(), body.c_str(), &response);
        std::string text = response != nullptr ? response : "";
        ccm_simulator_free_string(response);
        return {status, text};
    }

  private:
    struct Stop {
        void operator()(ccm_simulator *simulator) const noexcept { ccm_simulator_stop(simulator); }
    };

    std::unique_ptr<ccm_simulator, Stop> handle_;
};

} // namespace configcat::management

#endif
