/// Desired state of a product, or of a part of it, by names and without ids. What a document does not mention is left alone.
///
/// ```swift
/// let document = try ProductDocument(parsing: String(contentsOfFile: "flags.yaml", encoding: .utf8))
/// print(try await client.plan(document))
/// ```
public struct ProductDocument: Sendable {
    let native: NativeDocument

    init(_ native: NativeDocument) {
        self.native = native
    }

    /// Creates a document that mentions nothing but a product.
    ///
    /// - Parameter product: Name of the product.
    public init(product: String) {
        native = NativeDocument(product: product)
    }

    /// Parses a document from YAML or JSON.
    ///
    /// - Throws: ``ConfigCatError/badRequest(_:)`` if it is not a document, with the path, line and column of the first mistake.
    public init(parsing text: String) throws {
        native = try translated { try NativeDocument.parse(text: text) }
    }

    /// Name of the product.
    public var product: String { native.product() }

    /// Name or id of the organization in which the product is created if it does not exist; `nil` if there is none.
    public var organization: String? { native.organization() }

    /// The document as YAML.
    public var yaml: String { native.yaml() }

    /// The document as JSON.
    public var json: String { native.json() }

    /// Returns the document with the product under another name, or in another organization.
    ///
    /// - Parameters:
    ///   - product: Name of the product; unchanged if `nil`.
    ///   - organization: Name or id of the organization; unchanged if `nil`.
    public func renamed(product: String? = nil, organization: String? = nil) -> ProductDocument {
        ProductDocument(native.renamed(product: product, organization: organization))
    }
}

extension ProductDocument: Hashable, CustomStringConvertible {
    public static func == (one: ProductDocument, other: ProductDocument) -> Bool { one.native.sameAs(other: other.native) }

    public func hash(into hasher: inout Hasher) { hasher.combine(product) }

    /// The document as YAML.
    public var description: String { yaml }
}
