// Errors: an exception class for each kind, and results for code without exceptions.

#ifndef CONFIGCAT_MANAGEMENT_ERROR_HPP
#define CONFIGCAT_MANAGEMENT_ERROR_HPP

#include "exceptions.hpp"
#include "handle.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace configcat::management {

/// Kind of an error; the same set in every language.
enum class ErrorKind {
    configuration = CCM_CONFIGURATION,
    bad_request = CCM_BAD_REQUEST,
    authentication = CCM_AUTHENTICATION,
    permission = CCM_PERMISSION,
    not_found = CCM_NOT_FOUND,
    conflict = CCM_CONFLICT,
    rate_limited = CCM_RATE_LIMITED,
    server = CCM_SERVER,
    timeout = CCM_TIMEOUT,
    connection = CCM_CONNECTION,
    decode = CCM_DECODE,
    cancelled = CCM_CANCELLED,
    misuse = CCM_MISUSE,
    internal = CCM_INTERNAL,
};

/// A validation message about a field of a request.
struct FieldError {
    /// The field, such as "name".
    std::string field;
    /// The message.
    std::string message;
};

/// Why a call failed. There is a derived class for each kind. `what()` returns the message, which never contains a credential.
class Error : public std::runtime_error {
  public:
    /// Kind of the error.
    [[nodiscard]] ErrorKind kind() const noexcept { return details_->kind; }
    /// The operation, such as "configs.create", or method and path of a RawRequest; empty if the error does not belong to an operation.
    [[nodiscard]] const std::string &operation() const noexcept { return details_->operation; }
    /// HTTP method of the request; empty if the error does not belong to an operation.
    [[nodiscard]] const std::string &method() const noexcept { return details_->method; }
    /// Path of the operation with the names of its parameters, such as "/v1/configs/{configId}"; the path of a RawRequest.
    [[nodiscard]] const std::string &path_template() const noexcept { return details_->path_template; }
    /// Headers of the response without credentials, the first 16 KiB of them; names are in lower case.
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>> &headers() const noexcept {
        return details_->headers;
    }
    /// HTTP status of the response; 0 if there was none.
    [[nodiscard]] int http_status() const noexcept { return details_->http_status; }
    /// Messages about fields, from the response or from the validation before sending.
    [[nodiscard]] const std::vector<FieldError> &field_errors() const noexcept { return details_->fields; }
    /// How long to wait before a retry, if the service or the rate limiter has determined it.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after() const noexcept { return details_->retry_after; }
    /// Number of attempts; 0 if no request was sent.
    [[nodiscard]] unsigned attempts() const noexcept { return details_->attempts; }
    /// Whether the service may have carried out the request although the call failed.
    [[nodiscard]] bool maybe_applied() const noexcept { return details_->maybe_applied; }

    /// Whether the same call may succeed later, because the call itself is valid: the rate limit was exhausted, the service or
    /// the connection failed, or the call timed out.
    [[nodiscard]] bool is_retryable() const noexcept { return details_->retryable; }
    /// JSON path of the value that could not be decoded; empty for other kinds.
    [[nodiscard]] const std::string &path() const noexcept { return details_->path; }
    /// Unmodified body of the response, truncated to 16 KiB.
    [[nodiscard]] const std::string &body() const noexcept { return details_->body; }

    /// Throws this error as the exception class of its kind.
    [[noreturn]] void raise() const;

    /// Creates an error that belongs to no operation.
    static Error of(ErrorKind kind, const std::string &message) {
        auto details = std::make_shared<Details>();
        details->kind = kind;
        return Error(message, std::move(details));
    }

    /// Converts a C error, which may be NULL, and frees it.
    static Error from(ccm_status status, ccm_error *error) {
        detail::ErrorHandle owned(error);
        auto text = [](const char *pointer) { return std::string(pointer != nullptr ? pointer : ""); };
        auto details = std::make_shared<Details>();
        details->kind = static_cast<ErrorKind>(status);
        details->operation = text(ccm_error_operation(error));
        details->method = text(ccm_error_method(error));
        details->path_template = text(ccm_error_path_template(error));
        for (std::size_t i = 0; i < ccm_error_header_count(error); i++) {
            const char *value = nullptr;
            const char *name = ccm_error_header_at(error, i, &value);
            details->headers.emplace_back(name, value);
        }
        details->http_status = ccm_error_http_status(error);
        for (std::size_t i = 0; i < ccm_error_field_count(error); i++) {
            details->fields.push_back({text(ccm_error_field_name(error, i)), text(ccm_error_field_message(error, i))});
        }
        if (auto wait = ccm_error_retry_after_ms(error); error != nullptr && wait >= 0) {
            details->retry_after = std::chrono::milliseconds(wait);
        }
        details->attempts = ccm_error_attempts(error);
        details->maybe_applied = ccm_error_maybe_applied(error);
        details->retryable = ccm_error_is_retryable(error);
        details->path = text(ccm_error_path(error));
        std::size_t length = 0;
        if (const char *body = ccm_error_body(error, &length)) {
            details->body.assign(body, length);
        }
        std::string message = text(ccm_error_message(error));
        return Error(message.empty() ? ccm_status_name(status) : message, std::move(details));
    }

  protected:
    Error(const Error &other, int) : Error(other) {}

