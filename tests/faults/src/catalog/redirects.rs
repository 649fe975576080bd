//! Redirects, none of which is followed: the API has none, and credentials go where the caller said and nowhere else.

use super::common::{answer, say};
use crate::fault::{Fault, Server};

pub fn faults() -> Vec<Fault> {
    vec![
        Fault::refused(
            "redirect",
            "server",
            "sends the client to another path",
            Server::Plain(|_| say(answer("302 Found", "location: /elsewhere\r\n", ""))),
        ),
        Fault::refused(
            "redirect-loop",
            "server",
            "sends the client to where it is",
            Server::Plain(|_| say(answer("307 Temporary Redirect", "location: /v1/me\r\n", ""))),
        ),
        Fault::refused(
            "redirect-away",
            "server",
            "sends the client to another host, in clear",
            Server::Plain(|_| {
                say(answer("308 Permanent Redirect", "location: http://127.0.0.2:9/v1/me\r\n", ""))
            }),
        ),
    ]
}
