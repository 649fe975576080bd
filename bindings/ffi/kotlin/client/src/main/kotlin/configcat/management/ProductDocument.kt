package configcat.management

/**
 * Desired state of a product, or of a part of it, by names and without ids. What a document does not mention is left alone.
 *
 * ```
 * val document = ProductDocument.parse(File("flags.yaml").readText())
 * println(client.plan(document))
 * ```
 *
 * It is immutable. Documents that say the same are equal.
 */
public class ProductDocument internal constructor(internal val native: NativeDocument) {
    /**
     * Creates a document that mentions nothing but a product.
     *
     * @param product name of the product
     */
    public constructor(product: String) : this(translated { NativeDocument(product) })

    /** Name of the product. */
    public val product: String
        get() = native.product()

    /** Name or id of the organization in which the product is created if it does not exist; `null` if there is none. */
    public val organization: String?
        get() = native.organization()

    /**
     * Returns the document with the product under another name, or in another organization.
     *
     * @param product name of the product; unchanged if `null`
     * @param organization name or id of the organization; unchanged if `null`
     */
    @JvmOverloads
    public fun renamed(product: String? = null, organization: String? = null): ProductDocument =
        ProductDocument(translated { native.renamed(product, organization) })

    /** Returns the document as YAML. */
    public fun toYaml(): String = native.yaml()

    /** Returns the document as JSON. */
    public fun toJson(): String = native.json()

    override fun equals(other: Any?): Boolean = other is ProductDocument && native.sameAs(other.native)

    override fun hashCode(): Int = product.hashCode()

    /** The document as YAML. */
    override fun toString(): String = toYaml()

    public companion object {
        /**
         * Parses a document from YAML or JSON.
         *
         * @throws ConfigCatException.BadRequest if it is not a document, with the path, line and column of the first mistake
         */
        @JvmStatic
        public fun parse(text: String): ProductDocument = ProductDocument(translated { NativeDocument.parse(text) })
    }
}
