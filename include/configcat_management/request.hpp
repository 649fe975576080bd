// Requests: prepare, send, await and cancel calls.

#ifndef CONFIGCAT_MANAGEMENT_REQUEST_HPP
#define CONFIGCAT_MANAGEMENT_REQUEST_HPP

#include "json.hpp"
#include "options.hpp"

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

/// State of a client that its calls share.
struct Core {
    // Declared first so that it is destroyed last: the client may call it until the client is destroyed.
    std::function<void(const Event &)> observer;
    std::function<Credentials()> credentials;
    mutable std::mutex listening;
    mutable std::unique_ptr<std::function<void(const RateLimit &)>> listener;
    ClientHandle client;
};

} // namespace detail

/// Completion queue of asynchronous calls, for event loops. Their callbacks run in dispatch().
class Queue {
  public:
    Queue() {
        ccm_queue *queue = nullptr;
        detail::check([&](ccm_error **error) { return ccm_queue_new(&queue, error); });
        handle_.reset(queue);
    }
    /// File descriptor that is readable while completed calls are queued. Only poll it.
    [[nodiscard]] int fd() const noexcept { return ccm_queue_fd(handle_.get()); }
    /// Runs the callbacks of completed calls on this thread, and returns their number. Waits at most `wait` for the first one,
    /// and runs at most `at_most` callbacks; 0 for no limit.
    std::size_t dispatch(std::chrono::milliseconds wait = std::chrono::milliseconds(0), std::size_t at_most = 0) {
        return ccm_queue_dispatch(handle_.get(), wait.count() < 0 ? 0 : wait.count(), at_most);
    }
    /// Runs callbacks until no call is in progress, and returns their number.
    std::size_t run() {
        std::size_t total = 0;
        while (std::size_t ran = ccm_queue_dispatch(handle_.get(), -1, 0)) {
            total += ran;
        }
        return total;
    }
    [[nodiscard]] ccm_queue *get() const noexcept { return handle_.get(); }

  private:
    detail::QueueHandle handle_;
};

/// An asynchronous call in progress. Destroying this object does not affect the call.
class Pending {
  public:
    Pending() = default;
    explicit Pending(ccm_pending *pending) noexcept : handle_(pending) {}
    /// Cancels the call. Its callback receives CancelledError, unless the call has already completed.
    void cancel() noexcept { ccm_pending_cancel(handle_.get()); }
    /// Waits until the callback has returned. Returns false if it has not within `at_most`.
    bool wait(std::chrono::milliseconds at_most) noexcept {
        return ccm_pending_wait(handle_.get(), at_most.count() < 0 ? 0 : at_most.count()) == CCM_OK;
    }

  private:
    detail::PendingHandle handle_;
};

/// A prepared call. Its send functions send it; it can be sent several times.
template <class T, class Self = void>
class [[nodiscard]] Request {
    using Derived = std::conditional_t<std::is_void_v<Self>, Request, Self>;

  public:
    /// Type of the call's value.
    using value_type = T;

    Request(std::shared_ptr<const detail::Core> core, const char *operation)
        : core_(std::move(core)), operation_(operation), params_(ccm_params_new()) {}

    /// Sets the timeout of the call, including waits and retries. Default: the timeout of the client.
    Derived &&timeout(std::chrono::milliseconds time) {
        ccm_params_set_timeout_ms(params_.get(), static_cast<std::uint64_t>(time.count() < 0 ? 0 : time.count()));
        return self();
    }
    /// Sets the maximum number of attempts, at least 1. Default: the value of the client.
    Derived &&max_attempts(unsigned attempts) {
        ccm_params_set_max_attempts(params_.get(), attempts);
        return self();
    }
    /// Sets an extra header of the call, in the place of one of this name of the client. Headers that the client sets itself, such
    /// as Authorization or Content-Type, are refused with BadRequestError. Values are masked in errors and logs.
    Derived &&header(const std::string &name, const std::string &value) {
        ccm_params_set_header(params_.get(), detail::header_text(name), detail::header_text(value));
        return self();
    }
    /// Sets the queue that runs the callbacks. The queue must outlive the call.
    Derived &&queue(const Queue &queue) {
        ccm_params_set_queue(params_.get(), queue.get());
        return self();
    }

