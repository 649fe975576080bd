package configcat.management

import configcat.management.bridge.NativeObserver

/** A request is about to be sent. */
public typealias AttemptEvent = configcat.management.bridge.AttemptEvent

/** A call is about to wait. */
public typealias WaitEvent = configcat.management.bridge.WaitEvent

/** Why a call waits. */
public typealias WaitReason = configcat.management.models.WaitReason

/** An attempt has ended, with an answer or without. */
public typealias OutcomeEvent = configcat.management.bridge.OutcomeEvent

/**
 * Sees what a client does. Every function has an empty default.
 *
 * They run on threads of the library, on the path of the call: return quickly. What they throw is dropped.
 */
public interface Observer {
    /** A request is about to be sent. */
    public fun attempt(event: AttemptEvent) {}

    /** A call is about to wait, for the rate limit or between two attempts. */
    public fun wait(event: WaitEvent) {}

    /** An attempt has ended, with an answer or without. */
    public fun outcome(event: OutcomeEvent) {}
}

/** An observer's mistake is not the call's. */
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
