//! HTTP/2 faults, at the level of frames.

use super::common::PRODUCT;
use crate::fault::{Fault, Seen, Server};
use crate::step::Step::{self, Hold, ReadPreface, ReadStream, Send, Wait};
use crate::tls::Identity;
use std::time::Duration;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// Error codes of RST_STREAM and GOAWAY.
const INTERNAL_ERROR: u8 = 2;
const REFUSED_STREAM: u8 = 7;

fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(0).to_be_bytes();
    let mut bytes = vec![length[1], length[2], length[3], kind, flags, 0, 0, 0, stream];
    bytes.extend_from_slice(payload);
    bytes
}

/// A HEADERS frame with `:status: 200`, as an index into HPACK's static table.
fn ok(stream: u8) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, &[0x88])
}

/// Sends a SETTINGS frame, waits for a request, and sends these frames.
fn after_request(frames: Vec<u8>) -> Vec<Step> {
    vec![Send(frame(SETTINGS, 0, 0, &[])), ReadPreface, ReadStream, Send(frames), Hold]
}

/// Resets the first two streams of a connection, because a client reuses it for its retry.
fn reset(before: impl Fn(u8) -> Vec<u8>, reason: u8) -> Vec<Step> {
    let again = |stream| [before(stream), frame(RST_STREAM, 0, stream, &[0, 0, 0, reason])].concat();
    let mut steps = after_request(again(1));
    steps.pop();
    steps.extend([ReadStream, Send(again(3)), Hold]);
    steps
}

/// A GOAWAY frame with the last stream that was processed, and the error code.
fn goaway(last: u8, reason: u8) -> Vec<u8> {
    frame(GOAWAY, 0, 0, &[0, 0, 0, last, 0, 0, 0, reason])
}

fn response() -> Vec<u8> {
    [ok(1), frame(DATA, END_STREAM, 1, PRODUCT.as_bytes())].concat()
}

fn server(script: fn(usize) -> Vec<Step>) -> Server {
    Server::Tls(Identity::Right, &["h2"], script)
}

pub fn faults() -> Vec<Fault> {
    [streams(), goaways()].into_iter().flatten().collect()
}

/// Faults of one stream.
fn streams() -> Vec<Fault> {
    vec![
        Fault::harmless("http2", "speaks HTTP/2", server(|_| after_request(response()))),
        Fault::broken(
            "http2-reset",
            "resets an HTTP/2 stream with an internal error",
            server(|_| reset(|_| Vec::new(), INTERNAL_ERROR)),
        ),
        Fault::broken(
            "http2-reset-in-body",
            "resets an HTTP/2 stream in the body",
            server(|_| {
                reset(|stream| [ok(stream), frame(DATA, 0, stream, b"{\"product")].concat(), INTERNAL_ERROR)
            }),
        ),
        Fault::unreachable(
            "http2-refused",
            "refuses an HTTP/2 stream, so that the request was not processed",
            server(|_| reset(|_| Vec::new(), REFUSED_STREAM)),
        ),
        Fault::stalled(
            "http2-stalled",
            "sends part of an HTTP/2 body and then nothing",
            server(|_| after_request([ok(1), frame(DATA, 0, 1, b"{")].concat())),
        ),
        Fault::broken(
            "http2-nonsense",
            "sends a frame on a stream that was not opened",
            server(|_| after_request(frame(DATA, 0, 2, b"{}"))),
        )
        .get(Seen::Error("connection"), 2, true),
    ]
}

/// Faults that close the connection.
fn goaways() -> Vec<Fault> {
    vec![
        Fault::unreachable(
            "http2-goaway-before",
            "sends GOAWAY, which says that the request was not processed",
            server(|_| after_request(goaway(0, 0))),
        ),
        Fault::broken(
            "http2-goaway-after",
            "sends GOAWAY with an internal error, after it may have processed the request",
            server(|_| {
                let mut steps = after_request(goaway(1, INTERNAL_ERROR));
                steps.pop();
                steps
            }),
        ),
        Fault::broken(
            "http2-goaway-error",
            "sends GOAWAY with an internal error instead of a response",
            server(|_| after_request(goaway(0, INTERNAL_ERROR))),
        ),
        Fault::broken(
            "http2-goaway-echo",
            "sends GOAWAY with the credentials as its debug data",
            server(|_| {
                let data = b"bye authorization=Basic dXNlcjpodW50ZXIy user:hunter2";
                let payload = [&[0, 0, 0, 0, 0, 0, 0, INTERNAL_ERROR], &data[..]].concat();
                after_request(frame(GOAWAY, 0, 0, &payload))
            }),
        ),
        Fault::harmless(
            "http2-goaway-answered",
            "sends GOAWAY and completes the open streams",
            server(|_| after_request([goaway(1, 0), response()].concat())),
        ),
        Fault::harmless(
            "http2-goaway-while-idle",
            "sends GOAWAY on an idle connection",
            server(|n| {
                let mut steps = after_request(response());
                if n == 0 {
                    steps.pop();
                    steps.extend([Wait(Duration::from_millis(50)), Send(goaway(1, 0)), Hold]);
                }
                steps
            }),
        )
        .warm(),
    ]
}
