/// Passes the log of the library to a handler, for all clients of the process.
///
/// ```swift
/// setLog(level: .debug) { level, message in logger.log("\(message)") }
/// ```
///
/// When this function returns, the previous handler is not running and will not be called again, unless this is called by a handler.
/// It must not be called with a lock that the handler takes.
///
/// - Parameters:
///   - level: The most detailed level of the lines: `info` has long waits for the rate limit, `debug` every attempt and every wait.
///   - handler: Receives each line without a line terminator, on any thread, and on several at the same time. It must return
///     quickly. A line never contains a credential. `nil` for no log, which is the default.
public func setLog(level: LogLevel, handler: (@Sendable (LogLevel, String) -> Void)?) {
    setNativeLog(level: level, handler: handler.map(ForeignLogHandler.init))
}

/// Adapts an application's handler to the native interface.
final class ForeignLogHandler: NativeLogHandler {
    private let handler: @Sendable (LogLevel, String) -> Void

    init(_ handler: @escaping @Sendable (LogLevel, String) -> Void) {
        self.handler = handler
    }

    func log(level: LogLevel, message: String) { handler(level, message) }
}
