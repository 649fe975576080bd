//! Faults of the TLS handshake.

use super::common::{product, say};
use crate::fault::{Fault, Server};
use crate::step::Step::{Hold, ReadBytes, Reset, Send};
use crate::tls::Identity;
use std::time::Duration;

const HTTP1: &[&str] = &["http/1.1"];

pub fn faults() -> Vec<Fault> {
    let script = |_| say(product());
    vec![
        Fault::harmless("tls", "has the right certificate", Server::Tls(Identity::Right, HTTP1, script)),
        Fault::unreachable(
            "expired-certificate",
            "has a certificate that was valid until February 2020",
            Server::Tls(Identity::Expired, HTTP1, script),
        ),
        Fault::unreachable(
            "wrong-host",
            "has the certificate of another host",
            Server::Tls(Identity::OtherHost, HTTP1, script),
        ),
        Fault::unreachable(
            "self-signed",
            "has a certificate of an unknown issuer",
            Server::Tls(Identity::SelfSigned, HTTP1, script),
        ),
        Fault::unreachable(
            "cut-in-handshake",
            "resets the connection in the TLS handshake",
            Server::Encrypted(|_| vec![ReadBytes(20), Reset]),
        ),
        Fault::unreachable(
            "not-tls",
            "responds unencrypted where TLS is expected",
            Server::Encrypted(|_| vec![ReadBytes(20), Send(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())]),
        ),
        Fault::unreachable(
            "stalled-handshake",
            "sends nothing in the TLS handshake",
            Server::Encrypted(|_| vec![Hold]),
        )
        .within(Duration::from_secs(3)),
        Fault::unreachable(
            "alpn-nothing-in-common",
            "speaks neither HTTP/1.1 nor HTTP/2",
            Server::Tls(Identity::Right, &["spdy/3"], script),
        ),
        Fault::broken(
            "alpn-lie",
            "agrees on HTTP/2 and speaks HTTP/1.1",
            Server::Tls(Identity::Right, &["h2"], |_| vec![ReadBytes(24), Send(product())]),
        ),
    ]
}
