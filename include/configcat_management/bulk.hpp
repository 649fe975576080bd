// Many concurrent calls.

#ifndef CONFIGCAT_MANAGEMENT_BULK_HPP
#define CONFIGCAT_MANAGEMENT_BULK_HPP

#include "request.hpp"

namespace configcat::management {

/// Outcome of one call of bulk().
template <class T>
struct Outcome {
    /// Position of the call, from 0.
    std::size_t index;
    /// Its value or its error.
    Result<T> result;
};

/// One outcome per call, in the order of the calls.
template <class T>
class BulkResult {
  public:
    explicit BulkResult(std::vector<Outcome<T>> outcomes) : outcomes_(std::move(outcomes)) {}

    [[nodiscard]] auto begin() const noexcept { return outcomes_.begin(); }
    [[nodiscard]] auto end() const noexcept { return outcomes_.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return outcomes_.size(); }
    [[nodiscard]] bool empty() const noexcept { return outcomes_.empty(); }
    /// Outcome of the call with this index. Throws std::out_of_range.
    [[nodiscard]] const Outcome<T> &at(std::size_t index) const { return outcomes_.at(index); }

    /// Returns the outcomes of the calls that failed. They are valid as long as this object.
    [[nodiscard]] std::vector<const Outcome<T> *> failed() const {
        std::vector<const Outcome<T> *> out;
        for (const auto &outcome : outcomes_) {
            if (!outcome.result) {
                out.push_back(&outcome);
            }
        }
        return out;
    }

    /// Returns the values of all calls. Throws the first error if any call failed.
    [[nodiscard]] std::vector<T> values() const {
        std::vector<T> out;
        for (const auto &outcome : outcomes_) {
            out.push_back(outcome.result.value());
        }
        return out;
    }

  private:
    std::vector<Outcome<T>> outcomes_;
};

/// Options of bulk().
struct BulkOptions {
    /// Maximum number of concurrent calls, at least 1.
    std::size_t concurrency = 64;
    /// Called after each call with the number of completed calls and of all calls, on the thread that called bulk(). Returns
    /// whether to continue; false cancels the calls that have not completed. It must neither throw nor wait.
    std::function<bool(std::size_t done, std::size_t total)> progress{};
};

/// Makes many calls concurrently, within the rate limit, and returns the outcome of each.
///
/// This thread runs all of them and waits. An error ends only its own call. After a cancellation, the calls that had not
/// completed have a CancelledError, and none is running. Throws BadRequestError if the concurrency is 0, and MisuseError inside a
/// callback of the library.
///
///     std::vector<Request<Setting>> calls;
///     for (auto id : ids) calls.push_back(client.settings().get(id));
///     for (const auto &outcome : bulk(calls)) { ... }
///
/// @param calls Requests of one type, which can be sent again afterwards.
template <class Call>
BulkResult<typename Call::value_type> bulk(const std::vector<Call> &calls, const BulkOptions &options = {}) {
    using T = typename Call::value_type;
    detail::BulkHandle bulk(ccm_bulk_new());
    detail::check([&](ccm_error **error) { return ccm_bulk_set_concurrency(bulk.get(), options.concurrency, error); });
    for (const auto &call : calls) {
        call.add_to(bulk.get());
    }
    if (options.progress) {
        auto report = [](void *user_data, std::size_t done, std::size_t total) noexcept {
            return static_cast<const BulkOptions *>(user_data)->progress(done, total);
        };
        ccm_bulk_set_progress(bulk.get(), report, const_cast<BulkOptions *>(&options));
    }
    ccm_error *error = nullptr;
    ccm_status status = ccm_bulk_run(bulk.get(), &error);
    if (status != CCM_CANCELLED) {
        detail::check(status, error);
    }
    ccm_error_free(error);
    std::vector<Outcome<T>> outcomes;
    for (std::size_t index = 0; index < ccm_bulk_count(bulk.get()); index++) {
        ccm_response *response = nullptr;
        ccm_status ended = ccm_bulk_take(bulk.get(), index, &response, &error);
        detail::ResponseHandle owned(response);
        if (ended == CCM_OK) {
            outcomes.push_back({index, detail::decode<T>(owned.get())});
        } else {
            outcomes.push_back({index, Error::from(ended, error)});
        }
    }
    return BulkResult<T>(std::move(outcomes));
}

} // namespace configcat::management

#endif
