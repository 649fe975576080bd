//! Content encodings and character encodings.

use super::common::{JSON, PRODUCT, response, say};
use crate::fault::{Fault, Server};
use flate2::{Compression, write::GzEncoder};
use std::io::Write as _;
use std::sync::LazyLock;

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}

fn encoded(encoding: &str, body: &[u8]) -> Vec<u8> {
    response("200 OK", &format!("{JSON}content-encoding: {encoding}\r\n"), body)
}

/// Created once, because compressing it takes longer than a client's timeout.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| encoded("gzip", &gzip(&vec![b' '; 16 << 20])));

pub fn faults() -> Vec<Fault> {
    LazyLock::force(&BOMB);
    vec![
        Fault::harmless(
            "gzip",
            "compresses the body",
            Server::Plain(|_| say(encoded("gzip", &gzip(PRODUCT.as_bytes())))),
        ),
        Fault::unreadable(
            "gzip-bomb",
            "compresses 16 megabytes into 16 kilobytes",
            Server::Plain(|_| say(BOMB.clone())),
        ),
        Fault::broken(
            "gzip-nonsense",
            "declares a compressed body that is not compressed",
            Server::Plain(|_| say(encoded("gzip", PRODUCT.as_bytes()))),
        ),
        Fault::broken(
            "gzip-cut",
            "sends a truncated compressed body",
            Server::Plain(|_| {
                let whole = gzip(PRODUCT.as_bytes());
                say(encoded("gzip", &whole[..whole.len() / 2]))
            }),
        ),
        Fault::unreadable(
            "unknown-encoding",
            "compresses with an encoding that was not requested",
            Server::Plain(|_| say(encoded("zstd", b"(\xb5/\xfd\x04X\x11\0\0{}"))),
        ),
        Fault::unreadable(
            "latin-1",
            "sends text in Latin-1",
            Server::Plain(|_| {
                let body: Vec<u8> = PRODUCT.replace("Shop", "Caf\u{e9}").chars().map(|c| c as u8).collect();
                say(response("200 OK", "content-type: application/json; charset=iso-8859-1\r\n", body))
            }),
        ),
        Fault::harmless(
            "text-plain",
            "sends JSON with the content type text/plain",
            Server::Plain(|_| say(response("200 OK", "content-type: text/plain\r\n", PRODUCT))),
        ),
    ]
}
