// Configuration of a client, and its state and events.

#ifndef CONFIGCAT_MANAGEMENT_OPTIONS_HPP
#define CONFIGCAT_MANAGEMENT_OPTIONS_HPP

#include "value.hpp"

#include <functional>

namespace configcat::management {

/// How to handle the rate limit of the service.
enum class RateLimitPolicy {
    /// Wait for the budget, so that no request is rejected with 429.
    pace = CCM_RATE_LIMIT_PACE,
    /// Fail immediately with RateLimitedError if the budget is known to be exhausted.
    fail_fast = CCM_RATE_LIMIT_FAIL_FAST,
    /// Ignore the budget.
    off = CCM_RATE_LIMIT_OFF,
};

/// What a client does with a cassette.
enum class CassetteMode {
    /// Play the file back if it exists, and record to it otherwise.
    automatic = CCM_CASSETTE_AUTO,
    /// Send requests, and write them and their responses to a new file.
    record = CCM_CASSETTE_RECORD,
    /// Play the file back; nothing is sent. A request that is not in it fails with ConfigurationError.
    replay = CCM_CASSETTE_REPLAY,
};

/// State of the rate limit.
struct RateLimit {
    /// Requests remaining in the window, if known.
    std::optional<std::int64_t> remaining;
    /// Time until the window ends, if known.
    std::optional<std::chrono::milliseconds> resets_in;
    /// Requests in flight.
    std::uint64_t in_flight = 0;
    /// Calls waiting for a permit.
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

/// Counters of a client since its creation.
struct Usage {
    /// Requests sent, including retries.
    std::uint64_t requests = 0;
    /// Responses that rejected a request because of the rate limit (429).
    std::uint64_t rate_limited = 0;
    /// Total time that calls have waited for the rate limit.
    std::chrono::milliseconds waited{};
};

/// An event of a client. Events contain neither credentials nor headers. Strings are valid until the observer returns.
///
/// The events of one call have the same number and come in order: attempts, each with its outcome, waits before and between them, and
/// at last CCM_EVENT_FINISHED. An attempt during which the call is cancelled has no outcome. A call that is refused before it begins,
/// because its input violates the spec, has only the last event.
struct Event {
    /// Type of the event: an attempt begins or completes, a wait for the rate limit or before a retry begins, or a call completes.
    ccm_event_kind kind;
    /// The operation, such as "configs.create"; method and path of a raw request.
    std::string_view operation;
    /// Number of the attempt, from 1; of a wait, that of the attempt that follows; of a completed call, the number of attempts.
    unsigned attempt;
    /// HTTP status of the response, of a completed call the last one; 0 if there is none, or none yet.
    int http_status;
    /// Expected duration of the wait, or duration of the completed attempt or call.
    std::chrono::milliseconds time;
    /// Number of the call, shared by its events. Later calls of the process have larger ones.
    std::uint64_t call;
    /// HTTP method, such as "POST".
    std::string_view method;
    /// Path with the names of its parameters, such as "/v1/products/{productId}/configs"; the path of a raw request, without its
    /// query.
    std::string_view path_template;
    /// Why a completed attempt or call failed; CCM_OK if it did not, and for other events. Decoding the response comes later: a call
    /// that succeeded here may still fail with DecodeError.
    ccm_status error;
    /// Whether another attempt follows a completed one, unless a wait for the rate limit is too long.
    bool will_retry;
    /// Host of the base URL, such as "api.configcat.com", of an attempt that begins; otherwise empty.
    std::string_view server_address;
    /// Port of the base URL, such as 443, of an attempt that begins; otherwise 0.
    std::uint16_t server_port;
    /// Size of the request body of a completed attempt in bytes.
    std::uint64_t request_bytes;
    /// Number of bytes that a completed attempt read of the response body, after decompression. Of the body of an unsuccessful
    /// response, only the start is read. 0 if there was no response, or if it was too large.
    std::uint64_t response_bytes;
    /// Time that a completed call spent waiting for the rate limit.
    std::chrono::milliseconds waited;
    /// Time that a completed call spent waiting between failed attempts.
    std::chrono::milliseconds backoff;
    /// Remaining budget of the rate limit when the call completed, if known.
    std::optional<std::int64_t> remaining;

