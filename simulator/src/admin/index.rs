//! List of the admin path's calls.

/// The calls, with what each one does.
pub const INDEX: [(&str, &str); 21] = [
    ("GET /health", "whether it runs, and which version"),
    ("POST /reset", "resets the state to the seed; clears faults and the journal"),
    ("GET /snapshot", "the whole state as one document"),
    ("PUT /snapshot", "replaces the state by a document"),
    ("GET /seed", "the state as a seed that plants the same state"),
    ("POST /seed", "adds a seed to what is there"),
    (
        "GET /journal",
        "requests and answers; ?operation= &method= &path= &credential= &status= &after= &limit=",
    ),
    ("DELETE /journal", "forgets them"),
    ("GET /journal/count", "how many there are; same filters"),
    ("POST /journal/verify", "checks how often something was called"),
    ("GET /faults", "faults, with the number of times each was applied"),
    ("POST /faults", "adds a fault"),
    ("DELETE /faults, DELETE /faults/{id}", "takes faults away"),
    ("GET /clock", "what time it is"),
    ("POST /clock/freeze", "stops the clock, at a time if one is given"),
    ("POST /clock/advance", "moves it forward by seconds"),
    ("POST /clock/resume", "lets it run"),
    ("GET, POST /credentials, DELETE /credentials/{username}", "who may call, and with which budget"),
    ("POST /invitations/{id}/accept", "accepts an invitation"),
    ("GET, DELETE /webhooks", "webhook deliveries and their results"),
    ("POST, DELETE /webhooks/{id}/second-key", "the second signing key of a webhook"),
];
