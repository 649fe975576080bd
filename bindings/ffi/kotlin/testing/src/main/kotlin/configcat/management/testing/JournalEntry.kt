package configcat.management.testing

import configcat.management.asList
import configcat.management.asLong
import configcat.management.asString
import configcat.management.get
import configcat.management.models.JsonValue
import configcat.management.text

/** A request in the journal of a [Simulator], with its response. The credentials are left out. */
public class JournalEntry internal constructor(private val json: JsonValue) {
    /** The operation, such as `settings.create`; `null` for other paths. */
    public val operation: String?
        get() = json["operation"]?.asString

    /** HTTP method. */
    public val method: String
        get() = json["method"]?.asString.orEmpty()

    /** Path. */
    public val path: String
        get() = json["path"]?.asString.orEmpty()

    /** Query, without the question mark. */
    public val query: String
        get() = json["query"]?.asString.orEmpty()

    /** Headers of the request by name in lower case; values of repeated headers are joined by commas. */
    public val requestHeaders: Map<String, String>
        get() = json["requestHeaders"]?.asList.orEmpty()
            .groupBy({ it[0]?.asString.orEmpty() }, { it[1]?.asString.orEmpty() })
            .mapValues { (_, values) -> values.joinToString(", ") }

    /** Body of the request: a string if it was not JSON, `null` if there was none. */
    public val requestBody: JsonValue?
        get() = json["requestBody"]?.takeUnless { it is JsonValue.Null }

    /** HTTP status of the response. */
    public val status: Int
        get() = json["status"]?.asLong?.toInt() ?: 0

    /** Body of the response: a string if it was not JSON, `null` if there was none. */
    public val responseBody: JsonValue?
        get() = json["responseBody"]?.takeUnless { it is JsonValue.Null }

    /** The entry as JSON text. */
    override fun toString(): String = json.text
}
