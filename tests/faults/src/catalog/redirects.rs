//! Redirects. None is followed: the API has none, and credentials are sent only to the configured URL.

use super::common::{response, say};
use crate::fault::{Fault, Seen, Server};

/// The request may have been applied: a redirect often follows a change.
const MAYBE: Seen = Seen::Error("server");

pub fn faults() -> Vec<Fault> {
    vec![
        Fault::refused(
            "redirect",
            "server",
            "redirects the client to another path",
            Server::Plain(|_| say(response("302 Found", "location: /elsewhere\r\n", ""))),
        )
        .get(MAYBE, 1, true)
        .post(MAYBE, 1, true),
        Fault::refused(
            "redirect-loop",
            "server",
            "redirects the client to the same URL",
            Server::Plain(|_| say(response("307 Temporary Redirect", "location: /v1/me\r\n", ""))),
        )
        .get(MAYBE, 1, true)
        .post(MAYBE, 1, true),
        Fault::refused(
            "redirect-away",
            "server",
            "redirects the client to another host, unencrypted",
            Server::Plain(|_| {
                say(response("308 Permanent Redirect", "location: http://127.0.0.2:9/v1/me\r\n", ""))
            }),
        )
        .get(MAYBE, 1, true)
        .post(MAYBE, 1, true),
    ]
}
