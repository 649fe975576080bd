/// A request field with three states: absent, null, or a value.
///
/// If absent, the service keeps (update) or resets (replace) the current value; null clears it. Literals are values, and `nil`
/// is null:
///
/// ```swift
/// UpdateConfig(name: "Checkout", description: nil)
/// UpdateConfig(name: .value(name))
/// ```
public enum Field<Value: Hashable & Sendable>: Hashable, Sendable {
    /// Not sent. The default.
    case absent
    /// Sent as null.
    case null
    /// Sent as this value.
    case value(Value)

    /// Sends this value, or null.
    public init(_ value: Value?) {
        self = value.map(Field.value) ?? .null
    }

    /// The value; `nil` if the field is absent or null.
    public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    /// Converts from the native representation: `nil` (absent), an empty list (null), or a list of one value.
    init(list: [Value]?) {
        self = list.map { Field($0.first) } ?? .absent
    }

    var list: [Value]? {
        switch self {
        case .absent: nil
        case .null: []
        case .value(let value): [value]
        }
    }
}

extension Field: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) {
        self = .null
    }
}

extension Field: ExpressibleByUnicodeScalarLiteral where Value: ExpressibleByUnicodeScalarLiteral {
    public init(unicodeScalarLiteral value: Value.UnicodeScalarLiteralType) {
        self = .value(Value(unicodeScalarLiteral: value))
    }
}

extension Field: ExpressibleByExtendedGraphemeClusterLiteral where Value: ExpressibleByExtendedGraphemeClusterLiteral {
    public init(extendedGraphemeClusterLiteral value: Value.ExtendedGraphemeClusterLiteralType) {
        self = .value(Value(extendedGraphemeClusterLiteral: value))
    }
}

extension Field: ExpressibleByStringLiteral where Value: ExpressibleByStringLiteral {
    public init(stringLiteral value: Value.StringLiteralType) {
        self = .value(Value(stringLiteral: value))
    }
}

extension Field: ExpressibleByBooleanLiteral where Value: ExpressibleByBooleanLiteral {
    public init(booleanLiteral value: Value.BooleanLiteralType) {
        self = .value(Value(booleanLiteral: value))
    }
}

extension Field: ExpressibleByIntegerLiteral where Value: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Value.IntegerLiteralType) {
        self = .value(Value(integerLiteral: value))
    }
}

extension Field: ExpressibleByFloatLiteral where Value: ExpressibleByFloatLiteral {
    public init(floatLiteral value: Value.FloatLiteralType) {
        self = .value(Value(floatLiteral: value))
    }
}

extension Field: ExpressibleByArrayLiteral
where Value: ExpressibleByArrayLiteral & RangeReplaceableCollection, Value.ArrayLiteralElement == Value.Element {
    public init(arrayLiteral elements: Value.Element...) {
        self = .value(Value(elements))
    }
}
