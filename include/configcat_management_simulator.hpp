// Simulator of the API for C++ tests, on top of the C API of configcat_management_simulator.h.

#ifndef CONFIGCAT_MANAGEMENT_SIMULATOR_HPP
#define CONFIGCAT_MANAGEMENT_SIMULATOR_HPP

#include "configcat_management/exceptions.hpp"
#include "configcat_management_simulator.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <locale>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace configcat::management {

/// What happens to selected requests of a Simulator. The first members select requests, and an unset one matches every request; the
/// others say what happens. With `status`, or `reset` before, the request is not carried out.
struct Fault {
    /// When a fault resets the connection.
    enum class Reset {
        /// Before the request is carried out.
        before,
        /// After the request was carried out, before its response is sent.
        after,
    };

    /// The operation, such as "settings.create"; "*" matches any characters.
    std::optional<std::string> operation;
    /// An HTTP method.
    std::optional<std::string> method;
    /// A path; "*" matches any characters.
    std::optional<std::string> path;
    /// User name of the caller.
    std::optional<std::string> credential;
    /// Number of matching requests that pass before the first failure.
    std::optional<std::uint32_t> skip;
    /// Maximum number of failures. Default: no limit.
    std::optional<std::uint32_t> times;
    /// Probability of the failure, from 0 to 1. Default: 1.
    std::optional<double> probability;
    /// Seed of the random numbers, so that the same requests fail in every run.
    std::optional<std::uint32_t> seed;
    /// Delay before anything else.
    std::optional<std::chrono::milliseconds> delay;
    /// Resets the connection.
    std::optional<Reset> reset;
    /// Responds with this HTTP status.
    std::optional<int> status;
    /// Value of the header Retry-After.
    std::optional<std::chrono::seconds> retry_after;
    /// Additional headers of the response.
    std::vector<std::pair<std::string, std::string>> headers;
    /// Responds with this body, which is sent as it is.
    std::optional<std::string> body;
    /// Value of the header Content-Type.
    std::optional<std::string> content_type;
    /// Breaks the connection after this number of bytes of the body.
    std::optional<std::uint32_t> cut_body_at;
    /// Sends only half of the body.
    bool bad_json = false;

    /// Returns the fault as the JSON of the admin API.
    [[nodiscard]] std::string json() const {
        std::string out = "{\"badJson\":";
        out += bad_json ? "true" : "false";
        text(out, "operation", operation);
        text(out, "method", method);
        text(out, "path", path);
        text(out, "credential", credential);
        number(out, "skip", skip);
        number(out, "times", times);
        number(out, "probability", probability);
        number(out, "seed", seed);
        if (delay) out += ",\"delayMs\":" + std::to_string(delay->count());
        if (reset) out += *reset == Reset::before ? ",\"reset\":\"before\"" : ",\"reset\":\"after\"";
        number(out, "status", status);
        if (retry_after) out += ",\"retryAfter\":" + std::to_string(retry_after->count());
        out += ",\"headers\":{";
        for (std::size_t i = 0; i < headers.size(); i++) {
            out += (i == 0 ? "" : ",") + quoted(headers[i].first) + ":" + quoted(headers[i].second);
        }
        out += "}";
        text(out, "body", body);
        text(out, "contentType", content_type);
        number(out, "cutBodyAt", cut_body_at);
        return out + "}";
    }

  private:
    static std::string quoted(const std::string &text) {
        std::string out = "\"";
        for (char c : text) {
            if (static_cast<unsigned char>(c) < 0x20) {
                char escape[7];
                std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
                out += escape;
            } else {
                if (c == '"' || c == '\\') out += '\\';
                out += c;
            }
        }
        return out + "\"";
    }
    static void text(std::string &out, const char *name, const std::optional<std::string> &value) {
        if (value) out += ",\"" + std::string(name) + "\":" + quoted(*value);
    }
    template <class T>
    static void number(std::string &out, const char *name, const std::optional<T> &value) {
        if (!value) return;
        // std::to_string writes the decimal point of the locale, and six digits after it.
        std::ostringstream digits;
        digits.imbue(std::locale::classic());
        digits.precision(17);
        digits << *value;
        out += ",\"" + std::string(name) + "\":" + digits.str();
    }
};

/// Format of the header X-Rate-Limit-Reset.
enum class RateLimitReset {
    /// The service's own format.
    dotnet,
    /// Seconds since 1970.
    epoch,
    /// Seconds until the window ends.
    seconds,
    /// A timestamp such as 2026-11-23T09:24:55Z.
    rfc3339,
    /// A timestamp such as Mon, 23 Nov 2026 09:24:55 GMT.
    http_date,
};

