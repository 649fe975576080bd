package configcat.management

/** Settings of a client; absent ones have their defaults. */
public typealias ClientOptions = configcat.management.bridge.ClientOptions

internal typealias CallOptions = configcat.management.bridge.CallOptions

/** How to handle the service's rate limit. */
public typealias RateLimitPolicy = configcat.management.models.RateLimitPolicy

/** What a client does with a cassette. */
public typealias CassetteMode = configcat.management.models.CassetteMode

/** Rate limit state, as known to the client. */
public typealias RateLimit = configcat.management.bridge.RateLimit

/** Totals of a client and its views since the client was created. */
public typealias Usage = configcat.management.bridge.Usage
