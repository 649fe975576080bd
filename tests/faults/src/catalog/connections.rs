//! Faults of connections: before, within and after a response.

use super::common::{PRODUCT, product, say};
use crate::fault::{Fault, Seen, Server};
use crate::step::Step::{self, Drip, HalfClose, Hold, Read, ReadBytes, Reset, Send, Wait};
use crate::tls::Identity;
use std::time::Duration;

const LOST: Seen = Seen::Error("connection");

pub fn faults() -> Vec<Fault> {
    [before_the_response(), within_the_response(), between_requests(), while_idle()]
        .into_iter()
        .flatten()
        .collect()
}

/// Faults before the first byte of a response.
fn before_the_response() -> Vec<Fault> {
    vec![
        Fault::unreachable("refused", "does not listen", Server::NoListener).everywhere(),
        Fault::unreachable(
            "no-such-name",
            "has a name that cannot be resolved",
            Server::Elsewhere("https://server.invalid"),
        ),
        Fault::harmless(
            "dead-address",
            "has a name with two addresses, one of which is dead",
            Server::Named(|_| say(product())),
        ),
        Fault::broken(
            "reset-unread",
            "resets the connection before reading a request",
            Server::Plain(|_| vec![Wait(Duration::from_millis(100)), Reset]),
        ),
        Fault::broken(
            "closed-in-request",
            "closes the connection at the first byte of a request",
            Server::Plain(|_| vec![ReadBytes(1)]),
        ),
        Fault::broken(
            "reset-in-request",
            "resets the connection after half of a request",
            Server::Plain(|_| vec![ReadBytes(20), Reset]),
        ),
        Fault::broken(
            "closed-after-request",
            "closes the connection instead of responding",
            Server::Plain(|_| vec![Read]),
        )
        .everywhere(),
        Fault::broken(
            "reset-after-request",
            "resets the connection instead of responding",
            Server::Plain(|_| vec![Read, Reset]),
        ),
        Fault::stalled("silent", "reads a request and sends nothing", Server::Plain(|_| vec![Read, Hold]))
            .everywhere(),
        Fault::stalled(
            "deaf",
            "neither reads nor sends anything",
            Server::Plain(|_| vec![Wait(Duration::from_secs(20))]),
        ),
    ]
}

/// Faults within a response.
fn within_the_response() -> Vec<Fault> {
    vec![
        Fault::broken(
            "cut-in-status",
            "closes the connection in the status line",
            Server::Plain(|_| say("HTTP/1.1 20")),
        ),
        Fault::broken(
            "cut-in-headers",
            "closes the connection in the headers",
            Server::Plain(|_| say("HTTP/1.1 200 OK\r\ncontent-type: app")),
        ),
        Fault::broken(
            "cut-in-body",
            "closes the connection in the body",
            Server::Plain(|_| say(format!("HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n{PRODUCT}"))),
        )
        .everywhere(),
        Fault::broken(
            "reset-in-body",
            "resets the connection in the body",
            Server::Plain(|_| {
                let mut steps = say(format!("HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n{PRODUCT}"));
                steps.extend([Wait(Duration::from_millis(50)), Reset]);
                steps
            }),
        ),
        Fault::stalled(
            "stalled-in-status",
            "stops in the status line",
            Server::Plain(|_| vec![Read, Send("HTTP/1.1 20".into()), Hold]),
        ),
        Fault::stalled(
            "stalled-in-headers",
            "stops in the headers",
            Server::Plain(|_| vec![Read, Send("HTTP/1.1 200 OK\r\ncontent-type".into()), Hold]),
        ),
        Fault::stalled(
            "stalled-in-body",
            "stops in the body",
            Server::Plain(|_| {
                vec![Read, Send("HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{".into()), Hold]
            }),
        )
        .everywhere(),
        Fault::harmless(
            "slow",
            "sends its response byte by byte, within the timeout",
            Server::Plain(|_| {
                let (slow, fast) = (product()[..70].to_vec(), product()[70..].to_vec());
                vec![Read, Drip(slow, Duration::from_millis(1)), Send(fast)]
            }),
        ),
        Fault::stalled(
            "too-slow",
            "sends its response byte by byte, beyond the timeout",
            Server::Plain(|_| vec![Read, Drip(product(), Duration::from_millis(40))]),
        ),
    ]
}

/// Faults of a reused connection.
fn between_requests() -> Vec<Fault> {
    vec![
        Fault::harmless(
            "closed-between",
            "closes a connection between two requests",
            Server::Plain(|_| say(product())),
        )
        .warm(),
        Fault::broken(
            "closed-under-request",
            "responds, and closes the connection when the next request arrives",
            Server::Plain(|n| if n == 0 { vec![Read, Send(product()), Read] } else { say(product()) }),
        )
        .warm()
        .get(Seen::Response, 2, false)
        .post(LOST, 1, true),
        Fault::stalled(
            "half-open",
            "responds, and ignores the connection when the next request arrives",
            Server::Plain(|n| if n == 0 { vec![Read, Send(product()), Hold] } else { say(product()) }),
        )
        .warm()
        .get(Seen::Response, 2, false),
        Fault::broken(
            "fails-once",
            "closes the first connection instead of responding, and responds on the next",
            Server::Plain(|n| if n == 0 { vec![Read] } else { say(product()) }),
        )
        .get(Seen::Response, 2, false)
        .post(LOST, 1, true)
        .everywhere(),
    ]
}

/// Responds, and ends the first connection in this way when it has been idle for a while. The next request needs another one.
fn then(n: usize, end: Vec<Step>) -> Vec<Step> {
    let mut steps = say(product());
    steps.push(if n == 0 { Wait(Duration::from_millis(50)) } else { Hold });
    if n == 0 {
        steps.extend(end);
    }
    steps
}

/// Connections that end while no request uses them.
fn while_idle() -> Vec<Fault> {
    vec![
        Fault::harmless(
            "closed-while-idle",
            "closes a connection that has been idle for a while",
            Server::Plain(|n| then(n, Vec::new())),
        )
        .warm(),
        Fault::harmless(
            "reset-while-idle",
            "resets an idle connection",
            Server::Plain(|n| then(n, vec![Reset])),
        )
        .warm(),
        Fault::harmless(
            "half-closed-while-idle",
            "closes the sending half of an idle connection, and ignores what it receives",
            Server::Plain(|n| then(n, vec![HalfClose])),
        )
        .warm(),
        Fault::harmless(
            "tls-closed-while-idle",
            "closes an idle TLS connection",
            Server::Tls(Identity::Right, &["http/1.1"], |n| then(n, Vec::new())),
        )
        .warm(),
    ]
}
