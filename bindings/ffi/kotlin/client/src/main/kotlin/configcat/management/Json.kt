@file:JvmName("JsonValues")

package configcat.management

import configcat.management.models.JsonValue

/**
 * Converts a value to JSON: `null`, a boolean, a number, a string, a map whose keys are strings, a collection or an array of such
 * values, or a [JsonValue].
 *
 * ```
 * PatchOperation(PatchOperationType.Replace, "/defaultValue/boolValue", value = Field.of(jsonValue(true)))
 * ```
 *
 * @throws ConfigCatException.BadRequest if there is another value, or a number that is not finite
 */
public fun jsonValue(value: Any?): JsonValue = translated { converted(value) }

/** Converts a value to JSON; see [jsonValue]. */
internal fun converted(value: Any?): JsonValue = when (value) {
    null -> JsonValue.Null
    is JsonValue -> value
    is Boolean -> JsonValue.Boolean(value)
    is CharSequence -> JsonValue.String(value.toString())
    is Byte -> JsonValue.Integer(value.toLong())
    is Short -> JsonValue.Integer(value.toLong())
    is Int -> JsonValue.Integer(value.toLong())
    is Long -> JsonValue.Integer(value)
    is Number -> JsonValue.Number(value.toDouble().also { if (!it.isFinite()) invalid("must be finite, not $it") })
    is Map<*, *> -> JsonValue.Object(value.entries.associate { (name, member) -> entry(name, member) })
    is Iterable<*> -> JsonValue.Array(items(value))
    is Array<*> -> JsonValue.Array(items(value.asList()))
    else -> invalid("must be a boolean, a number, a string, a map or a collection, not a ${value.javaClass.name}")
}

private fun items(values: Iterable<*>): List<JsonValue> =
    values.mapIndexed { index, item -> named("[$index]") { converted(item) } }

private fun entry(name: Any?, value: Any?): Pair<String, JsonValue> {
    if (name !is String) invalid("the keys of a map must be strings, not $name")
    return name to named(name) { converted(value) }
}

private fun invalid(rule: String): Nothing = throw InvalidValueException(rule)

/**
 * Parses JSON text.
 *
 * @throws ConfigCatException.BadRequest if it is not JSON
 */
public fun parseJsonValue(text: String): JsonValue = translated { parseJson(text) }

/** The value as JSON text, without spaces and with the members of objects in the order of their names. */
public val JsonValue.text: String
    get() = translated { jsonText(this) }

/** The value of a member of an object; `null` if there is no such member, or if this is no object. */
public operator fun JsonValue.get(name: String): JsonValue? = asObject?.get(name)

/** The value of an item of a list, from 0; `null` if there is no such item, or if this is no list. */
public operator fun JsonValue.get(index: Int): JsonValue? = asList?.getOrNull(index)

/** The value if it is a boolean; `null` for other types. */
public val JsonValue.asBoolean: Boolean?
    get() = (this as? JsonValue.Boolean)?.v1

/** The value if it is a string; `null` for other types. */
public val JsonValue.asString: String?
    get() = (this as? JsonValue.String)?.v1

/** The value if it is a whole number of at most 64 bits; `null` for other types. */
public val JsonValue.asLong: Long?
    get() = (this as? JsonValue.Integer)?.v1

/** The value if it is a number; `null` for other types. */
public val JsonValue.asDouble: Double?
    get() = (this as? JsonValue.Number)?.v1 ?: asLong?.toDouble()

/** The items if it is a list; `null` for other types. */
public val JsonValue.asList: List<JsonValue>?
    get() = (this as? JsonValue.Array)?.v1

/** The members if it is an object; `null` for other types. */
public val JsonValue.asObject: Map<String, JsonValue>?
    get() = (this as? JsonValue.Object)?.v1

/** The value with the types of the language: `null`, [Boolean], [Long], [Double], [String], [List] or [Map]. */
public val JsonValue.plain: Any?
    get() = when (this) {
        is JsonValue.Null -> null
        is JsonValue.Boolean -> v1
        is JsonValue.Integer -> v1
        is JsonValue.Number -> v1
        is JsonValue.String -> v1
        is JsonValue.Array -> v1.map { it.plain }
        is JsonValue.Object -> v1.mapValues { it.value.plain }
    }
