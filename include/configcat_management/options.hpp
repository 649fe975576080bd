// How a client is set up, and what it tells.

#ifndef CONFIGCAT_MANAGEMENT_OPTIONS_HPP
#define CONFIGCAT_MANAGEMENT_OPTIONS_HPP

#include "value.hpp"

#include <functional>

namespace configcat::management {

/// What to do about the service's rate limit.
enum class RateLimitPolicy {
    /// Wait for the budget, so that no request is turned away.
    pace = CCM_RATE_LIMIT_PACE,
    /// Fail at once with RateLimitedError when the budget is known to be used up.
    fail_fast = CCM_RATE_LIMIT_FAIL_FAST,
    /// Do not look at the budget at all.
    off = CCM_RATE_LIMIT_OFF,
};

/// What is known of the rate limit.
struct RateLimit {
    /// Requests left in the window, as far as known.
    std::optional<std::int64_t> remaining;
    /// Time until the window ends, as far as known.
    std::optional<std::chrono::milliseconds> resets_in;
    /// Requests that are on their way.
    std::uint64_t in_flight = 0;
    /// Calls that wait for their turn.
    std::uint64_t waiting = 0;

    static RateLimit from(const ccm_rate_limit &state) {
        RateLimit limit;
        if (state.remaining >= 0) {
            limit.remaining = state.remaining;
        }
        if (state.resets_in_ms >= 0) {
            limit.resets_in = std::chrono::milliseconds(state.resets_in_ms);
        }
        limit.in_flight = state.in_flight;
        limit.waiting = state.waiting;
        return limit;
    }
};

/// What a client has done so far.
struct Usage {
    /// Requests that were sent, retries included.
    std::uint64_t requests = 0;
    /// Answers that turned a request away for the rate limit (429).
    std::uint64_t rate_limited = 0;
    /// Time that calls spent waiting for the rate limit, added up.
    std::chrono::milliseconds waited{};
};

/// Something that a client does.
struct Event {
    /// An attempt that begins or ends, or a wait for the rate limit or between attempts.
    ccm_event_kind kind;
    /// The operation, such as "configs.create"; lives until the observer returns.
    std::string_view operation;
    /// Number of the attempt, from 1; 0 for waits.
    unsigned attempt;
    /// Status of the answer; 0 when there was none, or none yet.
    int http_status;
    /// How long the wait is expected to take, or how long the attempt took.
    std::chrono::milliseconds time;
};

/// How a client is set up. What is left out is what the environment says (CONFIGCAT_API_USER, CONFIGCAT_API_PASS,
/// CONFIGCAT_BASE_URL or CONFIGCAT_API_HOST), or the default.
struct Options {
    /// User name of a Public API credential; goes together with the password.
    std::optional<std::string> username;
    /// Password of a Public API credential.
    std::optional<std::string> password;
    /// Where the service lives. Default: https://api.configcat.com.
    std::optional<std::string> base_url;
    /// Bounds a whole call with its waits and retries. Default: 5 minutes.
    std::optional<std::chrono::milliseconds> timeout;
    /// Bounds one attempt. Default: 30 seconds.
    std::optional<std::chrono::milliseconds> attempt_timeout;
    /// Bounds the making of a connection. Default: 10 seconds.
    std::optional<std::chrono::milliseconds> connect_timeout;
    /// How often to send a request at most, from 1. Default: 3.
    std::optional<unsigned> max_attempts;
    /// Whether to repeat POST and PATCH too when an answer is lost; they may then be carried out twice.
    bool retry_all_methods = false;
    /// What to do about the rate limit.
    RateLimitPolicy rate_limit = RateLimitPolicy::pace;
    /// The longest single wait for the rate limit. Default: 60 seconds.
    std::optional<std::chrono::milliseconds> max_rate_limit_wait;
    /// The largest body of an answer, in bytes, after decompression. Default: 64 MiB.
    std::optional<std::size_t> max_response_size;
    /// Address of a proxy (http, https or socks5); the empty text for none. Default: what the system says.
    std::optional<std::string> proxy;
    /// Certificates (PEM) that are trusted beside those of the platform.
    std::vector<std::string> root_certificates;
    /// Sent as X-Caller-Id: "name/version".
    std::optional<std::string> caller_id;
    /// Put in front of our own in User-Agent: "name/version".
    std::optional<std::string> user_agent;
    /// Allows http to hosts other than this machine. Credentials then travel in clear.
    bool allow_http = false;
    /// Is told what the client does, on a thread of the library: return quickly, throw nothing.
    std::function<void(const Event &)> observer;
};

namespace detail {

/// An observer that lives as long as its client and the calls of that.
inline void observe(void *user_data, const ccm_event *event) {
    const auto &observer = *static_cast<const std::function<void(const Event &)> *>(user_data);
    try {
        observer({event->kind, event->operation, event->attempt, event->http_status,
                  std::chrono::milliseconds(event->milliseconds)});
    } catch (...) {
        // There is nobody above who could be told.
    }
}

inline OptionsHandle prepare(const Options &options, void *observer) {
    OptionsHandle handle(ccm_options_new());
    ccm_options *out = handle.get();
    auto ms = [](std::chrono::milliseconds time) {
        return static_cast<std::uint64_t>(time.count() < 0 ? 0 : time.count());
    };
    if (options.username || options.password) {
        ccm_options_set_credentials(out, options.username.value_or("").c_str(), options.password.value_or("").c_str());
    }
    if (options.base_url) ccm_options_set_base_url(out, options.base_url->c_str());
    if (options.timeout) ccm_options_set_timeout_ms(out, ms(*options.timeout));
    if (options.attempt_timeout) ccm_options_set_attempt_timeout_ms(out, ms(*options.attempt_timeout));
    if (options.connect_timeout) ccm_options_set_connect_timeout_ms(out, ms(*options.connect_timeout));
    if (options.max_attempts) ccm_options_set_max_attempts(out, *options.max_attempts);
    ccm_options_set_retry_all_methods(out, options.retry_all_methods);
    ccm_options_set_rate_limit_policy(out, static_cast<std::int32_t>(options.rate_limit));
    if (options.max_rate_limit_wait) ccm_options_set_max_rate_limit_wait_ms(out, ms(*options.max_rate_limit_wait));
    if (options.max_response_size) ccm_options_set_max_response_size(out, *options.max_response_size);
    if (options.proxy) ccm_options_set_proxy(out, options.proxy->empty() ? nullptr : options.proxy->c_str());
    for (const auto &pem : options.root_certificates) ccm_options_add_root_certificate(out, pem.data(), pem.size());
    if (options.caller_id) ccm_options_set_caller_id(out, options.caller_id->c_str());
    if (options.user_agent) ccm_options_set_user_agent(out, options.user_agent->c_str());
    ccm_options_set_allow_http(out, options.allow_http);
    if (observer != nullptr) ccm_options_set_observer(out, observe, observer);
    return handle;
}

} // namespace detail

} // namespace configcat::management

#endif
