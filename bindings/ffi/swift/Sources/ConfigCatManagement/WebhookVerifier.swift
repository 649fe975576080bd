import Foundation

/// Verifies webhook calls with one signing key, or with two while keys are being changed.
public struct WebhookVerifier: Sendable {
    private let keys: [String]
    private let tolerance: Duration?

    /// A verifier with these signing keys.
    ///
    /// - Parameters:
    ///   - keys: The signing keys.
    ///   - tolerance: How old, or how far in the future, a call may be; `nil` for any.
    public init(keys: [String], tolerance: Duration? = .seconds(300)) {
        self.keys = keys
        self.tolerance = tolerance
    }

    /// Checks a call.
    ///
    /// - Parameters:
    ///   - id: The header `X-ConfigCat-Webhook-ID`.
    ///   - timestamp: The header `X-ConfigCat-Webhook-Timestamp`.
    ///   - signature: The header `X-ConfigCat-Webhook-Signature-V1`.
    ///   - body: The body as it came.
    /// - Throws: ``VerificationError`` when it is not to be trusted.
    public func verify(id: String, timestamp: String, signature: String, body: Data) throws {
        try verifyWebhook(
            keys: keys, id: id, timestamp: timestamp, signature: signature, body: body, tolerance: tolerance?.seconds)
    }
}

extension VerificationError: LocalizedError {
    public var errorDescription: String? {
        switch self {
        case .NoKey: "There is no signing key to verify with."
        case .BadTimestamp: "The timestamp is not a number of seconds."
        case .TooOld: "The timestamp is outside of the tolerance."
        case .WrongSignature: "No signature matches."
        }
    }
}
