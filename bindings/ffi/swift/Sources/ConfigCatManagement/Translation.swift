import Foundation

/// Calls a function of the library, and throws its errors as ``ConfigCatError``, including those that uniffi reports with types of
/// its own.
func translated<T>(_ call: () throws -> T) throws -> T {
    do {
        return try call()
    } catch {
        throw publicError(error)
    }
}

/// The error to throw to users.
func publicError(_ error: any Error) -> any Error {
    switch error {
    case let native as NativeError:
        return ConfigCatError(native)
    case let unexpected as NativeInternalError:
        let message = unexpected.errorDescription ?? "\(unexpected)"
        let unconverted = "Failed to convert arg "
        guard message.hasPrefix(unconverted) else {
            return ConfigCatError.configuration(
                ErrorDetails(message: "internal error in configcat-management: \(message)"))
        }
        let text = message.dropFirst(unconverted.count).replacingOccurrences(of: "'", with: "")
        return ConfigCatError.badRequest(ErrorDetails(message: "not sent: \(text)"))
    default:
        return error
    }
}

extension Duration {
    /// A duration in seconds, the unit of the native interface.
    init(interval: TimeInterval) {
        self = .seconds(interval)
    }

    /// The duration in seconds, the unit of the native interface.
    var seconds: TimeInterval {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
