// What the client is, beside its resources.

#ifndef CONFIGCAT_MANAGEMENT_CLIENT_HPP
#define CONFIGCAT_MANAGEMENT_CLIENT_HPP

#include "request.hpp"
#include "tools.hpp"

namespace configcat::management {

/// A request by name, for operations that this version does not know how to type: its value is JSON.
class DynamicRequest : public Request<Json, DynamicRequest> {
  public:
    using Request::Request;
};

namespace detail {

class ClientBase {
  public:
    /// A client as the environment says (CONFIGCAT_API_USER and CONFIGCAT_API_PASS). Throws ConfigurationError.
    ClientBase() : ClientBase(Options{}) {}

    /// A client set up by options. Nothing is sent yet. Throws ConfigurationError.
    explicit ClientBase(const Options &options) {
        auto core = std::make_shared<Core>();
        core->observer = options.observer;
        void *observer = core->observer ? &core->observer : nullptr;
        auto handle = prepare(options, observer);
        ccm_client *client = nullptr;
        check([&](ccm_error **error) { return ccm_client_new(handle.get(), &client, error); });
        core->client.reset(client);
        core_ = std::move(core);
    }

    /// What is known of the rate limit right now.
    [[nodiscard]] RateLimit rate_limit() const {
        ccm_rate_limit state{};
        ccm_client_rate_limit(core_->client.get(), &state, sizeof state);
        return RateLimit::from(state);
    }

    /// What the client has sent and waited so far.
    [[nodiscard]] Usage usage() const {
        ccm_usage usage{};
        ccm_client_usage(core_->client.get(), &usage, sizeof usage);
        return {usage.requests, usage.rate_limited, std::chrono::milliseconds(usage.waited_ms)};
    }

    /// A request by name, such as "products.list"; with() adds arguments. `operation` has to outlive the request.
    [[nodiscard]] DynamicRequest call(const char *operation) const { return DynamicRequest(core_, operation); }

    /// The client in C, which stays ours.
    [[nodiscard]] ccm_client *get() const noexcept { return core_->client.get(); }

  protected:
    [[nodiscard]] const std::shared_ptr<const Core> &core() const noexcept { return core_; }

  private:
    std::shared_ptr<const Core> core_;
};

} // namespace detail

} // namespace configcat::management

#endif
