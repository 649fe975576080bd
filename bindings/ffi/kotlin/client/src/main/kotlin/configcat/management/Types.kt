package configcat.management

/** Settings of a client; what is left out has its default. */
public typealias ClientOptions = configcat.management.bridge.ClientOptions

internal typealias CallOptions = configcat.management.bridge.CallOptions

/** What to do about the service's rate limit. */
public typealias RateLimitPolicy = configcat.management.models.RateLimitPolicy

/** What the client knows of the rate limit. */
public typealias RateLimit = configcat.management.bridge.RateLimit

/** What a client has done so far. */
public typealias Usage = configcat.management.bridge.Usage
