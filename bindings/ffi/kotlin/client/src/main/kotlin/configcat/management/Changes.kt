package configcat.management

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import java.util.function.Consumer

/** Progress of applying a plan, after a request. */
public class ApplyProgress internal constructor(
    /** Steps that are completed, successfully or not. */
    public val completed: Int,
    /** Steps of the plan. */
    public val total: Int,
    private val handle: NativeStop,
) {
    /**
     * Sends no other requests. Those in flight are waited for, the steps that are left are skipped, and the report says so: what
     * was done can be taken back. Cancelling a call, instead, returns no report.
     */
    public fun stop() {
        handle.stop()
    }

    override fun equals(other: Any?): Boolean = other is ApplyProgress && completed == other.completed && total == other.total

    override fun hashCode(): Int = completed

    override fun toString(): String = "$completed of $total steps"
}

/** Starts to apply something. */
internal typealias Application = suspend NativeClient.(NativeProgress, NativeStop) -> NativeReport

internal fun applying(plan: Plan): Application = { progress, stop -> applyPlan(plan.native, progress, stop) }

internal fun applying(document: ProductDocument, options: PlanOptions): Application =
    { progress, stop -> applyDocument(document.native, options, progress, stop) }

/** Applies something, and reports the progress in the context of the caller, which may be later than it is made. */
internal suspend fun Connection.carryOut(what: Application, progress: (ApplyProgress) -> Unit): Report = coroutineScope {
    val stop = NativeStop()
    val reports = Channel<ApplyProgress>(Channel.UNLIMITED)
    launch { for (report in reports) progress(report) }
    val native = object : NativeProgress {
        override fun report(completed: Int, total: Int) {
            reports.trySend(ApplyProgress(completed, total, stop))
        }
    }
    try {
        Report(call { what(native, stop) })
    } finally {
        reports.close()
    }
}

/** Applies something on this thread, and reports the progress on it. An exception of the listener stops the application. */
internal fun Connection.carryOutWaiting(what: Application, progress: Consumer<ApplyProgress>): Report {
    val stop = NativeStop()
    var failure: Throwable? = null
    val native = object : NativeProgress {
        override fun report(completed: Int, total: Int) {
            if (failure != null) return
            failure = runCatching { progress.accept(ApplyProgress(completed, total, stop)) }.exceptionOrNull() ?: return
            stop.stop()
        }
    }
    val report = Report(wait { what(native, stop) })
    failure?.let { throw it }
    return report
}

/** Jobs that return futures, for Java. */
public abstract class FutureChanges internal constructor(internal val connection: Connection) : FutureCalls() {
    /**
     * Reads a product as a document; see [ManagementClient.export].
     *
     * @param product name or id of the product
     */
    public fun export(product: String): CompletableFuture<ProductDocument> =
        connection.future { ProductDocument(exportProduct(product)) }

    /**
     * Compares a document with its product; see [ManagementClient.plan].
     *
     * @param document the desired state
     * @param options options of the plan
     */
    @JvmOverloads
    public fun plan(document: ProductDocument, options: PlanOptions = PlanOptions()): CompletableFuture<Plan> =
        connection.future { Plan(planDocument(document.native, options)) }

    /**
     * Applies a plan; see [ManagementClient.apply].
     *
     * @param plan the plan
     * @param progress called after each request, on [Dispatchers.Default]
     */
    @JvmOverloads
    public fun apply(plan: Plan, progress: Consumer<ApplyProgress> = Consumer {}): CompletableFuture<Report> =
        start(applying(plan), progress)

    /**
     * Makes a plan and applies it at once; see [ManagementClient.applyDocument].
     *
     * @param document the desired state
     * @param options options of the plan
     * @param progress called after each request, on [Dispatchers.Default]
     */
    @JvmOverloads
    public fun applyDocument(
        document: ProductDocument,
        options: PlanOptions = PlanOptions(),
        progress: Consumer<ApplyProgress> = Consumer {},
    ): CompletableFuture<Report> = start(applying(document, options), progress)

