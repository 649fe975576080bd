package configcat.management

/**
 * A field of a request that may be left out, set to null, or set to a value: three different wishes.
 *
 * Left out, the service keeps (update) or resets (replace) what it has; null clears it.
 *
 * ```
 * UpdateConfig(name = Field.of("Checkout"), description = Field.Null)
 * ```
 */
public sealed class Field<out T : Any> {
    /** Not sent. The default. */
    public data object Absent : Field<Nothing>()

    /** Sent as null. */
    public data object Null : Field<Nothing>()

    /** Sent as this value. */
    public data class Value<out T : Any>(public val value: T) : Field<T>()

    /** The value, if there is one. */
    public fun valueOrNull(): T? = (this as? Value)?.value

    /** As it travels: nothing, an empty list, or a list of one. */
    internal fun toList(): List<T>? = when (this) {
        Absent -> null
        Null -> emptyList()
        is Value -> listOf(value)
    }

    public companion object {
        /** Sends this value. */
        @JvmStatic
        public fun <T : Any> of(value: T): Field<T> = Value(value)

        /** Sends this value, or null. */
        @JvmStatic
        public fun <T : Any> ofNullable(value: T?): Field<T> = if (value == null) Null else Value(value)

        /** Sends nothing; for Java, whose constructors have no defaults. */
        @JvmStatic
        public fun <T : Any> absent(): Field<T> = Absent

        /** Sends null; for Java. */
        @JvmStatic
        public fun <T : Any> ofNull(): Field<T> = Null

        internal fun <T : Any> ofList(list: List<T>?): Field<T> =
            if (list == null) Absent else ofNullable(list.firstOrNull())
    }
}
