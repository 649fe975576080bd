//! Each class of status with an empty, a wrong and a huge body.

use super::common::{JSON, product, response, say};
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
            "responds with 400 and messages by field",
            Server::Plain(|_| say(response("400 Bad Request", JSON, r#"{"Name":["Too long."]}"#))),
        )
        .everywhere(),
        Fault::refused(
            "bad-request-huge",
            "bad_request",
            "responds with 400 and half a megabyte of text",
            Server::Plain(|_| say(response("400 Bad Request", "", "x".repeat(1 << 19)))),
        ),
        Fault::refused(
            "unauthorized",
            "authentication",
            "responds with 401 without a body",
            Server::Plain(|_| say(response("401 Unauthorized", "", ""))),
        )
        .everywhere(),
        Fault::refused(
            "forbidden",
            "permission",
            "responds with 403 and an HTML page",
            Server::Plain(|_| say(response("403 Forbidden", "content-type: text/html\r\n", PAGE))),
        ),
        Fault::refused(
            "not-found",
            "not_found",
            "responds with 404 without a body",
            Server::Plain(|_| say(response("404 Not Found", "", ""))),
        ),
        Fault::refused(
            "conflict",
            "conflict",
            "responds with 409 and a string",
            Server::Plain(|_| say(response("409 Conflict", JSON, "\"Changed meanwhile.\""))),
        ),
        Fault::refused(
            "teapot",
            "bad_request",
            "responds with an unusual 4xx",
            Server::Plain(|_| say(response("418 I'm a teapot", "", ""))),
        ),
    ]
}

/// 5xx.
fn failures() -> Vec<Fault> {
    vec![
        Fault::failing(
            "server-error",
            "responds with 500 and an HTML page",
            Server::Plain(|_| {
                say(response("500 Internal Server Error", "content-type: text/html\r\n", PAGE))
            }),
        )
        .everywhere(),
        Fault::failing(
            "bad-gateway",
            "responds with 502 without a body",
            Server::Plain(|_| say(response("502 Bad Gateway", "", ""))),
        ),
        Fault::failing(
            "echo",
            "responds with 502 and echoes the request, including credentials",
            Server::Plain(|_| vec![Read, Echo("502 Bad Gateway")]),
        )
        .everywhere(),
        Fault::unreadable(
            "echo-as-success",
            "responds with 200 and echoes the request, including credentials",
            Server::Plain(|_| vec![Read, Echo("200 OK")]),
        ),
        Fault::failing(
            "server-error-huge",
            "responds with 500 and half a megabyte of text",
            Server::Plain(|_| say(response("500 Internal Server Error", "", "x".repeat(1 << 19)))),
        ),
        Fault::failing(
            "server-error-cut",
            "responds with 500 and closes the connection in the body",
            Server::Plain(|_| say("HTTP/1.1 500 Oops\r\ncontent-length: 400\r\n\r\n<html>")),
        )
        .get(Seen::Error("connection"), 2, true)
        .post(Seen::Error("connection"), 1, true),
    ]
}

/// Rare statuses.
fn rare() -> Vec<Fault> {
    vec![
        Fault::failing(
            "unavailable-for-a-second",
            "responds with 503 and a Retry-After of one second",
            Server::Plain(|n| {
                if n == 0 {
                    say(response("503 Service Unavailable", "retry-after: 1\r\nconnection: close\r\n", ""))
                } else {
                    say(product())
                }
            }),
        )
        .within(Duration::from_millis(2500))
        .get(Seen::Response, 2, false)
        .post(Seen::Error("server"), 1, true),
        Fault::failing(
            "not-implemented",
            "responds with 501",
            Server::Plain(|_| say(response("501 Not Implemented", "", ""))),
        )
        .get(Seen::Error("server"), 1, true),
        Fault::stalled(
            "request-timeout",
            "responds with 408",
            Server::Plain(|_| say(response("408 Request Timeout", "connection: close\r\n", ""))),
        ),
        Fault::refused(
            "status-999",
            "server",
            "responds with a status that does not exist",
            Server::Plain(|_| say(response("999 What", "", ""))),
        )
        .get(Seen::Error("server"), 2, true)
        .post(Seen::Error("server"), 1, true),
    ]
}
