package configcat.management

import configcat.management.bridge.NativeObserver

/** Event before a request is sent. */
public typealias AttemptEvent = configcat.management.bridge.AttemptEvent

/** Event before a call waits. */
public typealias WaitEvent = configcat.management.bridge.WaitEvent

/** Reason why a call waits. */
public typealias WaitReason = configcat.management.models.WaitReason

/** Event after an attempt, with or without a response. */
public typealias OutcomeEvent = configcat.management.bridge.OutcomeEvent

/**
 * Receives a client's events. Every function has an empty default.
 *
 * The functions run as part of the call, on threads of the library or, for blocking calls, on the calling thread. They must return
 * quickly and make no calls that block. Their exceptions are ignored.
 */
public interface Observer {
    /** Called before a request is sent. */
    public fun attempt(event: AttemptEvent) {}

    /** Called before a call waits, for the rate limit or between two attempts. */
    public fun wait(event: WaitEvent) {}

    /** Called after an attempt, with or without a response. */
    public fun outcome(event: OutcomeEvent) {}
}

/** Wraps an observer so that its exceptions do not fail the call. */
internal fun Observer.guarded(): NativeObserver {
    val observer = this
    return object : NativeObserver {
        override fun attempt(event: AttemptEvent) {
            runCatching { observer.attempt(event) }
        }

        override fun wait(event: WaitEvent) {
            runCatching { observer.wait(event) }
        }

        override fun outcome(event: OutcomeEvent) {
            runCatching { observer.outcome(event) }
        }
    }
}
