package configcat.management

import configcat.management.bridge.ConfigCatException as CallException
import configcat.management.bridge.NativeClient
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.future.future
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import kotlin.coroutines.CoroutineContext

/**
 * Where a call runs: it begins where it is made, for handing it over takes no time, and goes on where a long answer may be
 * read. Each hop from thread to thread costs a small call a tenth of its time.
 */
private class HandedOver : CoroutineDispatcher() {
    @Volatile
    private var begun = false

    override fun isDispatchNeeded(context: CoroutineContext): Boolean = begun.also { begun = true }

    override fun dispatch(context: CoroutineContext, block: Runnable) = Dispatchers.Default.dispatch(context, block)
}

/** What resources share with their client. */
internal class Connection(
    val native: NativeClient,
    /** Tells that a call has ended, to whoever follows the rate limit. */
    private val ended: MutableSharedFlow<Unit> =
        MutableSharedFlow(extraBufferCapacity = 1, onBufferOverflow = BufferOverflow.DROP_OLDEST),
) {
    fun view(options: CallOptions): Connection {
        checkOpen()
        return Connection(native.withOptions(options), ended)
    }

    /**
     * Makes a call: the thread of the caller hands it over to the library, and a thread that may be kept busy reads the
     * answer. Says by kind what went wrong.
     */
    suspend fun <T> call(block: suspend NativeClient.() -> T): T {
        checkOpen()
        try {
            return withContext(HandedOver()) { native.block() }
        } catch (e: CallException) {
            throw ConfigCatException.of(e)
        } finally {
            ended.tryEmit(Unit)
        }
    }

    /** Makes a call for Java; cancelling the future cancels the call. */
    fun <T> future(block: suspend NativeClient.() -> T): CompletableFuture<T> =
        CoroutineScope(Dispatchers.Default).future { call(block) }

    fun rateLimits(): Flow<RateLimit> =
        ended.onStart { emit(Unit) }.map { native.rateLimit() }.distinctUntilChanged()

    private fun checkOpen() {
        check(!native.uniffiIsDestroyed) { "the client is closed" }
    }
}
