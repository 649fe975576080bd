import Foundation

/// A client for the ConfigCat Public Management API.
///
/// It paces requests by the rate limit that the service reports, retries what is safe to retry, and checks the documented limits
/// before it sends anything. Any number of tasks may share a client; no work happens on the main actor. Cancelling a task cancels
/// its request, and the call throws `CancellationError`.
///
/// ```swift
/// let client = try ManagementClient(username: "user", password: "password")
/// for product in try await client.products.list() {
///     print(product.name)
/// }
/// ```
public struct ManagementClient: Sendable {
    let connection: Connection

    /// Creates a client that keeps its credentials in native memory, which is wiped when it is freed.
    ///
    /// - Parameters:
    ///   - username: User name of a Public API credential.
    ///   - password: Its password.
    ///   - options: Settings; absent ones have their defaults.
    ///   - observer: Receives the client's events.
    /// - Throws: ``ConfigCatError/configuration(_:)`` if a setting is invalid.
    public init(
        username: String,
        password: String,
        options: ClientOptions = ClientOptions(),
        observer: (any Observer)? = nil
    ) throws {
        let options = try options.native()
        connection = Connection(
            native: try translated {
                try NativeClient.withCredentials(
                    binding: .swift,
                    username: username,
                    password: password,
                    options: options,
                    observer: observer.map(ForeignObserver.init)
                )
            })
    }

    /// Creates a client that requests the credentials for each call and keeps none.
    ///
    /// - Parameters:
    ///   - credentials: Provides them, for example from a keychain.
    ///   - options: Settings; absent ones have their defaults.
    ///   - observer: Receives the client's events.
    /// - Throws: ``ConfigCatError/configuration(_:)`` if a setting is invalid.
    public init(
        credentials: any CredentialProvider,
        options: ClientOptions = ClientOptions(),
        observer: (any Observer)? = nil
    ) throws {
        let options = try options.native()
        connection = Connection(
            native: try translated {
                try NativeClient.withProvider(
                    binding: .swift,
                    provider: ForeignProvider(provider: credentials),
                    options: options,
                    observer: observer.map(ForeignObserver.init)
                )
            })
    }

    init(connection: Connection) {
        self.connection = connection
    }

    /// Creates a client from environment variables: `CONFIGCAT_API_USER`, `CONFIGCAT_API_PASS`, and `CONFIGCAT_BASE_URL` or
    /// `CONFIGCAT_API_HOST` if the options have no base URL.
    ///
    /// - Throws: ``ConfigCatError/configuration(_:)`` if a credential is missing.
    public static func fromEnvironment(
        options: ClientOptions = ClientOptions(),
        observer: (any Observer)? = nil
    ) throws -> ManagementClient {
        let options = try options.native()
        let native = try translated {
            try NativeClient.fromEnvironment(
                binding: .swift,
                options: options,
                observer: observer.map(ForeignObserver.init)
            )
        }
        return ManagementClient(connection: Connection(native: native))
    }

    /// Returns a copy of this client with other options for its calls. It shares connections and rate limiter.
    ///
    /// - Parameters:
    ///   - timeout: Timeout for a whole call, including waits and retries; unchanged if `nil`. If it is negative, calls fail with
    ///     ``ConfigCatError/configuration(_:)``.
    ///   - maxAttempts: Maximum number of times to send a request, at least 1; unchanged if `nil`. Otherwise as for `timeout`.
    ///   - headers: Extra headers, in addition to those of this client or in their place.
    public func with(
        timeout: Duration? = nil,
        maxAttempts: Int? = nil,
        headers: [String: String]? = nil
    ) -> ManagementClient {
        let negative = timeout.flatMap { $0 < .zero ? "timeout: must not be negative, not \($0)" : nil }
        let options = CallOptions(
            timeout: negative == nil ? timeout?.seconds : nil,
            maxAttempts: maxAttempts.map(Int32.init(clamping:)),
            headers: headers,
            refusal: negative
        )
        return ManagementClient(connection: connection.view(options))
    }

    /// Current rate limit state, as known to the client.
    public var rateLimit: RateLimit { RateLimit(connection.native.rateLimit()) }

    /// Stream of the rate limit state: the current one, and the latest after each call.
    public var rateLimits: AsyncStream<RateLimit> { connection.rateLimits() }

    /// Totals of this client and its copies.
    public var usage: Usage { Usage(connection.native.usage()) }

    /// Reports a network change: another Wi-Fi, from Wi-Fi to mobile data, back from the background.
    ///
    /// Connections of the old network are discarded. Attempts in progress fail immediately instead of waiting for a timeout, and
    /// are retried where that is safe. Call it from an `NWPathMonitor`.
    public func networkChanged() {
        connection.native.networkChanged()
    }

    /// Cancels calls in progress, which throw ``ConfigCatError/cancelled(_:)``, and rejects later ones, for this client and
    /// its copies.
    public func close() {
        connection.native.callOff()
    }
}

extension ManagementClient: CustomStringConvertible {
    public var description: String { "ManagementClient" }
}
