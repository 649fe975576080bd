//! Bodies that are not what the headers or the description say.

use super::common::{JSON, PRODUCT, answer, product, say};
use crate::fault::{Fault, Server};

fn chunked(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{JSON}transfer-encoding: chunked\r\n\r\n{body}").into_bytes()
}

fn decode(name: &'static str, does: &'static str, script: fn(usize) -> Vec<crate::step::Step>) -> Fault {
    Fault::unreadable(name, does, Server::Plain(script))
}

pub fn faults() -> Vec<Fault> {
    [lengths(), contents()].into_iter().flatten().collect()
}

/// Bodies whose length or chunks are wrong.
fn lengths() -> Vec<Fault> {
    vec![
        decode("length-too-short", "says a length that is shorter than the body", |_| {
            say(format!("HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n{PRODUCT}"))
        }),
        Fault::harmless(
            "trailing-garbage",
            "sends more after the body",
            Server::Plain(|_| say([product(), b"HTTP/1.1 500 Oops\r\n\r\ngarbage".to_vec()].concat())),
        ),
        Fault::broken(
            "chunk-cut",
            "closes the connection in a chunk",
            Server::Plain(|_| say(chunked("400\r\n{\"product"))),
        ),
        Fault::broken(
            "chunk-missing",
            "closes the connection before the last chunk",
            Server::Plain(|_| say(chunked(&format!("{:x}\r\n{PRODUCT}\r\n", PRODUCT.len())))),
        ),
        Fault::broken(
            "chunk-size-nonsense",
            "sends a chunk whose size is no number",
            Server::Plain(|_| say(chunked("zz\r\n{}\r\n0\r\n\r\n"))),
        ),
        Fault::harmless(
            "chunk-garbage",
            "sends more after the last chunk",
            Server::Plain(|_| say(chunked(&format!("{:x}\r\n{PRODUCT}\r\n0\r\n\r\ngarbage", PRODUCT.len())))),
        ),
    ]
}

/// Bodies that are not what was expected, or too large.
fn contents() -> Vec<Fault> {
    vec![
        decode("empty-body", "answers 200 without a body", |_| say(answer("200 OK", "", ""))).everywhere(),
        decode("no-content", "answers 204 where something is expected", |_| {
            say("HTTP/1.1 204 No Content\r\n\r\n")
        }),
        decode("html", "answers 200 with a page", |_| {
            say(answer(
                "200 OK",
                "content-type: text/html\r\n",
                "<html><body>Welcome to the Wi-Fi</body></html>",
            ))
        })
        .everywhere(),
        decode("cut-json", "answers with half of the JSON, and the length of that", |_| {
            say(answer("200 OK", JSON, &PRODUCT[..PRODUCT.len() / 2]))
        }),
        decode("other-json", "answers with JSON of another kind", |_| {
            say(answer(
                "200 OK",
                JSON,
                r#"{"organization":{"organizationId":"x","name":"Org"},"productId":7}"#,
            ))
        }),
        decode("deep-json", "answers with 100,000 brackets", |_| {
            say(answer("200 OK", JSON, "[".repeat(100_000)))
        }),
        decode("announced-too-large", "announces a body larger than allowed", |_| {
            say("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{")
        })
        .everywhere(),
        decode("too-large", "sends a body larger than allowed, without saying how large", |_| {
            let body = " ".repeat(2 << 20);
            say(chunked(&format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len())))
        }),
    ]
}
