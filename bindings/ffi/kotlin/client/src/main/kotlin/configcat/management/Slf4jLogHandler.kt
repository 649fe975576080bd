package configcat.management

import configcat.management.models.LogLevel
import org.slf4j.Logger
import org.slf4j.LoggerFactory

/**
 * Passes lines of the log to SLF4J. This package does not depend on SLF4J: the application adds `org.slf4j:slf4j-api` and a provider.
 *
 * ```
 * setLog(LogLevel.DEBUG, Slf4jLogHandler())
 * ```
 *
 * @param logger receives the lines; its own level applies in addition to that of [setLog]. Default: the logger `configcat.management`
 */
public class Slf4jLogHandler @JvmOverloads constructor(
    private val logger: Logger = LoggerFactory.getLogger("configcat.management"),
) : LogHandler {
    override fun log(level: LogLevel, message: String) {
        when (level) {
            LogLevel.ERROR -> logger.error(message)
            LogLevel.WARNING -> logger.warn(message)
            LogLevel.INFO -> logger.info(message)
            LogLevel.DEBUG -> logger.debug(message)
        }
    }
}
