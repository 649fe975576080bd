//! HTTP/2, frame by frame.

use super::common::PRODUCT;
use crate::fault::{Fault, Seen, Server};
use crate::step::Step::{self, Hold, ReadPreface, ReadStream, Send};
use crate::tls::Identity;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// Reasons of RST_STREAM and GOAWAY.
const INTERNAL_ERROR: u8 = 2;
const REFUSED_STREAM: u8 = 7;

fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(0).to_be_bytes();
    let mut bytes = vec![length[1], length[2], length[3], kind, flags, 0, 0, 0, stream];
    bytes.extend_from_slice(payload);
    bytes
}

/// `:status: 200`, by its number in the static table.
fn ok(stream: u8) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, &[0x88])
}

/// Says its settings, waits for a request, and says this.
fn after_request(frames: Vec<u8>) -> Vec<Step> {
    vec![Send(frame(SETTINGS, 0, 0, &[])), ReadPreface, ReadStream, Send(frames), Hold]
}

/// Resets the first two streams of a connection, which a client uses again.
fn reset(before: impl Fn(u8) -> Vec<u8>, reason: u8) -> Vec<Step> {
    let again = |stream| [before(stream), frame(RST_STREAM, 0, stream, &[0, 0, 0, reason])].concat();
    let mut steps = after_request(again(1));
    steps.pop();
    steps.extend([ReadStream, Send(again(3)), Hold]);
    steps
}

/// The last stream that was looked at, and the reason.
fn goaway(last: u8, reason: u8) -> Vec<u8> {
    frame(GOAWAY, 0, 0, &[0, 0, 0, last, 0, 0, 0, reason])
}

fn answer() -> Vec<u8> {
    [ok(1), frame(DATA, END_STREAM, 1, PRODUCT.as_bytes())].concat()
}

fn server(script: fn(usize) -> Vec<Step>) -> Server {
    Server::Tls(Identity::Right, &["h2"], script)
}

pub fn faults() -> Vec<Fault> {
    vec![
        Fault::harmless("http2", "speaks HTTP/2", server(|_| after_request(answer()))),
        Fault::broken(
            "http2-reset",
            "resets a stream of HTTP/2 for an error of its own",
            server(|_| reset(|_| Vec::new(), INTERNAL_ERROR)),
        ),
        Fault::broken(
            "http2-reset-in-body",
            "resets a stream of HTTP/2 in the body",
            server(|_| {
                reset(|stream| [ok(stream), frame(DATA, 0, stream, b"{\"product")].concat(), INTERNAL_ERROR)
            }),
        ),
        Fault::unreachable(
            "http2-refused",
            "refuses a stream of HTTP/2, which says that it did nothing",
            server(|_| reset(|_| Vec::new(), REFUSED_STREAM)),
        ),
        Fault::unreachable(
            "http2-goaway-before",
            "ends an HTTP/2 connection, and says that it has not looked at the request",
            server(|_| after_request(goaway(0, 0))),
        ),
        Fault::broken(
            "http2-goaway-after",
            "ends an HTTP/2 connection for an error of its own, when it may have looked at the request",
            server(|_| {
                let mut steps = after_request(goaway(1, INTERNAL_ERROR));
                steps.pop();
                steps
            }),
        ),
        Fault::broken(
            "http2-goaway-error",
            "ends an HTTP/2 connection for an error of its own, in the place of an answer",
            server(|_| after_request(goaway(0, INTERNAL_ERROR))),
        ),
        Fault::harmless(
            "http2-goaway-answered",
            "announces the end of an HTTP/2 connection, and answers what is under way",
            server(|_| after_request([goaway(1, 0), answer()].concat())),
        ),
        Fault::stalled(
            "http2-stalled",
            "sends a piece of the body in HTTP/2 and no more",
            server(|_| after_request([ok(1), frame(DATA, 0, 1, b"{")].concat())),
        ),
        Fault::broken(
            "http2-nonsense",
            "sends a frame on a stream that nobody opened",
            server(|_| after_request(frame(DATA, 0, 2, b"{}"))),
        )
        .get(Seen::Error("connection"), 2, true),
    ]
}
