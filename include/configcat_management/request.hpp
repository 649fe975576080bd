// Requests: prepare, send, await and cancel calls.

#ifndef CONFIGCAT_MANAGEMENT_REQUEST_HPP
#define CONFIGCAT_MANAGEMENT_REQUEST_HPP

#include "json.hpp"
#include "options.hpp"
#include "queue.hpp"

#include <algorithm>
#include <future>
#include <mutex>

namespace configcat::management {

/// Result of an operation without a response body.
struct Nothing {
    friend void read(Value, Nothing &) {}
    friend void write(ccm_builder *out, const char *name, const Nothing &) { ccm_builder_null(out, name); }
};

/// A response with its metadata.
template <class T>
struct Response {
    /// The decoded body.
    T value{};
    /// HTTP status.
    int http_status = 0;
    /// Headers, with names in lower case.
    std::vector<std::pair<std::string, std::string>> headers;
    /// The body as it was received.
    std::string body;
    /// State of the rate limit when the response was received.
    RateLimit rate_limit;
    /// Number of attempts.
    unsigned attempts = 0;
    /// Duration of the call, including waits and retries.
    std::chrono::milliseconds elapsed{};
    /// Part of `elapsed` that the call waited for the rate limit.
    std::chrono::milliseconds waited{};
    /// Whether a DELETE found nothing because an earlier attempt of the same call had already deleted the resource.
    bool already_deleted = false;
};

namespace detail {

template <class T>
T decode(const ccm_response *response) {
    T value{};
    read(Value(ccm_response_value(response)), value);
    return value;
}

template <class T>
Response<T> whole(const ccm_response *response) {
    Response<T> out;
    out.value = decode<T>(response);
    out.http_status = ccm_response_http_status(response);
    for (std::size_t i = 0; i < ccm_response_header_count(response); i++) {
        const char *value = nullptr;
        const char *name = ccm_response_header_at(response, i, &value);
        out.headers.emplace_back(name, value);
    }
    std::size_t length = 0;
    if (const char *body = ccm_response_body(response, &length)) {
        out.body.assign(body, length);
    }
    ccm_rate_limit limit{};
    ccm_response_rate_limit(response, &limit, sizeof limit);
    out.rate_limit = RateLimit::from(limit);
    out.attempts = ccm_response_attempts(response);
    out.elapsed = std::chrono::milliseconds(ccm_response_elapsed_ms(response));
    out.waited = std::chrono::milliseconds(ccm_response_waited_ms(response));
    out.already_deleted = ccm_response_already_deleted(response);
    return out;
}

/// Arguments of a request, by name.
class Arguments {
  public:
    /// Sets an argument, in the place of an earlier one of this name.
    template <class V>
    void set(const char *name, const V &value) {
        Writer writer;
        write(writer.get(), name, value);
        auto same = [&](const Argument &argument) { return argument.name == name; };
        auto found = std::find_if(arguments_.begin(), arguments_.end(), same);
        if (found != arguments_.end()) {
            found->member = writer.try_finish();
        } else {
            arguments_.push_back({name, writer.try_finish()});
        }
    }

    /// Returns why the arguments cannot be sent, such as a string that is not UTF-8; NULL if they can.
    [[nodiscard]] const Error *problem() const noexcept {
        for (const Argument &argument : arguments_) {
            if (!argument.member) {
                return &argument.member.error();
            }
        }
        return nullptr;
    }

    /// Returns the arguments as a JSON object, unless there is a problem.
    [[nodiscard]] std::string json() const {
        std::string out = "{";
        for (const Argument &argument : arguments_) {
            if (out.size() > 1) {
                out += ',';
            }
            // An object with one member, without its braces.
            out.append(*argument.member, 1, argument.member->size() - 2);
        }
        return out += '}';
    }

  private:
    struct Argument {
        std::string name;
        Result<std::string> member;
    };

    std::vector<Argument> arguments_;
};

/// State of a client that its calls share.
struct Core {
    // Declared first so that it is destroyed last: the client may call it until the client is destroyed.
    std::function<void(const Event &)> observer;
    decltype(Options::attempt_headers) attempt_headers;
    std::function<Credentials()> credentials;
    mutable std::mutex listening;
    mutable std::unique_ptr<std::function<void(const RateLimit &)>> listener;
    ClientHandle client;
};

} // namespace detail

class RawRequest;

/// A prepared call. Its send functions send it; it can be changed and sent several times.
template <class T, class Self = void>
class [[nodiscard]] Request {
    using Derived = std::conditional_t<std::is_void_v<Self>, Request, Self>;
    template <class, class>
    friend class Request;

