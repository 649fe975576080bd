#if canImport(Security)
    import ConfigCatManagement
    import Foundation
    import Security

    /// Reads the credentials from the Keychain for each call.
    public struct Keychain: CredentialProvider {
        public struct Failure: LocalizedError {
            let status: OSStatus
            public var errorDescription: String? { "the Keychain returned no item (\(status))" }
        }

        private let service: String

        public init(service: String) {
            self.service = service
        }

        public func credentials() async throws -> Credentials {
            let query: [CFString: Any] = [
                kSecClass: kSecClassGenericPassword,
                kSecAttrService: service,
                kSecReturnAttributes: true,
                kSecReturnData: true,
            ]
            var found: CFTypeRef?
            let status = SecItemCopyMatching(query as CFDictionary, &found)
            guard status == errSecSuccess, let item = found as? [CFString: Any],
                let username = item[kSecAttrAccount] as? String, let secret = item[kSecValueData] as? Data
            else { throw Failure(status: status) }
            return Credentials(username: username, password: String(decoding: secret, as: UTF8.self))
        }
    }
#endif
