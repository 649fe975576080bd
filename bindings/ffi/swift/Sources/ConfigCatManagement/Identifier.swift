/// An identifier of one kind of thing, so that those of two kinds cannot be mixed up.
public struct Identifier<Kind, RawValue: Hashable & Sendable>: RawRepresentable, Hashable, Sendable {
    /// The identifier as the service writes it.
    public let rawValue: RawValue

    /// Takes an identifier as the service writes it; its form is checked when it is sent.
    public init(rawValue: RawValue) {
        self.rawValue = rawValue
    }

    /// Takes an identifier as the service writes it; its form is checked when it is sent.
    public init(_ rawValue: RawValue) {
        self.rawValue = rawValue
    }
}

extension Identifier: CustomStringConvertible {
    public var description: String { "\(rawValue)" }
}

extension Identifier: Codable where RawValue: Codable {}

extension Identifier: Comparable where RawValue: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier: ExpressibleByUnicodeScalarLiteral where RawValue: ExpressibleByUnicodeScalarLiteral {
    public init(unicodeScalarLiteral value: RawValue.UnicodeScalarLiteralType) {
        self.init(RawValue(unicodeScalarLiteral: value))
    }
}

extension Identifier: ExpressibleByExtendedGraphemeClusterLiteral where RawValue: ExpressibleByExtendedGraphemeClusterLiteral {
    public init(extendedGraphemeClusterLiteral value: RawValue.ExtendedGraphemeClusterLiteralType) {
        self.init(RawValue(extendedGraphemeClusterLiteral: value))
    }
}

extension Identifier: ExpressibleByStringLiteral where RawValue: ExpressibleByStringLiteral {
    public init(stringLiteral value: RawValue.StringLiteralType) {
        self.init(RawValue(stringLiteral: value))
    }
}

extension Identifier: ExpressibleByIntegerLiteral where RawValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: RawValue.IntegerLiteralType) {
        self.init(RawValue(integerLiteral: value))
    }
}
