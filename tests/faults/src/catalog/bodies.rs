//! Bodies that contradict the headers or the spec.

use super::common::{JSON, PRODUCT, product, response, say};
use crate::fault::{Fault, Server};

fn chunked(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{JSON}transfer-encoding: chunked\r\n\r\n{body}").into_bytes()
}

fn decode(name: &'static str, does: &'static str, script: fn(usize) -> Vec<crate::step::Step>) -> Fault {
    Fault::unreadable(name, does, Server::Plain(script))
}

pub fn faults() -> Vec<Fault> {
    [lengths(), contents(), echoes()].into_iter().flatten().collect()
}

/// Credentials of the request in places where they are parsed: `user` and `hunter2`.
fn echoes() -> Vec<Fault> {
    vec![
        decode("echo-in-field", "responds with 200 and the credentials in a field of another type", |_| {
            say(response("200 OK", JSON, r#"{"order":"Basic dXNlcjpodW50ZXIy"}"#))
        })
        .everywhere(),
        decode("echo-escaped", "responds with 200 and the password in escapes, as the wrong type", |_| {
            let body = r#"{"order":"\u0068\u0075\u006e\u0074\u0065\u0072\u0032 dXNlcjpodW50\u005aXIy"}"#;
            say(response("200 OK", JSON, body))
        })
        .everywhere(),
        Fault::refused(
            "echo-in-messages",
            "bad_request",
            "responds with 400 and the password in names and messages of fields",
            Server::Plain(|_| {
                let body = r#"{"errors":{"hunt\u0065r2":["%68unter2","not hunter2","dXNlcjpodW50ZXIy"]}}"#;
                say(response("400 Bad Request", JSON, body))
            }),
        )
        .everywhere(),
    ]
}

/// Bodies with wrong lengths or chunks.
fn lengths() -> Vec<Fault> {
    vec![
        decode("length-too-short", "sends a content-length shorter than the body", |_| {
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
            "sends a chunk whose size is not a number",
            Server::Plain(|_| say(chunked("zz\r\n{}\r\n0\r\n\r\n"))),
        ),
        Fault::harmless(
            "chunk-garbage",
            "sends more after the last chunk",
            Server::Plain(|_| say(chunked(&format!("{:x}\r\n{PRODUCT}\r\n0\r\n\r\ngarbage", PRODUCT.len())))),
        ),
    ]
}

/// Bodies that are unexpected or too large.
fn contents() -> Vec<Fault> {
    vec![
        decode("empty-body", "responds with 200 without a body", |_| say(response("200 OK", "", "")))
            .everywhere(),
        decode("no-content", "responds with 204 where a body is expected", |_| {
            say("HTTP/1.1 204 No Content\r\n\r\n")
        }),
        decode("html", "responds with 200 and an HTML page", |_| {
            say(response(
                "200 OK",
                "content-type: text/html\r\n",
                "<html><body>Welcome to the Wi-Fi</body></html>",
            ))
        })
        .everywhere(),
        decode("cut-json", "responds with half of the JSON and a matching length", |_| {
            say(response("200 OK", JSON, &PRODUCT[..PRODUCT.len() / 2]))
        }),
        decode("other-json", "responds with JSON of another type", |_| {
            say(response(
                "200 OK",
                JSON,
                r#"{"organization":{"organizationId":"x","name":"Org"},"productId":7}"#,
            ))
        }),
        decode("deep-json", "responds with 100,000 nested arrays", |_| {
            say(response("200 OK", JSON, "[".repeat(100_000)))
        }),
        decode("announced-too-large", "announces a body larger than allowed", |_| {
            say("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{")
        })
        .everywhere(),
        decode("too-large", "sends a body larger than allowed, without a content-length", |_| {
            let body = " ".repeat(2 << 20);
            say(chunked(&format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len())))
        }),
    ]
}
