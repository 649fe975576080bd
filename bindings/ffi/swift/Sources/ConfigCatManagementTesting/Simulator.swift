import ConfigCatManagement
import ConfigCatSimulatorFFI
import Foundation

/// In-process simulator of the API. It starts in milliseconds, keeps what is created, and responds like the service. It stops
/// when the last reference to it is released.
///
/// ```swift
/// let simulator = try Simulator()
/// let client = try simulator.client()
/// #expect(try await client.organizations.list().count == 1)
/// ```
public class Simulator: @unchecked Sendable {
    // The functions of the library may be called from any thread, and the pointer does not change.
    private let handle: OpaquePointer

    /// The simulator cannot start, or the admin API rejected a request.
    public struct Failure: LocalizedError, CustomStringConvertible {
        public let errorDescription: String?

        public var description: String { errorDescription ?? "" }
    }

    /// Starts a simulator.
    ///
    /// - Parameters:
    ///   - seed: Initial state: `demo`, `empty`, the path of a file (YAML or JSON), or a seed as a JSON object. Default: an
    ///     organization without products.
    ///   - rateLimit: Rate limit as `requests/seconds`, such as `100/60`. Default: no limit.
    ///   - username: Accepted user name. Default: `simulator`.
    ///   - password: Accepted password. Default: `simulator`.
    ///   - state: Directory in which the state is kept across starts. Default: none.
    ///   - port: Port on the loopback address. Default: a free one.
    /// - Throws: ``Failure`` with the reason if it cannot start.
    public init(
        seed: String? = nil,
        rateLimit: String? = nil,
        username: String? = nil,
        password: String? = nil,
        state: URL? = nil,
        port: UInt16 = 0
    ) throws {
        var started: OpaquePointer?
        var error: UnsafeMutablePointer<CChar>?
        let done = Self.withCStrings([seed, rateLimit, username, password, state?.path]) { strings in
            var options = ccm_simulator_options(
                size: MemoryLayout<ccm_simulator_options>.size,
                seed: strings[0],
                rate_limit: strings[1],
                username: strings[2],
                password: strings[3],
                state: strings[4],
                port: port,
                rate_limit_reset: nil,
                journal: 0,
                webhooks_anywhere: false
            )
            return ccm_simulator_start(&options, &started, &error)
        }
        guard done, let started else {
            throw Failure(errorDescription: Self.takeString(error) ?? "the simulator did not start")
        }
        handle = started
    }

    deinit {
        ccm_simulator_stop(handle)
    }

    /// URL on which it listens.
    public var url: String { String(cString: ccm_simulator_url(handle)) }

    /// Accepted user name.
    public var username: String { String(cString: ccm_simulator_username(handle)) }

    /// Accepted password.
    public var password: String { String(cString: ccm_simulator_password(handle)) }

    /// Creates a client of this simulator.
    ///
    /// - Parameters:
    ///   - options: Settings; the base URL is replaced with the simulator's.
    ///   - observer: Receives the client's events.
    public func client(
        options: ClientOptions = ClientOptions(),
        observer: (any Observer)? = nil
    ) throws -> ManagementClient {
        var options = options
        options.baseUrl = url
        return try ManagementClient(username: username, password: password, options: options, observer: observer)
    }

    /// Calls the admin API: faults, journal, clock, snapshots.
    ///
    /// - Parameters:
    ///   - method: An HTTP method.
    ///   - path: A path below `/__simulator`, such as `/journal`.
    ///   - body: A JSON document.
    /// - Returns: The response body.
    /// - Throws: ``Failure`` with the status and the response body if the status is not 2xx.
    @discardableResult
    public func admin(_ method: String, _ path: String, body: String? = nil) throws -> String {
        var response: UnsafeMutablePointer<CChar>?
        let status = ccm_simulator_admin(handle, method, path, body, &response)
        let text = Self.takeString(response) ?? ""
        guard (200..<300).contains(status) else { throw Failure(errorDescription: "\(method) \(path): \(status): \(text)") }
        return text
    }

    /// Copies a string that the library returned, and frees it.
    private static func takeString(_ string: UnsafeMutablePointer<CChar>?) -> String? {
        guard let string else { return nil }
        defer { ccm_simulator_free_string(string) }
        return String(cString: string)
    }

    private static func withCStrings<R>(
        _ strings: [String?],
        _ body: ([UnsafePointer<CChar>?]) -> R
    ) -> R {
        let copies = strings.map { string in string.flatMap { strdup($0) } }
        defer { copies.forEach { free($0) } }
        return body(copies.map { UnsafePointer($0) })
    }
}
