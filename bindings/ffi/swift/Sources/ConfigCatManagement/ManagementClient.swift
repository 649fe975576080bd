import Foundation

/// A client for the ConfigCat Public Management API.
///
/// It paces itself by the rate limit that the service reports, retries what is safe to retry, and checks the documented limits
/// before it sends anything. Any number of tasks may share one; no work happens on the main actor. Cancelling a task ends its
/// request, and the call throws `CancellationError`.
///
/// ```swift
/// let client = try ManagementClient(username: "user", password: "password")
/// for product in try await client.products.list() {
///     print(product.name)
/// }
/// ```
public struct ManagementClient: Sendable {
    let connection: Connection

    /// A client with credentials that stay with it, in native memory that is wiped at the end.
    ///
    /// - Parameters:
    ///   - username: User name of a Public API credential.
    ///   - password: Its password.
    ///   - options: Settings; what is left out has its default.
    ///   - observer: Sees what the client does.
    /// - Throws: ``ConfigCatError/Configuration(details:)`` when a setting cannot be used.
    public init(
        username: String,
        password: String,
        options: ClientOptions = ClientOptions(),
        observer: (any Observer)? = nil
    ) throws {
        connection = Connection(
            native: try NativeClient.withCredentials(
                binding: .swift,
                username: username,
                password: password,
                options: options,
                observer: observer.map(ForeignObserver.init)
            ))
    }

    /// A client that asks for the credentials of each call and keeps none.
    ///
    /// - Parameters:
    ///   - credentials: Gives them, from a keychain for example.
    ///   - options: Settings; what is left out has its default.
    ///   - observer: Sees what the client does.
    /// - Throws: ``ConfigCatError/Configuration(details:)`` when a setting cannot be used.
    public init(
        credentials: any CredentialProvider,
        options: ClientOptions = ClientOptions(),
        observer: (any Observer)? = nil
    ) throws {
        connection = Connection(
            native: try NativeClient.withProvider(
                binding: .swift,
                provider: ForeignProvider(provider: credentials),
                options: options,
                observer: observer.map(ForeignObserver.init)
            ))
    }

    init(connection: Connection) {
        self.connection = connection
    }

    /// A client set up by the environment: `CONFIGCAT_API_USER`, `CONFIGCAT_API_PASS`, and `CONFIGCAT_BASE_URL` or
    /// `CONFIGCAT_API_HOST` where the options do not name an address.
    ///
    /// - Throws: ``ConfigCatError/Configuration(details:)`` when a credential is missing.
    public static func fromEnvironment(
        options: ClientOptions = ClientOptions(),
        observer: (any Observer)? = nil
    ) throws -> ManagementClient {
        let native = try NativeClient.fromEnvironment(
            binding: .swift,
            options: options,
            observer: observer.map(ForeignObserver.init)
        )
        return ManagementClient(connection: Connection(native: native))
    }

    /// The same client with other bounds for its calls.
    ///
    /// - Parameters:
    ///   - timeout: Bounds a whole call with its waits and retries; as before when `nil`.
    ///   - maxAttempts: How often to send a request at most, from 1; as before when `nil`.
    public func with(timeout: Duration? = nil, maxAttempts: Int? = nil) -> ManagementClient {
        let options = CallOptions(timeout: timeout?.seconds, maxAttempts: maxAttempts.map(Int32.init(clamping:)))
        return ManagementClient(connection: connection.view(options))
    }

    /// What is known of the rate limit right now.
    public var rateLimit: RateLimit { connection.native.rateLimit() }

    /// What is known of the rate limit, now and after every call.
    public var rateLimits: AsyncStream<RateLimit> { connection.rateLimits() }

    /// What this client and its copies have sent and waited so far.
    public var usage: Usage { connection.native.usage() }

    /// Says that the network has changed: another Wi-Fi, from Wi-Fi to mobile data, back from the background.
    ///
    /// Connections of the old network are given up. Attempts that are under way end at once instead of waiting for a time limit,
    /// and what is safe to repeat is repeated. Call it from an `NWPathMonitor`.
    public func networkChanged() {
        connection.native.networkChanged()
    }

    /// Ends calls that are under way with ``ConfigCatError/Cancelled(details:)``, and refuses later ones, for this client and
    /// its copies.
    public func close() {
        connection.native.callOff()
    }
}

extension ManagementClient: CustomStringConvertible {
    public var description: String { "ManagementClient" }
}
