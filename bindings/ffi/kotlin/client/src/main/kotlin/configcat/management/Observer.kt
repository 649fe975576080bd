package configcat.management

/**
 * Receives a client's events. Every function has an empty default.
 *
 * The functions run as part of the call, on threads of the library or, for blocking calls, on the calling thread. They must return
 * quickly and make no calls that block. Their exceptions are ignored.
 *
 * The events of one call have the same id and come in order: attempts, each with its outcome, waits before and between them, and at
 * last [finished]. An attempt during which the call is cancelled has no outcome. A call that is refused before it begins, because its
 * input violates the spec, has only the last event. Events contain neither credentials nor headers.
 */
public interface Observer {
    /**
     * Called before a request is sent. Returns headers that are added to it, such as the context of a trace: `traceparent`. Headers of
     * the call with the same names take precedence. Their values are masked in errors and logs.
     */
    public fun headers(event: AttemptEvent): Map<String, String> = emptyMap()

    /** Called before a request is sent. */
    public fun attempt(event: AttemptEvent) {}

    /** Called before a call waits, for the rate limit or between two attempts. */
    public fun wait(event: WaitEvent) {}

    /** Called after an attempt, with or without a response. */
    public fun outcome(event: OutcomeEvent) {}

    /** Called after a call: it has a response, it failed, or it was cancelled. */
    public fun finished(event: FinishedEvent) {}
}

/** Wraps an observer so that its exceptions do not fail the call. */
internal fun Observer.guarded(): NativeObserver {
    val observer = this
    return object : NativeObserver {
        override fun headers(event: AttemptEvent): Map<String, String> = runCatching {
            // What cannot be encoded is an exception of the observer, too.
            observer.headers(event).onEach { (name, value) -> utf8(name + value) }
        }.getOrDefault(emptyMap())

        override fun attempt(event: AttemptEvent) {
            runCatching { observer.attempt(event) }
        }

        override fun wait(event: WaitEvent) {
            runCatching { observer.wait(event) }
        }

        override fun outcome(event: OutcomeEvent) {
            runCatching { observer.outcome(event) }
        }

        override fun finished(event: FinishedEvent) {
            runCatching { observer.finished(event) }
        }
    }
}
