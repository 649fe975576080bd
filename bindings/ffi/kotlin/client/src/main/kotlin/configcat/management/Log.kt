@file:JvmName("Log")

package configcat.management

import configcat.management.models.LogLevel

/** Receives lines of the log; see [setLog]. */
public fun interface LogHandler {
    /**
     * Called with each line, on any thread, and on several at the same time. It must return quickly and make no calls that block. Its
     * exceptions are ignored.
     *
     * @param level level of the line
     * @param message the line without a line terminator; it never contains a credential
     */
    public fun log(level: LogLevel, message: String)
}

/**
 * Passes the log of the library to a handler, for all clients of the process.
 *
 * ```
 * setLog(LogLevel.DEBUG) { level, message -> logger.log(level.name, message) }
 * ```
 *
 * When this function returns, the previous handler is not running and will not be called again, unless this is called by a handler.
 * It must not be called with a lock that the handler takes.
 *
 * @param level the most detailed level of the lines: [LogLevel.INFO] has long waits for the rate limit, [LogLevel.DEBUG] every
 *   attempt and every wait
 * @param handler receives the lines; `null` for none, which is the default
 */
public fun setLog(level: LogLevel, handler: LogHandler?) {
    translated { setNativeLog(level, handler?.guarded()) }
}

/** Wraps a handler so that its exceptions do not fail a call. */
private fun LogHandler.guarded(): NativeLogHandler {
    val handler = this
    return object : NativeLogHandler {
        override fun log(level: LogLevel, message: String) {
            runCatching { handler.log(level, message) }
        }
    }
}
