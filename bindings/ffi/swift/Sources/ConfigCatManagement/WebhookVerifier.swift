import Foundation

/// Verifies webhook requests with one signing key, or with two during key rotation.
public struct WebhookVerifier: Sendable {
    private let keys: [String]
    private let tolerance: Duration?

    /// Creates a verifier with these signing keys.
    ///
    /// - Parameters:
    ///   - keys: The signing keys.
    ///   - tolerance: Maximum difference between a request's timestamp and the current time; `nil` for no limit.
    public init(keys: [String], tolerance: Duration? = .seconds(300)) {
        self.keys = keys
        self.tolerance = tolerance
    }

    /// Verifies a request.
    ///
    /// - Parameters:
    ///   - id: The header `X-ConfigCat-Webhook-ID`.
    ///   - timestamp: The header `X-ConfigCat-Webhook-Timestamp`.
    ///   - signature: The header `X-ConfigCat-Webhook-Signature-V1`.
    ///   - body: The body as received.
    /// - Throws: ``VerificationError`` if the verification fails.
    public func verify(id: String, timestamp: String, signature: String, body: Data) throws {
        try verifyWebhook(
            keys: keys, id: id, timestamp: timestamp, signature: signature, body: body, tolerance: tolerance?.seconds)
    }
}

extension VerificationError: LocalizedError {
    public var errorDescription: String? {
        switch self {
        case .NoKey: "No signing key to verify with."
        case .BadTimestamp: "The timestamp is not a number of seconds."
        case .TooOld: "The timestamp is outside of the tolerance."
        case .WrongSignature: "No signature matches."
        }
    }
}
