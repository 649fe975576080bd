package configcat.management

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.util.concurrent.CompletableFuture
import java.util.function.IntConsumer
import java.util.function.Supplier

/** Default number of concurrent calls. */
private const val CONCURRENCY = 64

/**
 * Outcome of one call.
 *
 * @property index position of the call, from 0
 * @property error exception of the call; `null` if it succeeded
 */
public class Outcome<out T> internal constructor(
    public val index: Int,
    private val result: T?,
    public val error: Exception?,
) {
    /** Whether the call succeeded. */
    public val isSuccess: Boolean
        get() = error == null

    /** Value of the call. Throws its exception if it failed. */
    public val value: T
        get() {
            error?.let { throw it }
            @Suppress("UNCHECKED_CAST")
            return result as T
        }

    override fun toString(): String = if (isSuccess) "Outcome($index, $result)" else "Outcome($index, error=$error)"
}

/** One outcome per call, in the order of the calls. */
public class BulkResult<out T> internal constructor(private val outcomes: List<Outcome<T>>) : List<Outcome<T>> by outcomes {
    /** Values of the calls that succeeded. */
    public val values: List<T>
        get() = filter { it.isSuccess }.map { it.value }

    /** Outcomes of the calls that failed. */
    public val failed: List<Outcome<T>>
        get() = filterNot { it.isSuccess }

    /** Returns the values of all calls. Throws the first exception if any call failed. */
    public fun getOrThrow(): List<T> = map { it.value }

    override fun toString(): String {
        val failed = failed
        val shown = failed.take(3).joinToString("") { "; call ${it.index}: ${it.error}" }
        return "BulkResult(${size - failed.size} succeeded, ${failed.size} failed$shown)"
    }
}

/**
 * Makes many calls concurrently and collects the outcome of each. Calls of one client share its pacing by the rate limit.
 *
 * An error ends only its own call. Cancelling the coroutine cancels the calls in progress, and the others are not made.
 *
 * ```
 * val result = bulk(ids.map { id -> suspend { client.settings.delete(id) } })
 * result.failed.forEach { println("${ids[it.index]}: ${it.error}") }
 * ```
 *
 * @param calls the calls; a lazy [Iterable] is read as calls are made
 * @param concurrency maximum number of concurrent calls, at least 1
 * @param progress called after each call with the number of completed calls
 * @throws IllegalArgumentException if [concurrency] is less than 1
 */
public suspend fun <T> bulk(
    calls: Iterable<suspend () -> T>,
    concurrency: Int = CONCURRENCY,
    progress: (Int) -> Unit = {},
): BulkResult<T> {
    require(concurrency >= 1) { "concurrency: must be at least 1, not $concurrency" }
    val source = calls.withIndex().iterator()
    val outcomes = mutableListOf<Outcome<T>>()
    val lock = Mutex()
    suspend fun next() = lock.withLock { if (source.hasNext()) source.next() else null }
    suspend fun work(first: IndexedValue<suspend () -> T>) {
        var call: IndexedValue<suspend () -> T>? = first
        while (call != null) {
            val outcome = outcome(call.index, call.value)
            lock.withLock {
                outcomes += outcome
                progress(outcomes.size)
            }
            call = next()
        }
    }
    coroutineScope {
        // No more coroutines than calls.
        for (worker in 1..concurrency) {
            val first = next() ?: break
            launch { work(first) }
        }
    }
    return BulkResult(outcomes.sortedBy { it.index })
}

@Suppress("TooGenericExceptionCaught")
private suspend fun <T> outcome(index: Int, call: suspend () -> T): Outcome<T> = try {
    Outcome(index, call(), null)
} catch (e: CancellationException) {
    // This coroutine was cancelled, or only the call: a future, for example.
    currentCoroutineContext().ensureActive()
    Outcome(index, null, e)
} catch (e: Exception) {
    Outcome(index, null, e)
}

/** Many concurrent calls, for Java. */
public abstract class FutureCalls internal constructor() {
    /**
     * Makes many calls concurrently and collects the outcome of each; see [configcat.management.bulk]. Cancelling the future
     * cancels the calls in progress, and the others are not made.
     *
     * @param calls functions that start the calls; a lazy [Iterable] is read as calls are made
     * @param concurrency maximum number of concurrent calls, at least 1
     * @param progress called after each call with the number of completed calls
     * @throws IllegalArgumentException if [concurrency] is less than 1
     */
    @JvmOverloads
    public fun <T> bulk(
        calls: Iterable<Supplier<CompletableFuture<T>>>,
        concurrency: Int = CONCURRENCY,
        progress: IntConsumer = IntConsumer {},
    ): CompletableFuture<BulkResult<T>> {
        require(concurrency >= 1) { "concurrency: must be at least 1, not $concurrency" }
        val started = Iterable { calls.asSequence().map { call -> suspend { call.get().await() } }.iterator() }
        return CoroutineScope(Dispatchers.Default).future { bulk(started, concurrency) { progress.accept(it) } }
    }
}
