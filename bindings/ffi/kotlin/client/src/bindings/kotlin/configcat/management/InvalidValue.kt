package configcat.management

import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.CharacterCodingException

/** A value that cannot be passed to the library. */
internal class InvalidValueException(
    /** What is wrong with it. */
    val rule: String,
    /** The argument and the fields in which it is, such as `body.name`; empty if not known. */
    val path: String = "",
) : IllegalArgumentException("$path: $rule") {
    /** Returns the exception for the value in a field. */
    fun within(name: String): InvalidValueException =
        InvalidValueException(rule, if (path.isEmpty() || path.startsWith("[")) "$name$path" else "$name.$path")
}

/** Names the field or argument whose value a block converts, for the exception. */
internal inline fun <T> named(name: String, block: () -> T): T = try {
    block()
} catch (e: InvalidValueException) {
    throw e.within(name)
}

/** Encodes a string. */
internal fun utf8(value: String): ByteBuffer = try {
    // A new encoder reports what cannot be encoded.
    Charsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value))
} catch (e: CharacterCodingException) {
    val at = value.indices.first { value.isUnpaired(it) }
    val code = "%04X".format(value[at].code)
    throw InvalidValueException("must be Unicode, but has half of a surrogate pair (U+$code) at position $at")
}

/** Whether there is half of a surrogate pair at a position. */
private fun String.isUnpaired(at: Int): Boolean = when {
    this[at].isHighSurrogate() -> getOrNull(at + 1)?.isLowSurrogate() != true
    this[at].isLowSurrogate() -> getOrNull(at - 1)?.isHighSurrogate() != true
    else -> false
}
