// Completion of asynchronous calls: queues for event loops, and calls in progress.

#ifndef CONFIGCAT_MANAGEMENT_QUEUE_HPP
#define CONFIGCAT_MANAGEMENT_QUEUE_HPP

#include "error.hpp"

namespace configcat::management {

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

} // namespace configcat::management

#endif