/// Configuration of a Simulator.
struct SimulatorOptions {
    /// Initial state: "demo", "empty", the path of a seed file (YAML or JSON), or the seed itself as a JSON object.
    std::string seed = "demo";
    /// Rate limit of each credential as "requests/seconds", such as "100/60". Default: no rate limit.
    std::string rate_limit{};
    /// Format of the end of a window.
    RateLimitReset rate_limit_reset = RateLimitReset::dotnet;
    /// Accepted user name.
    std::string username = "simulator";
    /// Accepted password.
    std::string password = "simulator";
    /// Directory that stores the state across restarts. Default: none.
    std::string state{};
    /// Port on the loopback address. 0 for any free port.
    std::uint16_t port = 0;
    /// Number of requests that the journal keeps; 0 for none.
    std::uint32_t journal = 1000;
    /// Whether webhooks may call other machines.
    bool webhooks_anywhere = false;
};

/// A simulator in this process. The destructor stops it.
class Simulator {
  public:
    /// Starts a simulator. Throws std::runtime_error with the name of an invalid option.
    explicit Simulator(const SimulatorOptions &options) {
        constexpr const char *formats[] = {"dotnet", "epoch", "seconds", "rfc3339", "http-date"};
        auto text_or_null = [](const std::string &text) { return text.empty() ? nullptr : text.c_str(); };
        ccm_simulator_options given{};
        given.size = sizeof given;
        given.seed = text_or_null(options.seed);
        given.rate_limit = text_or_null(options.rate_limit);
        given.rate_limit_reset = formats[static_cast<std::size_t>(options.rate_limit_reset)];
        given.username = options.username.c_str();
        given.password = options.password.c_str();
        given.state = text_or_null(options.state);
        given.port = options.port;
        given.journal = options.journal == 0 ? -1 : static_cast<std::int64_t>(options.journal);
        given.webhooks_anywhere = options.webhooks_anywhere;
        ccm_simulator *simulator = nullptr;
        char *reason = nullptr;
        if (!ccm_simulator_start(&given, &simulator, &reason)) {
            std::string text = reason != nullptr ? reason : "";
            ccm_simulator_free_string(reason);
            detail::fail(std::runtime_error(text));
        }
        handle_.reset(simulator);
    }

    /// Starts a simulator. Throws std::runtime_error.
    /// @param seed "demo", "empty", the path of a seed file, or the seed itself as a JSON object.
    /// @param rate_limit "requests/seconds", such as "100/60"; empty for no rate limit.
    explicit Simulator(const std::string &seed = "demo", const std::string &rate_limit = "")
        : Simulator(with_seed(seed, rate_limit)) {}

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

    /// Adds a fault. Throws std::runtime_error if it is invalid.
    void add_fault(const Fault &fault) const { called("POST", "/faults", fault.json()); }
    /// Removes all faults.
    void clear_faults() const { called("DELETE", "/faults"); }

    /// Returns how many requests of an operation the journal has; "*" matches any characters.
    [[nodiscard]] std::size_t requests(const std::string &operation = "*") const {
        std::string found = called("GET", "/journal/count?operation=" + operation);
        auto at = found.find("\"count\":");
        return at == std::string::npos ? 0 : std::stoul(found.substr(at + 8));
    }
    /// Returns the requests of an operation as JSON: a list of objects with operation, method, path, status, bodies and headers.
    [[nodiscard]] std::string journal(const std::string &operation = "*") const {
        return called("GET", "/journal?operation=" + operation);
    }
    /// Removes all requests from the journal.
    void clear_journal() const { called("DELETE", "/journal"); }

    /// Stops the clock, which decides when a scheduled change is applied or a flag is stale.
    void freeze_clock() const { called("POST", "/clock/freeze", "{}"); }
    /// Advances the clock; this also ends windows of the rate limit.
    void advance_clock(std::chrono::seconds by) const {
        called("POST", "/clock/advance", "{\"seconds\":" + std::to_string(by.count()) + "}");
    }
    /// Lets the clock run again.
    void resume_clock() const { called("POST", "/clock/resume"); }

  private:
    /// Calls the admin API, and throws std::runtime_error if it responds with an error.
    std::string called(const std::string &method, const std::string &path, const std::string &body = "") const {
        auto [status, text] = admin(method, path, body);
        if (status < 200 || status >= 300) {
            detail::fail(std::runtime_error(method + " " + path + ": " + std::to_string(status) + ": " + text));
        }
        return text;
    }

    static SimulatorOptions with_seed(const std::string &seed, const std::string &rate_limit) {
        SimulatorOptions options;
        options.seed = seed;
        options.rate_limit = rate_limit;
        return options;
    }

    struct Stop {
        void operator()(ccm_simulator *simulator) const noexcept { ccm_simulator_stop(simulator); }
    };

    std::unique_ptr<ccm_simulator, Stop> handle_;
};

} // namespace configcat::management

#endif