  public:
    /// Type of the call's value.
    using value_type = T;

    Request(std::shared_ptr<const detail::Core> core, std::string operation)
        : core_(std::move(core)), operation_(std::move(operation)), params_(ccm_params_new()) {}
    /// Takes a request with optional parameters, after they were set: a std::vector<Request<T>> holds requests of several operations.
    template <class Other, class = std::enable_if_t<std::is_void_v<Self> && !std::is_void_v<Other> && !std::is_same_v<Other, RawRequest>>>
    Request(Request<T, Other> &&other)
        : core_(std::move(other.core_)), operation_(std::move(other.operation_)), arguments_(std::move(other.arguments_)),
          params_(std::move(other.params_)) {}

    /// Sets the timeout of the call, including waits and retries. Default: the timeout of the client.
    Derived &timeout(std::chrono::milliseconds time) & {
        ccm_params_set_timeout_ms(params_.get(), static_cast<std::uint64_t>(time.count() < 0 ? 0 : time.count()));
        return self();
    }
    Derived timeout(std::chrono::milliseconds time) && { return std::move(timeout(time)); }
    /// Sets the maximum number of attempts, at least 1. Default: the value of the client.
    Derived &max_attempts(unsigned attempts) & {
        ccm_params_set_max_attempts(params_.get(), attempts);
        return self();
    }
    Derived max_attempts(unsigned attempts) && { return std::move(max_attempts(attempts)); }
    /// Sets an extra header of the call, in the place of one of this name of the client. Headers that the client sets itself, such
    /// as Authorization or Content-Type, are refused with BadRequestError. Values are masked in errors and logs.
    Derived &header(const std::string &name, const std::string &value) & {
        ccm_params_set_header(params_.get(), detail::header_text(name), detail::header_text(value));
        return self();
    }
    Derived header(const std::string &name, const std::string &value) && { return std::move(header(name, value)); }
    /// Sets the queue that runs the callbacks. The queue must outlive the call.
    Derived &queue(const Queue &queue) & {
        ccm_params_set_queue(params_.get(), queue.get());
        return self();
    }
    Derived queue(const Queue &queue) && { return std::move(this->queue(queue)); }

    /// Sends the request and waits for the response. Throws the Error subclass of the failure.
    T send() const { return detail::decode<T>(exchange().get()); }

    /// Like send(), but returns the metadata of the response too.
    Response<T> send_response() const { return detail::whole<T>(exchange().get()); }

    /// Like send(), but returns errors instead of throwing them.
    Result<T> try_send() const noexcept {
        if (const Error *problem = arguments_.problem()) {
            return *problem;
        }
        ccm_response *response = nullptr;
        ccm_error *error = nullptr;
        ccm_status status = derived().perform(&response, &error);
        if (status != CCM_OK) {
            return Error::from(status, error);
        }
        return detail::decode<T>(detail::ResponseHandle(response).get());
    }

#if CONFIGCAT_MANAGEMENT_EXCEPTIONS
    /// Starts the call. The future receives the value or the Error.
    [[nodiscard]] std::future<T> send_async() const {
        auto promise = std::make_shared<std::promise<T>>();
        std::future<T> future = promise->get_future();
        send_async([promise](Result<T> result) {
            if (result) {
                promise->set_value(std::move(*result));
                return;
            }
            try {
                result.error().raise();
            } catch (...) {
                promise->set_exception(std::current_exception());
            }
        });
        return future;
    }
#endif

    /// Starts the call. The callback runs once, on a thread of the library or in Queue::dispatch(). It must not throw; on a
    /// thread of the library, it must not wait either.
    Pending send_async(std::function<void(Result<T>)> callback) const {
        check();
        auto owned = std::make_unique<Started>(Started{std::move(callback), core_});
        ccm_pending *pending = nullptr;
        detail::check([&](ccm_error **error) { return derived().begin(completed, owned.get(), &pending, error); });
        owned.release();
        return Pending(pending);
    }

