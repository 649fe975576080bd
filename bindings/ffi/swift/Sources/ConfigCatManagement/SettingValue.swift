extension SettingValue {
    /// The value of a boolean flag; `nil` for other types.
    public var bool: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// The value of a string setting; `nil` for other types.
    public var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The value of a whole number setting; `nil` for other types.
    public var int: Int32? { if case .int(let value) = self { value } else { nil } }

    /// The value of a decimal number setting; `nil` for other types.
    public var double: Double? { if case .double(let value) = self { value } else { nil } }
}

extension SettingValue: CustomStringConvertible {
    /// The value as a string for display: `true`, `on`, `1`, `1.5`.
    public var description: String {
        switch self {
        case .boolean(let value): "\(value)"
        case .string(let value): value
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        }
    }
}

extension SettingValue: ExpressibleByBooleanLiteral, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral
{
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int32) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
}