    /**
     * Plans to give flags of an environment the values that they have in another one; see [ManagementClient.promote].
     *
     * @param promotion which values are promoted, and where to
     * @param options options of the plan
     */
    @JvmOverloads
    public fun promote(promotion: Promotion, options: PlanOptions = PlanOptions()): CompletableFuture<Plan> =
        connection.future { Plan(promoteValues(promotion, options)) }

    /**
     * Returns what differs between two products; see [ManagementClient.compare].
     *
     * @param from name or id of the product to be like
     * @param to name or id of the product that the steps would change
     */
    public fun compare(from: String, to: String): CompletableFuture<Plan> = connection.future { Plan(compareProducts(from, to)) }

    /**
     * Plans to create a copy of a product; see [ManagementClient.cloneProduct].
     *
     * @param product name or id of the product
     * @param name name of the copy
     * @param organization name or id of the organization of the copy
     */
    @JvmOverloads
    public fun cloneProduct(product: String, name: String, organization: String? = null): CompletableFuture<Plan> =
        connection.future { Plan(cloneProduct(product, name, organization)) }

    private fun start(what: Application, progress: Consumer<ApplyProgress>): CompletableFuture<Report> =
        CoroutineScope(Dispatchers.Default).future { connection.carryOut(what) { progress.accept(it) } }
}

/** Jobs that block the calling thread, for Java. */
public abstract class BlockingChanges internal constructor(internal val connection: Connection) {
    /**
     * Reads a product as a document; see [ManagementClient.export].
     *
     * @param product name or id of the product
     * @throws ConfigCatException if a call fails
     */
    public fun export(product: String): ProductDocument = ProductDocument(connection.wait { exportProduct(product) })

    /**
     * Compares a document with its product; see [ManagementClient.plan].
     *
     * @param document the desired state
     * @param options options of the plan
     * @throws ConfigCatException if a call fails
     */
    @JvmOverloads
    public fun plan(document: ProductDocument, options: PlanOptions = PlanOptions()): Plan =
        Plan(connection.wait { planDocument(document.native, options) })

    /**
     * Applies a plan; see [ManagementClient.apply].
     *
     * @param plan the plan
     * @param progress called after each request, on the calling thread; its exceptions stop the application, and are thrown
     * @throws ConfigCatException if a call fails
     */
    @JvmOverloads
    public fun apply(plan: Plan, progress: Consumer<ApplyProgress> = Consumer {}): Report =
        connection.carryOutWaiting(applying(plan), progress)

    /**
     * Makes a plan and applies it at once; see [ManagementClient.applyDocument].
     *
     * @param document the desired state
     * @param options options of the plan
     * @param progress called after each request, on the calling thread; its exceptions stop the application, and are thrown
     * @throws ConfigCatException if a call fails
     */
    @JvmOverloads
    public fun applyDocument(
        document: ProductDocument,
        options: PlanOptions = PlanOptions(),
        progress: Consumer<ApplyProgress> = Consumer {},
    ): Report = connection.carryOutWaiting(applying(document, options), progress)

    /**
     * Plans to give flags of an environment the values that they have in another one; see [ManagementClient.promote].
     *
     * @param promotion which values are promoted, and where to
     * @param options options of the plan
     * @throws ConfigCatException if a call fails
     */
    @JvmOverloads
    public fun promote(promotion: Promotion, options: PlanOptions = PlanOptions()): Plan =
        Plan(connection.wait { promoteValues(promotion, options) })

    /**
     * Returns what differs between two products; see [ManagementClient.compare].
     *
     * @param from name or id of the product to be like
     * @param to name or id of the product that the steps would change
     * @throws ConfigCatException if a call fails
     */
    public fun compare(from: String, to: String): Plan = Plan(connection.wait { compareProducts(from, to) })

    /**
     * Plans to create a copy of a product; see [ManagementClient.cloneProduct].
     *
     * @param product name or id of the product
     * @param name name of the copy
     * @param organization name or id of the organization of the copy
     * @throws ConfigCatException if a call fails
     */
    @JvmOverloads
    public fun cloneProduct(product: String, name: String, organization: String? = null): Plan =
        Plan(connection.wait { cloneProduct(product, name, organization) })
}
