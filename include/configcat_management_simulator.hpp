// Simulator of the API for C++ tests, on top of the C API of configcat_management_simulator.h.

#ifndef CONFIGCAT_MANAGEMENT_SIMULATOR_HPP
#define CONFIGCAT_MANAGEMENT_SIMULATOR_HPP

#include "configcat_management/changes.hpp"
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
    explicit Simulator(const SimulatorOptions &options)
        : handle_(started([&](ccm_simulator **simulator, char **reason) {
              const ccm_simulator_options given = c_options(options);
              return ccm_simulator_start(&given, simulator, reason);
          })) {}

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
        return {status, taken(response)};
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

  protected:
    struct Stop {
        void operator()(ccm_simulator *simulator) const noexcept { ccm_simulator_stop(simulator); }
    };
    using Handle = std::unique_ptr<ccm_simulator, Stop>;

    explicit Simulator(Handle handle) noexcept : handle_(std::move(handle)) {}

    /// Converts options. Their strings must live as long as the result.
    static ccm_simulator_options c_options(const SimulatorOptions &options) {
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
        return given;
    }

    /// Calls a C function that reports the cause of a failure as a string, and throws it as std::runtime_error.
    template <class Call>
    static void checked(Call call) {
        char *reason = nullptr;
        if (!call(&reason)) {
            detail::fail(std::runtime_error(taken(reason)));
        }
    }

    /// Calls a C function that starts a simulator.
    template <class Call>
    static Handle started(Call call) {
        ccm_simulator *simulator = nullptr;
        checked([&](char **reason) { return call(&simulator, reason); });
        return Handle(simulator);
    }

    /// Copies a string of the library, and frees it.
    static std::string taken(char *text) {
        std::string copy = text != nullptr ? text : "";
        ccm_simulator_free_string(text);
        return copy;
    }

    [[nodiscard]] const ccm_simulator *get() const noexcept { return handle_.get(); }

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

    Handle handle_;
};

/// A simulator with a copy of a real product: with the same ids, names, values, versions and SDK keys. Any program may run against it;
/// changes() then returns what it has changed.
class Mirror : public Simulator {
  public:
    /// Reads a product by its name or id, and starts a simulator with a copy of it. Throws NotFoundError with a similar name, any error
    /// of the calls, and std::runtime_error if the simulator cannot be started.
    /// @param client The Client; the product is only read.
    /// @param options Configuration; its seed is ignored.
    template <class Client>
    Mirror(const Client &client, const std::string &product, const SimulatorOptions &options = {})
        : Simulator(mirrored(client.export_seed(product), options)) {}

    /// Returns what has been changed since the product was copied, as a plan for the real product. When it is applied there, steps for
    /// what others have changed meanwhile are conflicts. Of the options, only reason, approval and strict matter. Throws
    /// std::runtime_error if a call to the mirror fails.
    [[nodiscard]] Plan changes(const PlanOptions &options = {}) const {
        const std::string json = detail::options_json(options).value();
        char *plan = nullptr;
        checked([&](char **reason) { return ccm_simulator_mirror_changes(get(), json.c_str(), &plan, reason); });
        return Plan::parse(taken(plan));
    }

    /// Secrets of the product that cannot be read, and are placeholders in the copy: signing keys and secure headers of webhooks.
    [[nodiscard]] std::vector<std::string> placeholders() const {
        std::vector<std::string> found;
        for (std::size_t i = 0; i < ccm_simulator_mirror_placeholder_count(get()); i++) {
            found.emplace_back(ccm_simulator_mirror_placeholder(get(), i));
        }
        return found;
    }

  private:
    static Handle mirrored(const std::string &seed, const SimulatorOptions &options) {
        return started([&](ccm_simulator **simulator, char **reason) {
            ccm_simulator_options given = c_options(options);
            given.seed = nullptr;
            return ccm_simulator_mirror_start(seed.data(), seed.size(), &given, simulator, reason);
        });
    }
};

} // namespace configcat::management

#endif
