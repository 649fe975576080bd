//! Invalid or excessive HTTP syntax.

use super::common::{PRODUCT, product, response, say};
use crate::fault::{Fault, Server};

pub fn faults() -> Vec<Fault> {
    vec![
        Fault::broken(
            "not-http",
            "speaks another protocol",
            Server::Plain(|_| say("SSH-2.0-OpenSSH_9.6\r\n")),
        ),
        Fault::harmless(
            "http-1-0",
            "responds in HTTP/1.0, whose body ends with the connection",
            Server::Plain(|_| say(format!("HTTP/1.0 200 OK\r\n\r\n{PRODUCT}"))),
        ),
        Fault::broken(
            "bad-status",
            "has a status that is not a number",
            Server::Plain(|_| say("HTTP/1.1 abc OK\r\n\r\n")),
        ),
        Fault::broken(
            "bad-header",
            "sends a header without a colon",
            Server::Plain(|_| say("HTTP/1.1 200 OK\r\nwhat is this\r\n\r\n")),
        ),
        Fault::broken(
            "bad-length",
            "has a content-length that is not a number: many",
            Server::Plain(|_| say(format!("HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n{PRODUCT}"))),
        ),
        Fault::broken(
            "two-lengths",
            "sends two different content-length headers",
            Server::Plain(|_| {
                say(format!("HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\n{PRODUCT}"))
            }),
        ),
        Fault::harmless(
            "continue-storm",
            "sends 1,000 interim responses (100) before the response",
            Server::Plain(|_| say([b"HTTP/1.1 100 Continue\r\n\r\n".repeat(1000), product()].concat())),
        ),
        Fault::harmless(
            "early-hints",
            "sends early hints (103) before the response",
            Server::Plain(|_| {
                say([b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".to_vec(), product()].concat())
            }),
        ),
        Fault::broken(
            "header-flood",
            "sends 10,000 headers",
            Server::Plain(|_| say(response("200 OK", &"x-flood: 1\r\n".repeat(10_000), PRODUCT))),
        ),
        Fault::broken(
            "endless-header",
            "sends a header of a megabyte",
            Server::Plain(|_| {
                say(response("200 OK", &format!("x-flood: {}\r\n", "x".repeat(1 << 20)), PRODUCT))
            }),
        ),
    ]
}
