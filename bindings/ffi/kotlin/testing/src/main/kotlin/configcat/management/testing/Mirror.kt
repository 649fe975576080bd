package configcat.management.testing

import configcat.management.ManagementClient
import configcat.management.Plan
import configcat.management.PlanOptions
import configcat.management.ProductCopy
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.future
import java.util.concurrent.CompletableFuture

/**
 * A simulator with a copy of a real product: with the same ids, names, values, versions and SDK keys.
 *
 * Any program may run against its [url]. [changes] then returns what it has changed as a plan, which can be applied to the real
 * product.
 *
 * ```
 * Simulator.mirror(client, "Web Shop").use { mirror ->
 *     mirror.client().use { cleanUp(it) }
 *     println(mirror.changes())
 * }
 * ```
 */
public class Mirror internal constructor(private val copy: ProductCopy) : Simulator(seed = copy.seed) {
    /** Secrets that cannot be read from the service, and are placeholders in the copy, in words. */
    public val placeholders: List<String>
        get() = copy.placeholders

    /**
     * Returns what has been changed since the product was copied, as a plan from the state of the copy. When it is applied to the real
     * product, steps for what others have changed there meanwhile are conflicts.
     *
     * @param options reason, approval and strictness of the changes; everything is pruned and may be replaced
     * @throws IllegalStateException if the mirror is closed
     * @throws configcat.management.ConfigCatException if a call to the mirror fails
     */
    public suspend fun changes(options: PlanOptions = PlanOptions()): Plan = comparing { changed, untouched ->
        Plan(changed.connection.call { changesSince(untouched.connection.native, copy.name, options) })
    }

    /** Returns the functions of this mirror that block the calling thread, for Java. */
    public fun blocking(): MirrorBlocking = MirrorBlocking(this)

    /** Returns the functions of this mirror that return futures, for Java. */
    public fun futures(): MirrorFutures = MirrorFutures(this)

    internal fun changesWaiting(options: PlanOptions): Plan = comparing { changed, untouched ->
        Plan(changed.connection.waiting().wait { changesSince(untouched.connection.native, copy.name, options) })
    }

    /** Makes a plan with clients of this simulator, and of one with an untouched copy. */
    private inline fun comparing(plan: (ManagementClient, ManagementClient) -> Plan): Plan {
        checkOpen()
        return Simulator(seed = copy.seed).use { untouched ->
            untouched.client().use { before -> client().use { changed -> plan(changed, before) } }
        }
    }
}

/** Functions of a [Mirror] that block the calling thread, for Java. */
public class MirrorBlocking internal constructor(private val mirror: Mirror) {
    /** Returns what has been changed since the product was copied; see [Mirror.changes]. */
    @JvmOverloads
    public fun changes(options: PlanOptions = PlanOptions()): Plan = mirror.changesWaiting(options)
}

/** Functions of a [Mirror] that return futures, for Java. */
public class MirrorFutures internal constructor(private val mirror: Mirror) {
    /** Returns what has been changed since the product was copied; see [Mirror.changes]. */
    @JvmOverloads
    public fun changes(options: PlanOptions = PlanOptions()): CompletableFuture<Plan> =
        CoroutineScope(Dispatchers.Default).future { mirror.changes(options) }
}
