// Base class of the client, without its resources.

#ifndef CONFIGCAT_MANAGEMENT_CLIENT_HPP
#define CONFIGCAT_MANAGEMENT_CLIENT_HPP

#include "bulk.hpp"
#include "changes.hpp"
#include "log.hpp"
#include "pages.hpp"
#include "request.hpp"
#include "tools.hpp"

namespace configcat::management {

/// A request by operation name, without types: its value is JSON.
class DynamicRequest : public Request<Json, DynamicRequest> {
  public:
    using Request::Request;
};

namespace detail {

class ClientBase : public Changes<ClientBase> {
  public:
    /// Creates a client from environment variables (CONFIGCAT_API_USER and CONFIGCAT_API_PASS). Throws ConfigurationError.
    ClientBase() : ClientBase(Options{}) {}

    /// Creates a client. Sends no request. Throws ConfigurationError.
    explicit ClientBase(const Options &options) : ClientBase(connect(options).value()) {}

    /// Returns the current state of the rate limit.
    [[nodiscard]] RateLimit rate_limit() const {
        ccm_rate_limit state{};
        ccm_client_rate_limit(core_->client.get(), &state, sizeof state);
        return RateLimit::from(state);
    }

    /// Calls a function with the current state of the rate limit, and again when a response has changed it.
    ///
    /// When this returns, the previous function is not running and will not be called again.
    /// @param listener Runs on a thread of the library: it must return quickly, must make no calls that wait, and must not call this;
    ///        its exceptions are ignored. Empty for none.
    void on_rate_limit(std::function<void(const RateLimit &)> listener) const {
        using Listener = std::function<void(const RateLimit &)>;
        auto next = listener ? std::make_unique<Listener>(std::move(listener)) : nullptr;
        std::lock_guard<std::mutex> lock(core_->listening);
        ccm_rate_limit_callback callback = [](void *called, const ccm_rate_limit *state) {
            contain([&] { (*static_cast<const Listener *>(called))(RateLimit::from(*state)); });
        };
        check([&](ccm_error **error) {
            return ccm_client_set_rate_limit_callback(core_->client.get(), next ? callback : nullptr, next.get(), error);
        });
        core_->listener = std::move(next);
    }

    /// Returns the counters of the client.
    [[nodiscard]] Usage usage() const {
        ccm_usage usage{};
        ccm_client_usage(core_->client.get(), &usage, sizeof usage);
        return {usage.requests, usage.rate_limited, std::chrono::milliseconds(usage.waited_ms)};
    }

    /// Reports a network change: another network, or back from sleep.
    ///
    /// Closes the connections of the old network. Attempts in flight fail immediately as if their connection was lost, instead of
    /// waiting for a timeout, and are retried if that is safe.
    void network_changed() const noexcept { ccm_client_network_changed(core_->client.get()); }

    /// Prepares a request by name, such as "products.list"; with() adds arguments.
    [[nodiscard]] DynamicRequest call(std::string operation) const { return DynamicRequest(core_, std::move(operation)); }

    /// Prepares a request by method and path, for endpoints that this version does not have.
    ///
    /// It is paced, retried, redacted and limited in time like any other call: GET, PUT and DELETE are repeated after a lost
    /// response, POST and PATCH are not.
    /// @param method GET, POST, PUT, PATCH or DELETE.
    /// @param path Path relative to the base URL, such as "/v1/products". Characters that a path cannot have must be
    ///        percent-encoded.
    [[nodiscard]] RawRequest request(std::string method, std::string path) const {
        return RawRequest(core_, std::move(method), std::move(path));
    }

    /// Returns the C client, which remains owned by this object.
    [[nodiscard]] ccm_client *get() const noexcept { return core_->client.get(); }

  protected:
    explicit ClientBase(std::shared_ptr<const Core> core) noexcept : core_(std::move(core)) {}

    /// Creates the state of a client.
    static Result<std::shared_ptr<const Core>> connect(const Options &options) {
        if (options.username.has_value() != options.password.has_value()) {
            const char *message = options.username ? "username is set, but not password" : "password is set, but not username";
            return Error::of(ErrorKind::configuration, message);
        }
        // A misuse in C.
        if (options.max_attempts == 0U) {
            return Error::of(ErrorKind::configuration, "max_attempts must be at least 1, not 0");
        }
        auto core = std::make_shared<Core>();
        core->observer = options.observer;
        core->attempt_headers = options.attempt_headers;
        core->credentials = options.credentials;
        void *observer = core->observer ? &core->observer : nullptr;
        void *attempt_headers = core->attempt_headers ? &core->attempt_headers : nullptr;
        void *credentials = core->credentials ? &core->credentials : nullptr;
        auto handle = prepare(options, observer, attempt_headers, credentials);
        ccm_client *client = nullptr;
        ccm_error *error = nullptr;
        if (ccm_status status = ccm_client_new(handle.get(), &client, &error); status != CCM_OK) {
            return Error::from(status, error);
        }
        core->client.reset(client);
        return std::shared_ptr<const Core>(std::move(core));
    }

    [[nodiscard]] const std::shared_ptr<const Core> &core() const noexcept { return core_; }

  private:
    std::shared_ptr<const Core> core_;
};

} // namespace detail

} // namespace configcat::management

#endif
