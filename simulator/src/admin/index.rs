//! The list of what the admin path can do.

/// Calls, and what they do.
pub const INDEX: [(&str, &str); 20] = [
    ("GET /health", "whether it runs, and which version"),
    ("POST /reset", "puts the seed in place of everything; takes faults and the journal away"),
    ("GET /snapshot", "the whole state as one document"),
    ("PUT /snapshot", "puts a document in place of everything"),
    ("POST /seed", "adds a seed to what is there"),
    (
        "GET /journal",
        "requests and answers; ?operation= &method= &path= &credential= &status= &after= &limit=",
    ),
    ("DELETE /journal", "forgets them"),
    ("GET /journal/count", "how many there are; same filters"),
    ("POST /journal/verify", "checks how often something was called"),
    ("GET /faults", "faults, and what became of them"),
    ("POST /faults", "adds a fault"),
    ("DELETE /faults, DELETE /faults/{id}", "takes faults away"),
    ("GET /clock", "what time it is"),
    ("POST /clock/freeze", "stops the clock, at a time if one is given"),
    ("POST /clock/advance", "moves it forward by seconds"),
    ("POST /clock/resume", "lets it run"),
    ("GET, POST /credentials, DELETE /credentials/{username}", "who may call, and with which budget"),
    ("POST /invitations/{id}/accept", "somebody follows an invitation"),
    ("GET, DELETE /webhooks", "calls of webhooks, and what came of them"),
    ("POST, DELETE /webhooks/{id}/second-key", "the second signing key of a webhook"),
];
