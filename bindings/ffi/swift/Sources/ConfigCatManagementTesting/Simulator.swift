import ConfigCatManagement
import ConfigCatSimulatorFFI
import Foundation

/// The simulator of the API, in this process: it starts in milliseconds, keeps what is created, and answers as the service
/// does. It stops when the last reference to it is gone.
///
/// ```swift
/// let simulator = try Simulator()
/// let client = try simulator.client()
/// #expect(try await client.organizations.list().count == 1)
/// ```
public final class Simulator: @unchecked Sendable {
    // The functions of the library may be called from any thread, and the pointer does not change.
    private let handle: OpaquePointer

    /// It cannot start, or an answer of the admin path is a refusal.
    public struct Failure: LocalizedError {
        public let errorDescription: String?
    }

    /// Starts a simulator.
    ///
    /// - Parameters:
    ///   - seed: What it begins with: `demo`, `empty`, the path of a file (YAML or JSON), or a seed itself as a JSON object. An
    ///     organization without products when left out.
    ///   - rateLimit: The rate limit as `requests/seconds`, such as `100/60`. None that is felt when left out.
    ///   - username: The user name that it accepts. `simulator` when left out.
    ///   - password: The password that it accepts. `simulator` when left out.
    ///   - state: A folder in which the state is kept across starts. None when left out.
    ///   - port: A port on the loopback address. A free one when left out.
    /// - Throws: ``Failure`` when it cannot start, with the reason.
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
        let done = Self.withTexts([seed, rateLimit, username, password, state?.path]) { texts in
            var options = ccm_simulator_options(
                size: MemoryLayout<ccm_simulator_options>.size,
                seed: texts[0],
                rate_limit: texts[1],
                username: texts[2],
                password: texts[3],
                state: texts[4],
                port: port
            )
            return ccm_simulator_start(&options, &started, &error)
        }
        guard done, let started else {
            throw Failure(errorDescription: Self.taken(error) ?? "the simulator did not start")
        }
        handle = started
    }

    deinit {
        ccm_simulator_stop(handle)
    }

    /// Where it listens.
    public var url: String { String(cString: ccm_simulator_url(handle)) }

    /// The user name that it accepts.
    public var username: String { String(cString: ccm_simulator_username(handle)) }

    /// The password that it accepts.
    public var password: String { String(cString: ccm_simulator_password(handle)) }

    /// A client of this simulator.
    ///
    /// - Parameters:
    ///   - options: Settings; the address is the simulator's.
    ///   - observer: Sees what the client does.
    public func client(
        options: ClientOptions = ClientOptions(),
        observer: (any Observer)? = nil
    ) throws -> ManagementClient {
        var options = options
        options.baseUrl = url
        return try ManagementClient(username: username, password: password, options: options, observer: observer)
    }

    /// Asks the admin path: faults, journal, clock, snapshots.
    ///
    /// - Parameters:
    ///   - method: An HTTP method.
    ///   - path: A path below `/__admin`, such as `/journal`.
    ///   - body: A JSON text.
    /// - Returns: The body of the answer.
    /// - Throws: ``Failure`` with the body of an answer that is a refusal.
    @discardableResult
    public func admin(_ method: String, _ path: String, body: String? = nil) throws -> String {
        var answer: UnsafeMutablePointer<CChar>?
        let status = ccm_simulator_admin(handle, method, path, body, &answer)
        let text = Self.taken(answer) ?? ""
        guard (200..<300).contains(status) else { throw Failure(errorDescription: "\(status): \(text)") }
        return text
    }

    /// A text that the library gave away.
    private static func taken(_ text: UnsafeMutablePointer<CChar>?) -> String? {
        guard let text else { return nil }
        defer { ccm_simulator_free_text(text) }
        return String(cString: text)
    }

    private static func withTexts<R>(
        _ texts: [String?],
        _ body: ([UnsafePointer<CChar>?]) -> R
    ) -> R {
        let copies = texts.map { text in text.flatMap { strdup($0) } }
        defer { copies.forEach { free($0) } }
        return body(copies.map { UnsafePointer($0) })
    }
}