    static Event from(const ccm_event &event) {
        Event out{};
        out.kind = event.kind;
        out.operation = event.operation;
        out.attempt = event.attempt;
        out.http_status = event.http_status;
        out.time = std::chrono::milliseconds(event.milliseconds);
        out.call = event.call;
        out.method = event.method;
        out.path_template = event.path_template;
        out.error = event.error;
        out.will_retry = event.will_retry;
        out.server_address = event.server_address == nullptr ? "" : event.server_address;
        out.server_port = event.server_port;
        out.request_bytes = event.request_bytes;
        out.response_bytes = event.response_bytes;
        out.waited = std::chrono::milliseconds(event.waited_ms);
        out.backoff = std::chrono::milliseconds(event.backoff_ms);
        if (event.remaining >= 0) {
            out.remaining = event.remaining;
        }
        return out;
    }
};

/// User name and password of a Public API credential.
struct Credentials {
    std::string username;
    std::string password;
};

/// Configuration of a client. Unset options are read from environment variables (CONFIGCAT_API_USER, CONFIGCAT_API_PASS,
/// CONFIGCAT_BASE_URL or CONFIGCAT_API_HOST), or have the default value.
struct Options {
    /// User name of a Public API credential. Set it together with the password.
    std::optional<std::string> username;
    /// Password of a Public API credential.
    std::optional<std::string> password;
    /// Base URL of the service. Default: https://api.configcat.com.
    std::optional<std::string> base_url;
    /// Timeout of a call, including waits and retries. Default: 5 minutes.
    std::optional<std::chrono::milliseconds> timeout;
    /// Timeout of each attempt. Default: 30 seconds.
    std::optional<std::chrono::milliseconds> attempt_timeout;
    /// Timeout for connecting. Default: 10 seconds.
    std::optional<std::chrono::milliseconds> connect_timeout;
    /// Maximum number of attempts for each call, at least 1. Default: 3.
    std::optional<unsigned> max_attempts;
    /// Whether to retry POST and PATCH too if a response is lost; they may then be carried out twice.
    bool retry_all_methods = false;
    /// How to handle the rate limit.
    RateLimitPolicy rate_limit = RateLimitPolicy::pace;
    /// Maximum single wait for the rate limit. Default: 60 seconds.
    std::optional<std::chrono::milliseconds> max_rate_limit_wait;
    /// Maximum size of a response body after decompression, in bytes. Default: 64 MiB.
    std::optional<std::size_t> max_response_size;
    /// URL of a proxy (http, https, socks4, socks4a, socks5 or socks5h); empty for no proxy. Default: the proxy settings of the
    /// system, except for a service on this machine.
    std::optional<std::string> proxy;
    /// Root certificates (PEM) that are trusted in addition to those of the platform.
    std::vector<std::string> root_certificates;
    /// Certificate chain and private key (PEM, not encrypted) with which the client identifies itself to a gateway (mutual TLS).
    std::optional<std::string> client_certificate;
    /// Extra headers of every request. Those that the client sets itself, such as Authorization or Content-Type, are refused.
    /// Values are masked in errors and logs.
    std::vector<std::pair<std::string, std::string>> headers;
    /// Value of the header X-Caller-Id: "name/version".
    std::optional<std::string> caller_id;
    /// Product in the User-Agent header, before that of the library: "name/version".
    std::optional<std::string> user_agent;
    /// Allows http to hosts other than the local machine, which sends credentials unencrypted.
    bool allow_http = false;
    /// File to which the requests and responses of the client are recorded, or from which they are played back.
    std::optional<std::string> cassette;
    /// What to do with the cassette. Default: play it back if it exists, and record otherwise.
    CassetteMode cassette_mode = CassetteMode::automatic;
    /// Receives the events of the client: on the thread that waits for a call, or on a thread of the library. It must return
    /// quickly, must make no calls that wait, and must not throw.
    std::function<void(const Event &)> observer;
    /// Makes headers for each attempt, as pairs of name and value: the context of a trace, or a signature. Receives an event of the
    /// type CCM_EVENT_ATTEMPT. Headers of the call with the same names take precedence; one that the client sets itself, such as
    /// Authorization, fails the call with BadRequestError. Called like the observer; if it throws, the attempt is sent without them.
    std::function<std::vector<std::pair<std::string, std::string>>(const Event &)> attempt_headers;
    /// Provides the credentials of each call, in the place of username and password; the client does not keep them. Called on the
    /// thread that waits for a call, or on a thread of the library. It must return quickly and must make no calls that wait. If it
    /// throws, nothing is sent and the call fails with AuthenticationError, whose message contains that of the exception.
    std::function<Credentials()> credentials;
};

namespace detail {

/// Passes an event to the observer, which outlives its client and the calls of the client.
inline void observe(void *user_data, const ccm_event *event) {
    const auto &observer = *static_cast<const std::function<void(const Event &)> *>(user_data);
    contain([&] { observer(Event::from(*event)); });
}

/// Returns a string for C, which would end at a NUL; one with a NUL becomes a line break, which headers refuse, too.
inline const char *header_text(const std::string &text) noexcept {
    return text.find('\0') == std::string::npos ? text.c_str() : "\n";
}

/// Passes the headers of an attempt to the library, which copies them.
inline void add_headers(void *user_data, const ccm_event *attempt, ccm_attempt_headers *out) {
    const auto &make = *static_cast<const decltype(Options::attempt_headers) *>(user_data);
    contain([&] {
        for (const auto &[name, value] : make(Event::from(*attempt))) {
            ccm_attempt_headers_set(out, header_text(name), header_text(value));
        }
    });
}

/// Passes the credentials of a call to the library, which copies them.
inline void provide(void *user_data, ccm_credentials *out) {
    const auto &provider = *static_cast<const std::function<Credentials()> *>(user_data);
    auto provide = [&] {
        const Credentials credentials = provider();
        ccm_credentials_set(out, credentials.username.c_str(), credentials.password.c_str());
    };
    contain(provide, [&](const char *reason) { ccm_credentials_refuse(out, reason); });
}

inline OptionsHandle prepare(const Options &options, void *observer, void *attempt_headers, void *credentials) {
    OptionsHandle handle(ccm_options_new());
    ccm_options *out = handle.get();
    auto ms = [](std::chrono::milliseconds time) {
        return static_cast<std::uint64_t>(time.count() < 0 ? 0 : time.count());
    };
    if (options.username && options.password) {
        ccm_options_set_credentials(out, options.username->c_str(), options.password->c_str());
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
    if (const auto &pem = options.client_certificate) ccm_options_set_client_certificate(out, pem->data(), pem->size());
    for (const auto &[name, value] : options.headers) ccm_options_set_header(out, header_text(name), header_text(value));
    if (options.caller_id) ccm_options_set_caller_id(out, options.caller_id->c_str());
    if (options.user_agent) ccm_options_set_user_agent(out, options.user_agent->c_str());
    ccm_options_set_allow_http(out, options.allow_http);
    if (options.cassette) {
        ccm_options_set_cassette(out, options.cassette->c_str(), static_cast<std::int32_t>(options.cassette_mode));
    }
    if (observer != nullptr) ccm_options_set_observer(out, observe, observer);
    if (attempt_headers != nullptr) ccm_options_set_attempt_headers(out, add_headers, attempt_headers);
    if (credentials != nullptr) ccm_options_set_credential_provider(out, provide, credentials);
    return handle;
}

} // namespace detail

} // namespace configcat::management

#endif
