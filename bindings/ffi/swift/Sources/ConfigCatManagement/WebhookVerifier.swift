import Foundation

/// Verifies webhook requests with one signing key, or with two during key rotation.
public struct WebhookVerifier: Sendable {
    private let keys: [String]
    private let tolerance: Duration?
    private let anyID: Bool

    /// Creates a verifier with these signing keys.
    ///
    /// - Parameters:
    ///   - keys: The signing keys.
    ///   - tolerance: Maximum difference between a request's timestamp and the current time; `nil` for no limit.
    ///   - anyID: Whether to accept ids of any form. By default, only 32 hexadecimal digits, with or without dashes, are
    ///     accepted: the signature covers id, timestamp and body without separators, so that a recorded request could be
    ///     divided differently.
    public init(keys: [String], tolerance: Duration? = .seconds(300), anyID: Bool = false) {
        self.keys = keys
        self.tolerance = tolerance
        self.anyID = anyID
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
        if let tolerance, tolerance < .zero { throw VerificationError.badTolerance }
        do {
            try verifyWebhook(
                keys: keys, id: id, timestamp: timestamp, signature: signature, body: body, tolerance: tolerance?.seconds,
                anyId: anyID)
        } catch let error as NativeVerificationError {
            throw VerificationError(error)
        }
    }
}

/// Returns the headers of a signed webhook request, ready to send, for tests of webhook receivers.
///
/// - Parameters:
///   - keys: The signing keys: one, or two for a request as it is sent during a key rotation.
///   - body: The body.
///   - id: Id of the request. Default: a random one.
///   - timestamp: Timestamp of the request, in whole seconds. Default: now.
/// - Throws: ``VerificationError/noKey`` if there is no key.
public func webhookSignedHeaders(
    keys: [String], body: Data, id: String? = nil, timestamp: Date? = nil
) throws -> [String: String] {
    if keys.allSatisfy(\.isEmpty) { throw VerificationError.noKey }
    let seconds = try timestamp.map { timestamp in
        guard let seconds = Int64(exactly: timestamp.timeIntervalSince1970.rounded(.down)) else {
            throw VerificationError.badTimestamp(found: "\(timestamp.timeIntervalSince1970)")
        }
        return seconds
    }
    return signWebhook(keys: keys, body: body, id: id, timestamp: seconds)
}

/// Reason why the verification of a webhook request failed.
public enum VerificationError: Error, Hashable, Sendable {
    /// There is no signing key to verify with.
    case noKey
    /// The tolerance is negative.
    case badTolerance
    /// The id has another form.
    case badId(found: String)
    /// The timestamp has another form.
    case badTimestamp(found: String)
    /// The signatures have another form.
    case badSignature(found: String)
    /// The timestamp is outside of the tolerance.
    case tooOld
    /// No signature matches.
    case wrongSignature

    init(_ native: NativeVerificationError) {
        switch native {
        case .NoKey: self = .noKey
        case .BadTolerance: self = .badTolerance
        case .BadId(let found): self = .badId(found: found)
        case .BadTimestamp(let found): self = .badTimestamp(found: found)
        case .BadSignature(let found): self = .badSignature(found: found)
        case .TooOld: self = .tooOld
        case .WrongSignature: self = .wrongSignature
        }
    }
}

extension VerificationError: LocalizedError {
    public var errorDescription: String? {
        switch self {
        case .noKey: "No signing key to verify with."
        case .badTolerance: "The tolerance must not be negative."
        case .badId(let found): "The id must have 32 hexadecimal digits, with or without dashes, not \"\(found)\"."
        case .badTimestamp(let found): "The timestamp must have 10 digits, not \"\(found)\"."
        case .badSignature(let found): "The signatures must be 1 to 4 of 32 bytes in Base64, not \"\(found)\"."
        case .tooOld: "The timestamp is outside of the tolerance."
        case .wrongSignature: "No signature matches."
        }
    }
}
