package configcat.management

/** Prefix of uniffi's message about an argument that the library cannot convert. */
private const val UNCONVERTED = "Failed to convert arg "

/**
 * Calls a function of the library. Throws its errors as [ConfigCatException], including those that uniffi reports with exceptions of
 * its own.
 */
@Suppress("TooGenericExceptionCaught")
internal inline fun <T> translated(call: () -> T): T = try {
    // First, because an error would otherwise be that of the first class that needs the library, and only once.
    NativeLibrary.path()
    call()
} catch (e: Exception) {
    throw publicException(e)
}

/** Returns the exception to throw to users. */
internal fun publicException(e: Exception): Exception = when (e) {
    is NativeException -> ConfigCatException.of(e)
    is InvalidValueException -> invalid(e)
    is NativeLibraryException -> ConfigCatException.Configuration(details(e.message.orEmpty()), e)
    is InternalException -> unexpected(e)
    else -> e
}

private fun invalid(e: InvalidValueException): ConfigCatException {
    val path = e.path.removePrefix("options.").removePrefix("body.")
    val details =
        if (path.isEmpty()) details(e.rule) else details("$path: ${e.rule}", mapOf(path to listOf(e.rule)))
    return if (e.path.startsWith("options.")) {
        ConfigCatException.Configuration(details, e)
    } else {
        ConfigCatException.BadRequest(details.copy(message = "not sent: ${details.message}"), e)
    }
}

private fun unexpected(e: InternalException): ConfigCatException {
    val message = e.message.orEmpty()
    return if (message.startsWith(UNCONVERTED)) {
        val text = message.removePrefix(UNCONVERTED).replace("'", "")
        ConfigCatException.BadRequest(details("not sent: $text"), e)
    } else {
        ConfigCatException.Configuration(details("internal error in configcat-management: $message"), e)
    }
}

/** Returns the details of an error that was found before anything was sent. */
private fun details(message: String, fieldErrors: Map<String, List<String>> = emptyMap()): ErrorDetails = ErrorDetails(
    message = message,
    status = null,
    fieldErrors = fieldErrors,
    retryAfter = null,
    attempts = 0,
    maybeApplied = false,
    isRetryable = false,
    operation = null,
    request = null,
    method = null,
    pathTemplate = null,
    headers = emptyMap(),
    path = null,
    body = ByteArray(0),
)
