// The log of the library.

#ifndef CONFIGCAT_MANAGEMENT_LOG_HPP
#define CONFIGCAT_MANAGEMENT_LOG_HPP

#include "error.hpp"

#include <functional>
#include <mutex>
#include <string_view>

namespace configcat::management {

/// Level of a line of the log.
enum class LogLevel {
    /// Errors.
    error = CCM_LOG_ERROR,
    /// Warnings.
    warning = CCM_LOG_WARNING,
    /// Informational messages, such as long waits for the rate limit.
    info = CCM_LOG_INFO,
    /// Every attempt and every wait.
    debug = CCM_LOG_DEBUG,
};

/// Receives lines of the log without a line terminator; the text is valid until the handler returns.
using LogHandler = std::function<void(LogLevel, std::string_view)>;

namespace detail {

/// Keeps the handler while the library may call it.
class Log {
  public:
    static Log &instance() {
        static Log log;
        return log;
    }
    Log(const Log &) = delete;
    Log &operator=(const Log &) = delete;
    ~Log() { ccm_set_log(CCM_LOG_OFF, nullptr, nullptr); }

    void set(LogLevel level, LogHandler handler) {
        if (inside()) {
            fail(std::logic_error("set_log: a log handler must not replace itself"));
        }
        std::lock_guard<std::mutex> lock(mutex_);
        auto next = handler ? std::make_unique<LogHandler>(std::move(handler)) : nullptr;
        // The library does not call the previous handler any more when this returns.
        ccm_set_log(next ? static_cast<std::int32_t>(level) : CCM_LOG_OFF, next ? call : nullptr, next.get());
        current_ = std::move(next);
    }

  private:
    Log() = default;

    static bool &inside() noexcept {
        thread_local bool inside = false;
        return inside;
    }
    static void call(void *handler, std::int32_t level, const char *message) {
        inside() = true;
        contain([&] { (*static_cast<const LogHandler *>(handler))(static_cast<LogLevel>(level), message); });
        inside() = false;
    }

    std::mutex mutex_;
    std::unique_ptr<LogHandler> current_;
};

} // namespace detail

/// Passes the log of the library to a handler, for all clients of the process.
///
/// When this function returns, the previous handler is not running and will not be called again. Must not be called with a lock that
/// the handler takes.
/// @param level The most detailed level of the lines.
/// @param handler Runs on any thread, and on several at the same time; it must not make calls, and its exceptions are ignored. Empty
///        for no log, which is the default. A line never contains a credential.
/// @throws std::logic_error if a log handler calls it.
inline void set_log(LogLevel level, LogHandler handler) { detail::Log::instance().set(level, std::move(handler)); }

} // namespace configcat::management

#endif
