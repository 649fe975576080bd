//! Each class of status with no body, a wrong one and a huge one.

use super::common::{JSON, answer, product, say};
use crate::fault::{Fault, Seen, Server};
use crate::step::Step::{Echo, Read};
use std::time::Duration;

const PAGE: &str = "<html><body><h1>Oops</h1></body></html>";

pub fn faults() -> Vec<Fault> {
    [refusals(), failures(), rare()].into_iter().flatten().collect()
}

/// 4xx.
fn refusals() -> Vec<Fault> {
    vec![
        Fault::refused(
            "bad-request",
            "bad_request",
            "answers 400 with messages by field",
            Server::Plain(|_| say(answer("400 Bad Request", JSON, r#"{"Name":["Too long."]}"#))),
        )
        .everywhere(),
        Fault::refused(
            "bad-request-huge",
            "bad_request",
            "answers 400 with half a megabyte of text",
            Server::Plain(|_| say(answer("400 Bad Request", "", "x".repeat(1 << 19)))),
        ),
        Fault::refused(
            "unauthorized",
            "authentication",
            "answers 401 without a body",
            Server::Plain(|_| say(answer("401 Unauthorized", "", ""))),
        )
        .everywhere(),
        Fault::refused(
            "forbidden",
            "permission",
            "answers 403 with a page",
            Server::Plain(|_| say(answer("403 Forbidden", "content-type: text/html\r\n", PAGE))),
        ),
        Fault::refused(
            "not-found",
            "not_found",
            "answers 404 without a body",
            Server::Plain(|_| say(answer("404 Not Found", "", ""))),
        ),
        Fault::refused(
            "conflict",
            "conflict",
            "answers 409 with a text",
            Server::Plain(|_| say(answer("409 Conflict", JSON, "\"Changed meanwhile.\""))),
        ),
        Fault::refused(
            "teapot",
            "bad_request",
            "answers a 4xx that nobody expects",
            Server::Plain(|_| say(answer("418 I'm a teapot", "", ""))),
        ),
    ]
}

/// 5xx.
fn failures() -> Vec<Fault> {
    vec![
        Fault::failing(
            "server-error",
            "answers 500 with a page",
            Server::Plain(|_| say(answer("500 Internal Server Error", "content-type: text/html\r\n", PAGE))),
        )
        .everywhere(),
        Fault::failing(
            "bad-gateway",
            "answers 502 without a body",
            Server::Plain(|_| say(answer("502 Bad Gateway", "", ""))),
        ),
        Fault::failing(
            "echo",
            "answers 502 with what it was sent, credentials included",
            Server::Plain(|_| vec![Read, Echo("502 Bad Gateway")]),
        )
        .everywhere(),
        Fault::unreadable(
            "echo-as-success",
            "answers 200 with what it was sent, credentials included",
            Server::Plain(|_| vec![Read, Echo("200 OK")]),
        ),
        Fault::failing(
            "server-error-huge",
            "answers 500 with half a megabyte of text",
            Server::Plain(|_| say(answer("500 Internal Server Error", "", "x".repeat(1 << 19)))),
        ),
        Fault::failing(
            "server-error-cut",
            "answers 500 and closes the connection in the body",
            Server::Plain(|_| say("HTTP/1.1 500 Oops\r\ncontent-length: 400\r\n\r\n<html>")),
        )
        .get(Seen::Error("connection"), 2, true)
        .post(Seen::Error("connection"), 1, true),
    ]
}

/// Statuses that are rare.
fn rare() -> Vec<Fault> {
    vec![
        Fault::failing(
            "unavailable-for-a-second",
            "answers 503 and says to come back in a second",
            Server::Plain(|n| {
                if n == 0 {
                    say(answer("503 Service Unavailable", "retry-after: 1\r\nconnection: close\r\n", ""))
                } else {
                    say(product())
                }
            }),
        )
        .within(Duration::from_millis(2500))
        .get(Seen::Answer, 2, false)
        .post(Seen::Error("server"), 1, true),
        Fault::failing(
            "not-implemented",
            "answers 501",
            Server::Plain(|_| say(answer("501 Not Implemented", "", ""))),
        )
        .get(Seen::Error("server"), 1, true),
        Fault::stalled(
            "request-timeout",
            "answers 408",
            Server::Plain(|_| say(answer("408 Request Timeout", "connection: close\r\n", ""))),
        ),
        Fault::refused(
            "status-999",
            "server",
            "answers with a status that does not exist",
            Server::Plain(|_| say(answer("999 What", "", ""))),
        )
        .get(Seen::Error("server"), 2, true)
        .post(Seen::Error("server"), 1, true),
    ]
}
