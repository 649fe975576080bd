import Foundation

/// Settings of a client; absent ones have their defaults. Its description omits what may be secret: the values of headers, the
/// certificate and the URL of the proxy.
public struct ClientOptions: Hashable, Sendable {
    /// Base URL of the service. Default: `https://api.configcat.com`.
    public var baseUrl: String?
    /// Timeout for a whole call, including waits and retries. Default: 5 minutes.
    public var timeout: Duration?
    /// Timeout for one attempt. Default: 30 seconds.
    public var attemptTimeout: Duration?
    /// Timeout for establishing a connection. Default: 10 seconds.
    public var connectTimeout: Duration?
    /// Maximum number of times to send a request, at least 1. Default: 3.
    public var maxAttempts: Int?
    /// Whether to retry POST and PATCH too when a response is lost; they may then be applied twice. Default: no.
    public var retryAllMethods: Bool?
    /// How to handle the rate limit. Default: pace requests.
    public var rateLimitPolicy: RateLimitPolicy?
    /// Maximum length of a single wait for the rate limit; a call that would wait longer fails. Default: 60 seconds.
    public var maxRateLimitWait: Duration?
    /// Maximum size of a response body in bytes, after decompression. Default: 64 MiB.
    public var maxResponseSize: Int?
    /// Proxy URL (`http` or `https`) for all requests; an empty string disables proxies. Another scheme is an error. Default: the
    /// system's proxy settings, except for a service on this machine.
    public var proxy: String?
    /// Certificates (PEM) to trust in addition to those of the platform.
    public var rootCertificates: [String]?
    /// Certificate chain and private key (PEM, not encrypted) with which the client identifies itself to a gateway (mutual TLS).
    public var clientCertificate: String?
    /// Extra headers of every request. Those that the client sets itself, such as `Authorization` or `Content-Type`, are refused.
    /// Values are masked in errors and logs.
    public var headers: [String: String]?
    /// Product (`name/version`) to put before this library's own in `User-Agent`.
    public var userAgent: String?
    /// Value of the `X-Caller-Id` header: `name/version`. Not sent by default.
    public var callerId: String?
    /// Whether to allow `http` to hosts other than this machine. Default: no.
    public var allowHttp: Bool?
    /// File to which the requests and responses of the client are recorded, or from which they are played back, so that tests need
    /// no server. Each client needs a file of its own. It contains no credentials, but everything else that the service sends.
    public var cassette: String?
    /// What to do with the cassette. Default: play it back if it exists, and record to it otherwise.
    public var cassetteMode: CassetteMode?

    /// Creates options; see the properties.
    public init(
        baseUrl: String? = nil, timeout: Duration? = nil, attemptTimeout: Duration? = nil, connectTimeout: Duration? = nil,
        maxAttempts: Int? = nil, retryAllMethods: Bool? = nil, rateLimitPolicy: RateLimitPolicy? = nil,
        maxRateLimitWait: Duration? = nil, maxResponseSize: Int? = nil, proxy: String? = nil,
        rootCertificates: [String]? = nil, clientCertificate: String? = nil, headers: [String: String]? = nil,
        userAgent: String? = nil, callerId: String? = nil, allowHttp: Bool? = nil, cassette: String? = nil,
        cassetteMode: CassetteMode? = nil
    ) {
        self.baseUrl = baseUrl
        self.timeout = timeout
        self.attemptTimeout = attemptTimeout
        self.connectTimeout = connectTimeout
        self.maxAttempts = maxAttempts
        self.retryAllMethods = retryAllMethods
        self.rateLimitPolicy = rateLimitPolicy
        self.maxRateLimitWait = maxRateLimitWait
        self.maxResponseSize = maxResponseSize
        self.proxy = proxy
        self.rootCertificates = rootCertificates
        self.clientCertificate = clientCertificate
        self.headers = headers
        self.userAgent = userAgent
        self.callerId = callerId
        self.allowHttp = allowHttp
        self.cassette = cassette
        self.cassetteMode = cassetteMode
    }

    /// Returns the options of the native interface.
    ///
    /// - Throws: ``ConfigCatError/configuration(_:)`` if a duration is negative.
    func native() throws -> NativeClientOptions {
        NativeClientOptions(
            baseUrl: baseUrl,
            timeout: try checked(timeout, "timeout"),
            attemptTimeout: try checked(attemptTimeout, "attemptTimeout"),
            connectTimeout: try checked(connectTimeout, "connectTimeout"),
            maxAttempts: maxAttempts.map(Int32.init(clamping:)),
            retryAllMethods: retryAllMethods,
            rateLimitPolicy: rateLimitPolicy,
            maxRateLimitWait: try checked(maxRateLimitWait, "maxRateLimitWait"),
            maxResponseSize: maxResponseSize.map(Int64.init(clamping:)),
            proxy: proxy,
            rootCertificates: rootCertificates,
            clientCertificate: clientCertificate,
            headers: headers,
            userAgent: userAgent,
            callerId: callerId,
            allowHttp: allowHttp,
            cassette: cassette,
            cassetteMode: cassetteMode
        )
    }
}

/// Returns a duration in seconds.
///
/// - Throws: ``ConfigCatError/configuration(_:)`` if it is negative.
func checked(_ duration: Duration?, _ option: String) throws -> TimeInterval? {
    guard let duration else { return nil }
    if duration < .zero { throw ConfigCatError.invalid(option: option, "must not be negative, not \(duration)") }
    return duration.seconds
}

extension ClientOptions: CustomStringConvertible, CustomReflectable {
    public var description: String { "ClientOptions(baseUrl: \(baseUrl ?? "default"))" }

    public var customMirror: Mirror { Mirror(self, children: ["baseUrl": baseUrl as Any]) }
}
