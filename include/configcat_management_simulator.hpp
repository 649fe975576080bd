// The simulator of the API for tests in C++, over the library of configcat_management_simulator.h.

#ifndef CONFIGCAT_MANAGEMENT_SIMULATOR_HPP
#define CONFIGCAT_MANAGEMENT_SIMULATOR_HPP

#include "configcat_management_simulator.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace configcat::management {

/// A simulator in this process; ends with its owner.
class Simulator {
  public:
    /// Starts one.
    /// @param seed "demo", "empty", the path of a file, or a seed itself as a JSON object.
    /// @param rate_limit "requests/seconds", such as "100/60"; empty for none that is felt.
    explicit Simulator(const std::string &seed = "demo", const std::string &rate_limit = "") {
        ccm_simulator_options options{};
        options.size = sizeof options;
        options.seed = seed.c_str();
        options.rate_limit = rate_limit.empty() ? nullptr : rate_limit.c_str();
        ccm_simulator *simulator = nullptr;
        char *reason = nullptr;
        if (!ccm_simulator_start(&options, &simulator, &reason)) {
            std::string text = reason != nullptr ? reason : "";
            ccm_simulator_free_text(reason);
            throw std::runtime_error(text);
        }
        handle_.reset(simulator);
    }

    /// Where it listens.
    [[nodiscard]] std::string url() const { return ccm_simulator_url(handle_.get()); }
    /// The user name that it accepts.
    [[nodiscard]] std::string username() const { return ccm_simulator_username(handle_.get()); }
    /// The password that it accepts.
    [[nodiscard]] std::string password() const { return ccm_simulator_password(handle_.get()); }

    /// Does what tests do beside calling the API, such as admin("POST", "/reset"): status and body of the answer.
    std::pair<int, std::string> admin(const std::string &method, const std::string &path, const std::string &body = "") const {
        char *answer = nullptr;
        int status = ccm_simulator_admin(handle_.get(), method.c_str(), path.c_str(), body.c_str(), &answer);
        std::string text = answer != nullptr ? answer : "";
        ccm_simulator_free_text(answer);
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