    /// Adds the call to a C bulk. bulk() uses it.
    void add_to(ccm_bulk *bulk) const {
        check();
        const std::string arguments = arguments_.json();
        detail::check([&](ccm_error **error) {
            return ccm_bulk_add(bulk, core_->client.get(), operation_.c_str(), arguments.data(), arguments.size(), params_.get(),
                                error);
        });
    }

    /// Sets an argument by name, in the place of an earlier one of this name. The generated functions use it.
    template <class V>
    Derived &with(const char *name, const V &value) & {
        arguments_.set(name, value);
        return self();
    }
    template <class V>
    Derived with(const char *name, const V &value) && {
        return std::move(with(name, value));
    }

  protected:
    /// Throws if the arguments cannot be sent.
    void check() const {
        if (const Error *problem = arguments_.problem()) {
            problem->raise();
        }
    }

    ccm_status perform(ccm_response **response, ccm_error **error) const {
        const std::string arguments = arguments_.json();
        return ccm_call(core_->client.get(), operation_.c_str(), arguments.data(), arguments.size(), params_.get(), response,
                        error);
    }

    ccm_status begin(ccm_callback callback, void *user_data, ccm_pending **pending, ccm_error **error) const {
        const std::string arguments = arguments_.json();
        return ccm_call_start(core_->client.get(), operation_.c_str(), arguments.data(), arguments.size(), params_.get(), callback,
                              user_data, pending, error);
    }

    std::shared_ptr<const detail::Core> core_;
    std::string operation_;
    detail::Arguments arguments_;
    detail::ParamsHandle params_;

  private:
    const Derived &derived() const noexcept { return static_cast<const Derived &>(*this); }
    Derived &self() noexcept { return static_cast<Derived &>(*this); }

    struct Started {
        std::function<void(Result<T>)> callback;
        std::shared_ptr<const detail::Core> core;
    };

    detail::ResponseHandle exchange() const {
        check();
        ccm_response *response = nullptr;
        detail::check([&](ccm_error **error) { return derived().perform(&response, error); });
        return detail::ResponseHandle(response);
    }

    static void completed(void *user_data, ccm_status status, ccm_response *response, ccm_error *error) noexcept {
        std::unique_ptr<Started> started(static_cast<Started *>(user_data));
        detail::ResponseHandle owned(response);
        if (status == CCM_OK) {
            started->callback(detail::decode<T>(owned.get()));
        } else {
            started->callback(Error::from(status, error));
        }
    }
};

/// A request by method and path. Its value is any JSON, with the names of the service: null if the body is empty, or if its
/// Content-Type is not JSON. send_response() returns the status, the headers and the body, too.
class [[nodiscard]] RawRequest : public Request<Json, RawRequest> {
  public:
    RawRequest(std::shared_ptr<const detail::Core> core, std::string method, std::string path)
        : Request(std::move(core), std::string()), method_(std::move(method)), path_(std::move(path)) {}

    /// Adds a parameter to the query, which may have several of the same name. Name and value are encoded.
    RawRequest &query(const std::string &name, const std::string &value) & {
        ccm_params_add_query(params_.get(), name.c_str(), value.c_str());
        return *this;
    }
    RawRequest query(const std::string &name, const std::string &value) && { return std::move(query(name, value)); }
    /// Sets the body, which is sent as JSON without a check.
    RawRequest &body(const Json &json) & {
        body_ = json.text();
        return *this;
    }
    RawRequest body(const Json &json) && { return std::move(body(json)); }

    /// Deleted, because bulk() takes operations only.
    void add_to(ccm_bulk *) const = delete;

  private:
    friend class Request<Json, RawRequest>;

    ccm_status perform(ccm_response **response, ccm_error **error) const {
        return ccm_request(core_->client.get(), method_.c_str(), path_.c_str(), text(), length(), params_.get(), response,
                           error);
    }

    ccm_status begin(ccm_callback callback, void *user_data, ccm_pending **pending, ccm_error **error) const {
        return ccm_request_start(core_->client.get(), method_.c_str(), path_.c_str(), text(), length(), params_.get(),
                                 callback, user_data, pending, error);
    }

    [[nodiscard]] const char *text() const noexcept { return body_ ? body_->data() : nullptr; }
    [[nodiscard]] std::size_t length() const noexcept { return body_ ? body_->size() : 0; }

    std::string method_;
    std::string path_;
    std::optional<std::string> body_;
};

} // namespace configcat::management

#endif
