package configcat.management

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onSubscription
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.util.concurrent.CompletableFuture
import java.util.function.Consumer
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn

/**
 * Dispatcher of one call. The call starts on the calling thread, because passing a request to the library takes no time, and
 * resumes on [Dispatchers.Default], where a long response can be decoded. Each switch between threads costs a small call a
 * tenth of its time.
 */
private class HandoffDispatcher : CoroutineDispatcher() {
    @Volatile
    private var started = false

    override fun isDispatchNeeded(context: CoroutineContext): Boolean = started.also { started = true }

    override fun dispatch(context: CoroutineContext, block: Runnable) = Dispatchers.Default.dispatch(context, block)
}

/** Continuation of a coroutine that never suspends. */
private object Uncompleted : Continuation<Any?> {
    override val context: CoroutineContext get() = EmptyCoroutineContext

    override fun resumeWith(result: Result<Any?>) = Unit
}

/** State that resources share with their client. */
internal class Connection(
    val native: NativeClient,
    /** Emits when a call ends, for collectors of the rate limit. */
    private val ended: MutableSharedFlow<Unit> =
        MutableSharedFlow(extraBufferCapacity = 1, onBufferOverflow = BufferOverflow.DROP_OLDEST),
) {
    fun view(options: CallOptions): Connection {
        checkOpen()
        return Connection(translated { native.withOptions(options) }, ended)
    }

    /**
     * Makes a call: the calling thread passes it to the library, and a thread of [Dispatchers.Default] decodes the response.
     * Throws the [ConfigCatException] of the error's kind.
     */
    suspend fun <T> call(block: suspend NativeClient.() -> T): T {
        checkOpen()
        try {
            return translated { withContext(HandoffDispatcher()) { native.block() } }
        } finally {
            ended.tryEmit(Unit)
        }
    }

    /** Makes a call for Java; cancelling the future cancels the call. */
    fun <T> future(block: suspend NativeClient.() -> T): CompletableFuture<T> =
        CoroutineScope(Dispatchers.Default).future { call(block) }

    /** Returns a view that keeps the response of its latest call, for [recorded]. */
    fun recording(): Connection {
        checkOpen()
        return Connection(native.recording(), ended)
    }

    /** Returns the value of a call of a [recording] view with its response. */
    fun <T> recorded(value: T): Response<T> =
        Response(value, checkNotNull(native.recorded()) { "withResponse: the block made no call" })

    /** Returns a view whose calls are made by [wait]. */
    fun waiting(): Connection {
        checkOpen()
        return Connection(native.waiting(), ended)
    }

    /**
     * Makes a call of a [waiting] view: this thread sends it and waits. The native function completes before it returns, so that
     * the coroutine never suspends.
     */
    fun <T> wait(block: suspend NativeClient.() -> T): T {
        checkOpen()
        try {
            val result = translated { block.startCoroutineUninterceptedOrReturn(native, Uncompleted) }
            check(result !== COROUTINE_SUSPENDED) { "the call did not complete" }
            @Suppress("UNCHECKED_CAST")
            return result as T
        } finally {
            ended.tryEmit(Unit)
        }
    }

    fun rateLimits(): Flow<RateLimit> =
        ended.onSubscription { emit(Unit) }.map { native.rateLimit() }.distinctUntilChanged()

    fun onRateLimit(listener: Consumer<RateLimit>): AutoCloseable {
        val listening = CoroutineScope(Dispatchers.Default).launch { rateLimits().collect { listener.accept(it) } }
        return AutoCloseable { listening.cancel() }
    }

    private fun checkOpen() {
        check(!native.uniffiIsDestroyed) { "the client is closed" }
    }
}
