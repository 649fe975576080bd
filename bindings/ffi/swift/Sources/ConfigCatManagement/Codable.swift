import Foundation

// A field with three states is a member that is absent, null, or a value. The code that the compiler writes for models calls these
// functions for their fields.

extension KeyedEncodingContainer {
    /// Encodes a field with three states: nothing if it is absent.
    public mutating func encode<Value: Codable & Hashable & Sendable>(_ field: Field<Value>, forKey key: Key) throws {
        switch field {
        case .absent: break
        case .null: try encodeNil(forKey: key)
        case .value(let value): try encode(value, forKey: key)
        }
    }
}

extension KeyedDecodingContainer {
    /// Decodes a field with three states.
    public func decode<Value: Codable & Hashable & Sendable>(_ type: Field<Value>.Type, forKey key: Key) throws -> Field<Value> {
        guard contains(key) else { return .absent }
        return try decodeNil(forKey: key) ? .null : .value(decode(Value.self, forKey: key))
    }
}

extension Field: Codable where Value: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = container.decodeNil() ? .null : .value(try container.decode(Value.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .absent, .null: try container.encodeNil()
        case .value(let value): try container.encode(value)
        }
    }
}

/// Encodes a flag's value as the API does for V2 configs, with a member for its type: `{"boolValue": true}`.
extension SettingValue: Codable {
    private enum CodingKeys: String, CodingKey {
        case boolValue, stringValue, intValue, doubleValue
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let value = try container.decodeIfPresent(Bool.self, forKey: .boolValue) {
            self = .boolean(value)
        } else if let value = try container.decodeIfPresent(Int32.self, forKey: .intValue) {
            self = .int(value)
        } else if let value = try container.decodeIfPresent(Double.self, forKey: .doubleValue) {
            self = .double(value)
        } else {
            self = .string(try container.decode(String.self, forKey: .stringValue))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .boolean(let value): try container.encode(value, forKey: .boolValue)
        case .string(let value): try container.encode(value, forKey: .stringValue)
        case .int(let value): try container.encode(value, forKey: .intValue)
        case .double(let value): try container.encode(value, forKey: .doubleValue)
        }
    }
}
