package configcat.management

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.flow.updateAndGet
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Flow.Publisher
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import java.util.function.Consumer

/**
 * The items of all pages of a list, for Java. Nothing is fetched before a function is called; each call starts at the first page.
 *
 * Functions and subscribers run on [Dispatchers.Default]. Each page is fetched when the items of the one before were taken.
 *
 * ```
 * client.futures().getAuditLogs().iterate(productId).limit(50).forEach(entry -> show(entry)).join();
 * ```
 */
public class PagedItems<T> internal constructor(private val items: Flow<T>) {
    /**
     * Calls a function with each item, one after the other.
     *
     * @return completes after the last item, and fails with the exception of a page or of [action]; cancelling it ends the calls
     */
    public fun forEach(action: Consumer<in T>): CompletableFuture<Void?> = started {
        items.collect { action.accept(it) }
        null
    }

    /** Returns all items. Cancelling the future ends the calls. */
    public fun toList(): CompletableFuture<List<T>> = started { items.toList() }

    /**
     * Returns the first items only. Pages after them are not fetched.
     *
     * @param count maximum number of items, at least 0
     * @throws IllegalArgumentException if [count] is negative
     */
    public fun limit(count: Int): PagedItems<T> {
        require(count >= 0) { "count: must be at least 0, not $count" }
        return PagedItems(if (count == 0) emptyFlow() else items.take(count))
    }

    /**
     * Returns a publisher of the items for libraries of reactive streams. Each subscriber starts at the first page, and pages are
     * fetched as it requests items. On Android, publishers need API level 30.
     */
    public fun publisher(): Publisher<T> = Publisher { subscriber ->
        subscriber.onSubscribe(PageSubscription(items, subscriber))
    }

    private fun <R> started(block: suspend () -> R): CompletableFuture<R> =
        CoroutineScope(Dispatchers.Default).future { block() }
}

/** Fetches pages for a subscriber. Nothing is fetched before its first request. */
private class PageSubscription<T>(items: Flow<T>, subscriber: Subscriber<in T>) : Subscription {
    /** Number of requested items that were not passed on yet; negative after an invalid request. */
    private val demand = MutableStateFlow(0L)

    @Suppress("TooGenericExceptionCaught")
    private val fetching = CoroutineScope(Dispatchers.Default).launch(start = CoroutineStart.LAZY) {
        try {
            items.collect {
                take()
                subscriber.onNext(it)
            }
            subscriber.onComplete()
        } catch (e: CancellationException) {
            throw e
        } catch (e: Exception) {
            subscriber.onError(e)
        }
    }

    /** Waits until an item is requested. */
    private suspend fun take() {
        demand.first { it != 0L }
        val left = demand.updateAndGet { if (it == Long.MAX_VALUE || it < 0) it else it - 1 }
        require(left >= 0) { "request: the number of items must be at least 1" }
    }

    override fun request(count: Long) {
        demand.updateAndGet { now ->
            when {
                now < 0 || count < 1 -> -1
                now > Long.MAX_VALUE - count -> Long.MAX_VALUE
                else -> now + count
            }
        }
        fetching.start()
    }

    override fun cancel() {
        fetching.cancel()
    }
}

/** Returns every item of every page, for Java. */
internal fun <T> pagedItems(fetch: suspend (Int) -> Page<T>): PagedItems<T> = PagedItems(items(fetch))
