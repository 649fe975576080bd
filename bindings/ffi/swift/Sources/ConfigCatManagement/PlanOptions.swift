/// Options of a plan. All have defaults.
public struct PlanOptions: Hashable, Sendable {
    /// Reason of the changes, which environments may require. At most 1,000 characters.
    public var reason: String?
    /// What happens to values in environments that require an approval. Default: the plan is not applied.
    public var approval: Approval
    /// Sections, such as `tags`, of which everything is deleted that the document does not have. Default: none.
    public var prune: [String]
    /// Whether entities may be deleted and created again, if a field differs that cannot be changed: the type of a flag, the
    /// evaluation version of a config. Default: no.
    public var allowReplace: Bool
    /// Whether each value is written by a request of its own, with the version that it builds on. By default, several values of a
    /// config in an environment are written by one request, and what others write between reading and writing is lost.
    public var strict: Bool

    /// Creates options; see the properties.
    public init(
        reason: String? = nil, approval: Approval = .refuse, prune: [String] = [], allowReplace: Bool = false,
        strict: Bool = false
    ) {
        self.reason = reason
        self.approval = approval
        self.prune = prune
        self.allowReplace = allowReplace
        self.strict = strict
    }

    var native: NativePlanOptions {
        NativePlanOptions(reason: reason, approval: approval, prune: prune, allowReplace: allowReplace, strict: strict)
    }
}

/// Which values are promoted, and where to.
public struct Promotion: Hashable, Sendable {
    /// Name or id of the product.
    public var product: String
    /// Name of the config.
    public var config: String
    /// Environment whose values are promoted.
    public var from: String
    /// Environment that gets them.
    public var to: String
    /// Keys of the flags. Default: all.
    public var flags: [String]
    /// Parts of the values. Default: all.
    public var aspects: [Aspect]

    /// Creates a promotion; see the properties.
    public init(
        product: String, config: String, from: String, to: String, flags: [String] = [], aspects: [Aspect] = []
    ) {
        self.product = product
        self.config = config
        self.from = from
        self.to = to
        self.flags = flags
        self.aspects = aspects
    }

    var native: NativePromotion {
        NativePromotion(product: product, config: config, from: from, to: to, flags: flags, aspects: aspects)
    }
}
