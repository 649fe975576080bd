package configcat.management

import configcat.management.bridge.ConfigCatException as CallException
import configcat.management.bridge.NativeClient
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
     * Makes a call away from the thread of the caller, for reading a long answer takes its time, and says by kind what went
     * wrong.
     */
    suspend fun <T> call(block: suspend NativeClient.() -> T): T {
        checkOpen()
        try {
            return withContext(Dispatchers.Default) { native.block() }
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
