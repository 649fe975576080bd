package configcat.management.testing

import configcat.management.ClientOptions
import configcat.management.ManagementClient
import configcat.management.Observer
import com.sun.jna.ptr.PointerByReference
import java.nio.file.Path

/**
 * The simulator of the API, in this process: it starts in milliseconds, keeps what is created, and answers as the service
 * does.
 *
 * ```
 * Simulator().use { simulator ->
 *     simulator.client().use { client -> assertEquals(1, client.organizations.list().size) }
 * }
 * ```
 *
 * @param seed what it begins with: `demo`, `empty`, the path of a file (YAML or JSON), or a seed itself as a JSON object;
 *   an organization without products when left out
 * @param rateLimit the rate limit as `requests/seconds`, such as `100/60`; none that is felt when left out
 * @param username the user name that it accepts; `simulator` when left out
 * @param password the password that it accepts; `simulator` when left out
 * @param state a folder in which the state is kept across starts; none when left out
 * @param port a port on the loopback address; a free one when left out
 * @throws IllegalArgumentException when it cannot start, with the reason
 */
public class Simulator @JvmOverloads constructor(
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

    /** Where it listens. */
    public val url: String = handle.use { NativeSimulator.ccm_simulator_url(it) }

    /** The user name that it accepts. */
    public val username: String = handle.use { NativeSimulator.ccm_simulator_username(it) }

    /** The password that it accepts. */
    public val password: String = handle.use { NativeSimulator.ccm_simulator_password(it) }

    /**
     * A client of this simulator.
     *
     * @param options settings; the address is the simulator's
     * @param observer sees what the client does
     */
    @JvmOverloads
    public fun client(options: ClientOptions = ClientOptions(), observer: Observer? = null): ManagementClient =
        ManagementClient(username, password, options.copy(baseUrl = url), observer)

    /** An answer of the admin path. */
    public class AdminAnswer internal constructor(
        /** The HTTP status. */
        public val status: Int,
        /** The body, JSON as a rule. */
        public val body: String,
    )

    /**
     * Asks the admin path: faults, journal, clock, snapshots.
     *
     * @param method an HTTP method
     * @param path a path below `/__admin`, such as `/journal`
     * @param body a JSON text
     */
    @JvmOverloads
    public fun admin(method: String, path: String, body: String? = null): AdminAnswer {
        val out = PointerByReference()
        val status = handle.use { NativeSimulator.ccm_simulator_admin(it, method, path, body, out) }
        return AdminAnswer(status, taken(out).orEmpty())
    }

    /** Stops it; open connections end. */
    override fun close() {
        handle.close()
    }
}
