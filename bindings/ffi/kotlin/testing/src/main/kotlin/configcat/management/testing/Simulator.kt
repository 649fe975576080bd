package configcat.management.testing

import configcat.management.Blocking
import configcat.management.ClientOptions
import configcat.management.Futures
import configcat.management.ManagementClient
import configcat.management.Observer
import configcat.management.asList
import configcat.management.models.JsonValue
import configcat.management.parseJsonValue
import com.sun.jna.ptr.PointerByReference
import java.net.URLEncoder
import java.nio.file.Path
import java.time.Duration
import java.time.Instant
import java.util.concurrent.CompletableFuture

/**
 * In-process simulator of the API. It starts in milliseconds, keeps what is created, and responds like the service.
 *
 * ```
 * Simulator().use { simulator ->
 *     simulator.client().use { client -> assertEquals(1, client.organizations.list().size) }
 * }
 * ```
 *
 * @param seed initial state: `demo`, `empty`, the path of a file (YAML or JSON), or a seed as a JSON object; default: an
 *   organization without products
 * @param rateLimit rate limit as `requests/seconds`, such as `100/60`; default: no limit
 * @param username accepted user name; default: `simulator`
 * @param password accepted password; default: `simulator`
 * @param state directory in which the state is kept across starts; default: none
 * @param port port on the loopback address; default: a free one
 * @throws IllegalArgumentException if it cannot start, with the reason
 */
public open class Simulator @JvmOverloads constructor(
    seed: String? = null,
    rateLimit: String? = null,
    username: String? = null,
    password: String? = null,
    state: Path? = null,
    port: Int = 0,
) : AutoCloseable {
    private val handle: Handle = Handle(
        NativeOptions().also {
            it.seed = seed
            it.rateLimit = rateLimit
            it.username = username
            it.password = password
            it.state = state?.toString()
            it.port = port.toShort()
            it.size = NativeSize(it.size().toLong())
        },
    )

    /** URL on which it listens. */
    public val url: String = handle.use { NativeSimulator.ccm_simulator_url(it) }

    /** Accepted user name. */
    public val username: String = handle.use { NativeSimulator.ccm_simulator_username(it) }

    /** Accepted password. */
    public val password: String = handle.use { NativeSimulator.ccm_simulator_password(it) }

    /**
     * Creates a client of this simulator.
     *
     * @param options settings; the base URL is replaced with the simulator's
     * @param observer receives the client's events
     */
    @JvmOverloads
    public fun client(options: ClientOptions = ClientOptions(), observer: Observer? = null): ManagementClient =
        ManagementClient(username, password, options.copy(baseUrl = url), observer)

    /** Response of the admin API. */
    public class AdminResponse internal constructor(
        /** The HTTP status. */
        public val status: Int,
        /** The body, usually JSON. */
        public val body: String,
    ) {
        /** The body as a JSON value. */
        public val json: JsonValue
            get() = parseJsonValue(body)
    }

    /**
     * Calls the admin API: faults, journal, clock, snapshots.
     *
     * @param method an HTTP method
     * @param path a path below `/__simulator`, such as `/journal`
     * @param body a JSON document
     */
    @JvmOverloads
    public fun admin(method: String, path: String, body: String? = null): AdminResponse {
        val out = PointerByReference()
        val status = handle.use { NativeSimulator.ccm_simulator_admin(it, method, path, body, out) }
        return AdminResponse(status, taken(out).orEmpty())
    }

    /**
     * Adds a fault, and returns its id.
     *
     * @throws IllegalArgumentException if it is invalid
     */
    public fun addFault(fault: Fault): String = ID.find(called("POST", "/faults", fault.json()))?.groupValues?.get(1).orEmpty()

    /** Removes all faults. */
    public fun clearFaults() {
        called("DELETE", "/faults")
    }

    /**
     * Returns how many requests the journal has.
     *
     * @param operation only those of this operation, such as `settings.create`; `*` matches any characters
     * @param status only those with this HTTP status
     */
    @JvmOverloads
    public fun requests(operation: String? = null, status: Int? = null): Int {
        val found = called("GET", "/journal/count${query(operation, status)}")
        return COUNT.find(found)?.groupValues?.get(1)?.toInt() ?: error("no count: $found")
    }

    /**
     * Returns the requests of the journal, oldest first.
     *
     * @param operation only those of this operation, such as `settings.create`; `*` matches any characters
     * @param status only those with this HTTP status
     */
    @JvmOverloads
    public fun journal(operation: String? = null, status: Int? = null): List<JournalEntry> =
        parseJsonValue(called("GET", "/journal${query(operation, status)}")).asList.orEmpty().map { JournalEntry(it) }

    /** Removes all requests from the journal. */
    public fun clearJournal() {
        called("DELETE", "/journal")
    }

    /** Stops the clock, at a time if there is one. The clock decides when a scheduled change is applied or a flag is stale. */
    @JvmOverloads
    public fun freezeClock(at: Instant? = null) {
        called("POST", "/clock/freeze", if (at == null) "{}" else "{\"at\":\"$at\"}")
    }

    /** Advances the clock by whole seconds; this also ends windows of the rate limit. */
    public fun advanceClock(by: Duration) {
        called("POST", "/clock/advance", "{\"seconds\":${by.seconds}}")
    }

    /** Lets the clock run again. */
    public fun resumeClock() {
        called("POST", "/clock/resume")
    }

    private fun query(operation: String?, status: Int?): String {
        val filters = listOfNotNull(operation?.let { "operation=${URLEncoder.encode(it, "UTF-8")}" }, status?.let { "status=$it" })
        return if (filters.isEmpty()) "" else filters.joinToString("&", "?")
    }

    private fun called(method: String, path: String, body: String? = null): String {
        val response = admin(method, path, body)
        require(response.status < BAD) { "$method $path: ${response.status}: ${response.body}" }
        return response.body
    }

    /** Stops the simulator and closes its connections. */
    final override fun close() {
        handle.close()
    }

    internal fun checkOpen(): Unit = handle.use {}

    public companion object {
        private const val BAD = 400
        private val ID = Regex("\"id\":\"([^\"]*)\"")
        private val COUNT = Regex("\"count\":(\\d+)")

        /**
         * Starts a simulator with a copy of a real product, which is only read.
         *
         * @param client client of the service
         * @param product name or id of the product
         * @throws configcat.management.ConfigCatException if there is no such product, or a call fails
         */
        public suspend fun mirror(client: ManagementClient, product: String): Mirror =
            Mirror(client.connection.call { copyProduct(product) })

        /** Starts a simulator with a copy of a real product, and blocks the calling thread meanwhile, for Java. */
        @JvmStatic
        public fun mirror(client: Blocking, product: String): Mirror =
            Mirror(client.connection.wait { copyProduct(product) })

        /** Starts a simulator with a copy of a real product, for Java. */
        @JvmStatic
        public fun mirror(client: Futures, product: String): CompletableFuture<Mirror> =
            client.connection.future { Mirror(copyProduct(product)) }
    }
}