    /// Sends the request and waits for the response. Throws the Error subclass of the failure.
    T send() { return detail::decode<T>(exchange().get()); }

    /// Like send(), but returns the metadata of the response too.
    Response<T> send_response() { return detail::whole<T>(exchange().get()); }

    /// Like send(), but returns errors instead of throwing them.
    Result<T> try_send() noexcept {
        ccm_response *response = nullptr;
        ccm_error *error = nullptr;
        ccm_status status = call(&response, &error);
        return outcome(status, response, error);
    }

    /// Starts the call. The future receives the value or the Error.
    std::future<T> send_async() {
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

    /// Starts the call. The callback runs once, on a thread of the library or in Queue::dispatch(). It must not throw; on a
    /// thread of the library, it must not wait either.
    Pending send_async(std::function<void(Result<T>)> callback) {
        auto owned = std::make_unique<Started>(Started{std::move(callback), core_});
        ccm_pending *pending = nullptr;
        detail::check([&](ccm_error **error) { return derived().begin(completed, owned.get(), &pending, error); });
        owned.release();
        return Pending(pending);
    }

    /// Adds the call to a C bulk. bulk() uses it.
    void add_to(ccm_bulk *bulk) {
        std::string arguments = arguments_.finish();
        detail::check([&](ccm_error **error) {
            return ccm_bulk_add(bulk, core_->client.get(), operation_, arguments.data(), arguments.size(), params_.get(), error);
        });
    }

    /// Adds an argument by name. The generated functions use it.
    template <class V>
    Derived &&with(const char *name, const V &value) {
        using detail::write;
        write(arguments_.get(), name, value);
        return self();
    }
    /// Adds a string argument by name.
    Derived &&with(const char *name, const char *value) { return with(name, std::string_view(value)); }

  protected:
    ccm_status call(ccm_response **response, ccm_error **error) {
        try {
            return derived().perform(response, error);
        } catch (const Error &misuse) {
            misuse_ = misuse;
            return CCM_MISUSE;
        }
    }

    ccm_status perform(ccm_response **response, ccm_error **error) {
        std::string arguments = arguments_.finish();
        return ccm_call(core_->client.get(), operation_, arguments.data(), arguments.size(), params_.get(), response, error);
    }

    ccm_status begin(ccm_callback callback, void *user_data, ccm_pending **pending, ccm_error **error) {
        std::string arguments = arguments_.finish();
        return ccm_call_start(core_->client.get(), operation_, arguments.data(), arguments.size(), params_.get(), callback,
                              user_data, pending, error);
    }

    std::shared_ptr<const detail::Core> core_;
    const char *operation_;
    detail::Writer arguments_;
    detail::ParamsHandle params_;

  private:
    Derived &derived() noexcept { return static_cast<Derived &>(*this); }
    Derived &&self() { return static_cast<Derived &&>(*this); }

    struct Started {
        std::function<void(Result<T>)> callback;
        std::shared_ptr<const detail::Core> core;
    };

    detail::ResponseHandle exchange() {
        ccm_response *response = nullptr;
        ccm_error *error = nullptr;
        ccm_status status = call(&response, &error);
        if (status != CCM_OK && error == nullptr && misuse_) {
            misuse_->raise();
        }
        detail::check(status, error);
        return detail::ResponseHandle(response);
    }

    Result<T> outcome(ccm_status status, ccm_response *response, ccm_error *error) {
        if (status == CCM_OK) {
            return detail::decode<T>(detail::ResponseHandle(response).get());
        }
        if (error == nullptr && misuse_) {
            return *misuse_;
        }
        return Error::from(status, error);
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

    std::optional<Error> misuse_;
};

/// A request by method and path. Its value is any JSON, with the names of the service: null if the body is empty, or if its
/// Content-Type is not JSON. send_response() returns the status, the headers and the body, too.
class [[nodiscard]] RawRequest : public Request<Json, RawRequest> {
  public:
    RawRequest(std::shared_ptr<const detail::Core> core, std::string method, std::string path)
        : Request(std::move(core), nullptr), method_(std::move(method)), path_(std::move(path)) {}

    /// Adds a parameter to the query, which may have several of the same name. Name and value are encoded.
    RawRequest &&query(const std::string &name, const std::string &value) {
        ccm_params_add_query(params_.get(), name.c_str(), value.c_str());
        return std::move(*this);
    }
    /// Sets the body, which is sent as JSON without a check.
    RawRequest &&body(const Json &json) {
        body_ = json.text();
        return std::move(*this);
    }

  private:
    friend class Request<Json, RawRequest>;

    ccm_status perform(ccm_response **response, ccm_error **error) {
        return ccm_request(core_->client.get(), method_.c_str(), path_.c_str(), text(), length(), params_.get(), response,
                           error);
    }

    ccm_status begin(ccm_callback callback, void *user_data, ccm_pending **pending, ccm_error **error) {
        return ccm_request_start(core_->client.get(), method_.c_str(), path_.c_str(), text(), length(), params_.get(),
                                 callback, user_data, pending, error);
    }

    [[nodiscard]] const char *text() const noexcept { return body_ ? body_->data() : nullptr; }
    [[nodiscard]] std::size_t length() const noexcept { return body_ ? body_->size() : 0; }

    std::string method_;
    std::string path_;
    std::optional<std::string> body_;
};

/// Iterator over the pages of a list.
template <class Item>
class Pages {
  public:
    Pages(std::shared_ptr<const detail::Core> core, detail::PagesHandle pages)
        : core_(std::move(core)), pages_(std::move(pages)) {}

    /// Fetches the next page. Returns nothing after the last one. Throws an Error if the request fails; the next call then
    /// requests the same page again.
    std::optional<std::vector<Item>> next() {
        ccm_response *response = nullptr;
        ccm_error *error = nullptr;
        ccm_status status = ccm_pages_next(pages_.get(), &response, &error);
        if (status == CCM_DONE) {
            return std::nullopt;
        }
        detail::check(status, error);
        detail::ResponseHandle owned(response);
        std::vector<Item> page;
        using detail::read;
        read(Value(ccm_response_items(response)), page);
        return page;
    }

  private:
    std::shared_ptr<const detail::Core> core_;
    detail::PagesHandle pages_;
};

/// Range over the items of all pages of a list. Pages are fetched when needed: for (const auto &item : request.items()).
template <class Item>
class Items {
  public:
    class Iterator {
      public:
        using value_type = Item;
        using difference_type = std::ptrdiff_t;
        using pointer = const Item *;
        using reference = const Item &;
        using iterator_category = std::input_iterator_tag;

        explicit Iterator(Items *items) : items_(items) {}
        const Item &operator*() const noexcept { return items_->page_[items_->index_]; }
        const Item *operator->() const noexcept { return &**this; }
        Iterator &operator++() {
            if (!items_->advance()) {
                items_ = nullptr;
            }
            return *this;
        }
        bool operator==(const Iterator &other) const noexcept { return items_ == other.items_; }
        bool operator!=(const Iterator &other) const noexcept { return items_ != other.items_; }

      private:
        Items *items_;
    };

    explicit Items(Pages<Item> pages) : pages_(std::move(pages)) {}

    /// Fetches the first page. Throws an Error if the request fails.
    Iterator begin() { return Iterator(fetch() ? this : nullptr); }
    Iterator end() noexcept { return Iterator(nullptr); }

  private:
    bool advance() { return ++index_ < page_.size() || fetch(); }

    bool fetch() {
        auto page = pages_.next();
        page_ = page ? std::move(*page) : std::vector<Item>();
        index_ = 0;
        return !page_.empty();
    }

    Pages<Item> pages_;
    std::vector<Item> page_;
    std::size_t index_ = 0;
};

/// A call of a paged operation.
template <class T, class Item, class Self>
class [[nodiscard]] PagedRequest : public Request<T, Self> {
  public:
    using Request<T, Self>::Request;

    /// Returns a range over the items of all pages. Pages are fetched when needed.
    Items<Item> items() { return Items<Item>(pages()); }

    /// Returns an iterator over the pages, for work page by page. Starts at the page of the request, or at the first.
    Pages<Item> pages() {
        std::string arguments = this->arguments_.finish();
        ccm_pages *pages = nullptr;
        detail::check([&](ccm_error **error) { return ccm_pages_new(this->core_->client.get(), this->operation_, arguments.data(), arguments.size(),
                                    this->params_.get(), &pages, error); });
        return Pages<Item>(this->core_, detail::PagesHandle(pages));
    }
};

} // namespace configcat::management

#endif
