import Foundation

// Not by `nil`, which is a field that is null, or a member that is not there.
extension JsonValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JsonValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JsonValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
}

extension JsonValue {
    /// Parses JSON text.
    ///
    /// - Throws: ``ConfigCatError/badRequest(_:)`` if it is not JSON.
    public init(parsing text: String) throws {
        self = try translated { try parseJson(text: text) }
    }

    /// The value as JSON text, without spaces and with the members of objects in the order of their names.
    ///
    /// - Throws: ``ConfigCatError/badRequest(_:)`` if a number is not finite.
    public func text() throws -> String {
        try translated { try jsonText(value: self) }
    }

    /// The value of a member of an object; `nil` if there is no such member, or if this is no object.
    public subscript(name: String) -> JsonValue? { object?[name] }

    /// The value of an item of a list, from 0; `nil` if there is no such item, or if this is no list.
    public subscript(index: Int) -> JsonValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// Whether it is `null`.
    public var isNull: Bool { self == .null }

    /// The value if it is a boolean; `nil` for other types.
    public var bool: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// The value if it is a whole number; `nil` for other types.
    public var int: Int? { if case .integer(let value) = self { Int(value) } else { nil } }

    /// The value if it is a number; `nil` for other types.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The value if it is a string; `nil` for other types.
    public var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The items if it is a list; `nil` for other types.
    public var array: [JsonValue]? { if case .array(let value) = self { value } else { nil } }

    /// The members if it is an object; `nil` for other types.
    public var object: [String: JsonValue]? { if case .object(let value) = self { value } else { nil } }
}

extension JsonValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JsonValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JsonValue].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JsonValue: CustomStringConvertible {
    /// The value as JSON text.
    public var description: String { (try? text()) ?? "not JSON" }
}
