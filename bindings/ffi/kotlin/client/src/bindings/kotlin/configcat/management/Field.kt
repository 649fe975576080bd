package configcat.management

/**
 * A request field with three states: absent, null, or a value.
 *
 * If absent, the service keeps (update) or resets (replace) the current value; null clears it.
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

    /** Returns the value, or `null` if the field is absent or null. */
    public fun valueOrNull(): T? = (this as? Value)?.value

    /** Converts to the native representation: `null` (absent), an empty list (null), or a list of one value. */
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