  private:
    struct Details {
        ErrorKind kind = ErrorKind::internal;
        std::string operation;
        std::string method;
        std::string path_template;
        std::vector<std::pair<std::string, std::string>> headers;
        int http_status = 0;
        std::vector<FieldError> fields;
        std::optional<std::chrono::milliseconds> retry_after;
        unsigned attempts = 0;
        bool maybe_applied = false;
        bool retryable = false;
        std::string path;
        std::string body;
    };

    Error(const std::string &message, std::shared_ptr<const Details> details)
        : std::runtime_error(message), details_(std::move(details)) {}

    // Shared, so that copying an exception cannot fail.
    std::shared_ptr<const Details> details_;
};

namespace detail {

template <ErrorKind Kind>
class KindError : public Error {
  public:
    explicit KindError(const Error &error) : Error(error) {}
};

} // namespace detail

/// The configuration of the client is invalid, for example a missing credential or an invalid URL.
using ConfigurationError = detail::KindError<ErrorKind::configuration>;
/// The request is invalid: validation failed before sending, or the response has the status 400 or another 4xx.
using BadRequestError = detail::KindError<ErrorKind::bad_request>;
/// The credentials are missing or wrong (401).
using AuthenticationError = detail::KindError<ErrorKind::authentication>;
/// The credentials lack the permission (403).
using PermissionError = detail::KindError<ErrorKind::permission>;
/// Not found, or not visible to the credentials (404).
using NotFoundError = detail::KindError<ErrorKind::not_found>;
/// The request conflicts with the current state of the resource (409, 412).
using ConflictError = detail::KindError<ErrorKind::conflict>;
/// The rate limit is exhausted (429), or the wait for it would be too long.
using RateLimitedError = detail::KindError<ErrorKind::rate_limited>;
/// The service failed (5xx), or the response has an unexpected status.
using ServerError = detail::KindError<ErrorKind::server>;
/// The call timed out.
using TimeoutError = detail::KindError<ErrorKind::timeout>;
/// The connection could not be established, or broke.
using ConnectionError = detail::KindError<ErrorKind::connection>;
/// The response does not match the spec.
using DecodeError = detail::KindError<ErrorKind::decode>;
/// The call was cancelled.
using CancelledError = detail::KindError<ErrorKind::cancelled>;
/// An argument is invalid, such as a string that is not UTF-8.
using MisuseError = detail::KindError<ErrorKind::misuse>;

inline void Error::raise() const {
    switch (kind()) {
    case ErrorKind::configuration: detail::fail(ConfigurationError(*this));
    case ErrorKind::bad_request: detail::fail(BadRequestError(*this));
    case ErrorKind::authentication: detail::fail(AuthenticationError(*this));
    case ErrorKind::permission: detail::fail(PermissionError(*this));
    case ErrorKind::not_found: detail::fail(NotFoundError(*this));
    case ErrorKind::conflict: detail::fail(ConflictError(*this));
    case ErrorKind::rate_limited: detail::fail(RateLimitedError(*this));
    case ErrorKind::server: detail::fail(ServerError(*this));
    case ErrorKind::timeout: detail::fail(TimeoutError(*this));
    case ErrorKind::connection: detail::fail(ConnectionError(*this));
    case ErrorKind::decode: detail::fail(DecodeError(*this));
    case ErrorKind::cancelled: detail::fail(CancelledError(*this));
    case ErrorKind::misuse: detail::fail(MisuseError(*this));
    case ErrorKind::internal: break;
    }
    detail::fail(*this);
}

namespace detail {

inline void check(ccm_status status, ccm_error *error) {
    if (status != CCM_OK) {
        Error::from(status, error).raise();
    }
}

/// Calls a C function with an output pointer for the error, and throws the error.
template <class F>
void check(F call) {
    ccm_error *error = nullptr;
    ccm_status status = call(&error);
    check(status, error);
}

} // namespace detail

/// A value or an error, for code that does not use exceptions.
template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : held_(std::move(value)) {}
    Result(Error error) : held_(std::move(error)) {}

    /// Whether there is a value.
    [[nodiscard]] bool has_value() const noexcept { return held_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    /// Returns the value; throws the error if there is no value.
    [[nodiscard]] T &value() & { return checked(), std::get<0>(held_); }
    [[nodiscard]] const T &value() const & { return checked(), std::get<0>(held_); }
    [[nodiscard]] T &&value() && { return checked(), std::get<0>(std::move(held_)); }

    /// Returns the value, or `fallback` if there is no value.
    template <class U>
    [[nodiscard]] T value_or(U &&fallback) const & {
        return has_value() ? **this : static_cast<T>(std::forward<U>(fallback));
    }

    /// Returns the value, which must be present.
    [[nodiscard]] T &operator*() noexcept { return *std::get_if<0>(&held_); }
    [[nodiscard]] const T &operator*() const noexcept { return *std::get_if<0>(&held_); }
    [[nodiscard]] T *operator->() noexcept { return std::get_if<0>(&held_); }
    [[nodiscard]] const T *operator->() const noexcept { return std::get_if<0>(&held_); }

    /// Returns the error, which must be present.
    [[nodiscard]] const Error &error() const noexcept { return *std::get_if<1>(&held_); }

  private:
    void checked() const {
        if (!has_value()) {
            error().raise();
        }
    }

    std::variant<T, Error> held_;
};

} // namespace configcat::management

#endif
