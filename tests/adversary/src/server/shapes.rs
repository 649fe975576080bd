//! Large responses in shapes that take more memory or time than their size suggests.

use super::host::{Host, ID, Part, whole};
use crate::attack::{Outcome, Plan, Seen, ensure};
use crate::memory::Measure;
use configcat_management::models::{ConfigId, EnvironmentId};
use configcat_management::{Client, Error, ErrorKind, blocking};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::pin::Pin;
use std::time::{Duration, Instant};

/// A body that repeats a part until it has the allowed size.
struct Shape {
    name: &'static str,
    begin: &'static str,
    again: &'static str,
    end: &'static str,
}

const fn shape(name: &'static str, begin: &'static str, again: &'static str, end: &'static str) -> Shape {
    Shape { name, begin, again, end }
}

const PRODUCT: &str = concat!(
    r#"{"organization":{"organizationId":"","name":""},"productId":"","name":"","description":null,"order":0,"#,
    r#""reasonRequired":false,"approveRequired":false},"#
);

const CONDITIONS: &str = r#"{"settingFormulas":[{"targetingRules":[{"conditions":["#;
const CONDITION: &str = concat!(
    r#"{"userCondition":{"comparisonAttribute":"","comparator":"isOneOf","comparisonValue":{"doubleValue":0}},"#,
    r#""segmentCondition":{"segmentId":"","comparator":"isIn"}},"#
);

/// Each is sent as the body of a success and of an error.
const SHAPES: &[Shape] = &[
    shape("empty lists", "[", "[],", "[]]"),
    shape("empty objects", "[", "{},", "{}]"),
    shape("nulls", "[", "null,", "null]"),
    shape("numbers", "[", "1,", "1]"),
    shape("booleans", "[", "true,", "true]"),
    shape("empty strings", "[", r#""","#, r#"""]"#),
    shape("short strings", "[", r#""ab","#, r#""ab"]"#),
    shape("smallest products", "[", PRODUCT, r#"{}]"#),
    shape("messages", r#"{"errors":{"a":["#, "0,", "0]}}"),
    shape("empty messages", r#"{"errors":{"a":["#, "[],", "[]]}}"),
    shape("messages by field", r#"{"errors":{"#, r#""a":"","#, r#""a":""}}"#),
    shape("bare messages", r#"{"a":["#, r#""","#, r#"""]}"#),
    shape("lists in objects", r#"{"settingFormulas":["#, "{},", "{}]}"),
    shape("rules", r#"{"settingFormulas":[{"targetingRules":["#, "{},", "{}]}]}"),
    shape("conditions of two types", CONDITIONS, CONDITION, "{}]}]}]}"),
    shape("new conditions", CONDITIONS, r#"{"a":0},"#, "{}]}]}]}"),
    shape("values", r#"{"settingValues":["#, r#"{"value":0},"#, "{}]}"),
    shape("one long string", r#"{"detail":""#, "aaaaaaaaaaaaaaaa", r#""}"#),
    shape("one escaped string", r#"{"detail":""#, "\\u0000\\\"", r#""}"#),
    shape("one long name", r#"{""#, "aaaaaaaaaaaaaaaa", r#"":1}"#),
    shape("one long number", "[", "1111111111111111", "]"),
    shape("deep lists", "", "[", ""),
    shape("deep objects", "", r#"{"a":"#, ""),
    shape("many fields", "{", r#""a":0,"#, r#""a":0}"#),
    shape("one field again and again", "[{", r#""name":"","#, r#""name":""}]"#),
    shape("white space", "", "        ", "[]"),
    shape("no JSON", "", "<p>no</p>", ""),
    shape("no text", "\u{0}", "\u{0}\u{1}", ""),
    shape("lines", "", "a\n", ""),
    shape("terminal escapes", "", "\u{1b}[2J", ""),
    shape("quotes", "\"", "\\\"\\\\", "\""),
    shape("percent signs", "", "%25", ""),
    shape("backslashes", "", "\\\\", ""),
];

impl Shape {
    /// Returns the body, compressed; the size is that of the uncompressed body.
    fn compressed(&self, size: usize) -> Result<Vec<u8>, String> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let part = self.again.repeat((1 << 16) / self.again.len());
        let mut left = size.saturating_sub(self.begin.len() + self.end.len());
        let mut write = |text: &str| encoder.write_all(text.as_bytes()).map_err(|error| error.to_string());
        write(self.begin)?;
        while left >= part.len() {
            write(&part)?;
            left -= part.len();
        }
        write(&self.again.repeat(left / self.again.len()))?;
        write(self.end)?;
        encoder.finish().map_err(|error| error.to_string())
    }
}

/// Calls operations with different types. Returns their errors.
async fn call(client: &Client, operation: usize) -> Result<(), Error> {
    match operation {
        0 => client.products().list().await.map(drop),
        1 => client.flag_values().get_all(ConfigId::new(ID), EnvironmentId::new(ID)).await.map(drop),
        2 => client.me().get().await.map(drop),
        _ => client.organizations().list().await.map(drop),
    }
}

/// Memory, in bytes per byte of the allowed size.
const MEMORY: usize = 4;
const TIMEOUT: Duration = Duration::from_secs(3);

/// Maximum overrun of a deadline. An unoptimized build, beside other tests, gets more.
const OVERRUN: Duration = Duration::from_millis(if cfg!(debug_assertions) { 5_000 } else { 100 });

/// Sends every shape, as a success and as an error.
pub fn bombs(plan: Plan) -> Outcome {
    Box::pin(async move {
        // A part of the tries has smaller bodies, because an unoptimized build is slow.
        let size = if plan.whole { 64 << 20 } else { 1 << 20 };
        let (mut tries, mut most, mut longest) = (0, 0, Duration::ZERO);
        for (number, shape) in SHAPES.iter().enumerate() {
            let body = shape.compressed(size)?;
            for status in ["200 OK", "400 Bad Request"] {
                let host = Host::fixed(whole(status, "content-encoding: gzip\r\n", &body));
                let host = host.map_err(|error| error.to_string())?;
                let client =
                    host.builder("user", "password").max_response_size(size).timeout(TIMEOUT).build();
                let client = client.map_err(|error| error.to_string())?;
                let operations = if plan.whole { 0..4 } else { number % 4..number % 4 + 1 };
                for operation in operations {
                    let (measure, start) = (Measure::start(), Instant::now());
                    let result = call(&client, operation).await;
                    let (took, peak) = (start.elapsed(), measure.peak());
                    let at = format!("{} ({status}, operation {operation})", shape.name);
                    ensure(peak <= MEMORY * size + (1 << 20), format!("{at}: {peak} bytes for {size}"))?;
                    ensure(took <= TIMEOUT + OVERRUN, format!("{at}: took {took:?}"))?;
                    ensure(host.requests() > 0, format!("{at}: no request"))?;
                    if let Err(error) = &result {
                        let length = error.to_string().len() + format!("{error:?}").len();
                        ensure(length < 64 << 10, format!("{at}: an error of {length} bytes"))?;
                    }
                    (tries, most, longest) = (tries + 1, most.max(peak), longest.max(took));
                }
            }
        }
        let share = most * 10 / size;
        let seen = format!("{}.{} times the size, {:.1} s", share / 10, share % 10, longest.as_secs_f64());
        Ok(Seen { tries, seen })
    })
}

/// Parts that a server sends without end. Text in braces is sent once.
const FLOODS: &[(&str, &str, &str)] = &[
    ("100", "", "HTTP/1.1 100 Continue\r\n\r\n"),
    ("102", "", "HTTP/1.1 102 Processing\r\nx-a: b\r\n\r\n"),
    ("103", "", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"),
    ("headers", "HTTP/1.1 200 OK\r\n", "x-header: value\r\n"),
    ("one header", "HTTP/1.1 200 OK\r\nx-header: ", "valuevalue"),
    ("chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "1\r\n \r\n"),
    ("chunk extensions", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;", "a=b;"),
    ("trailers", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", "x-a: b\r\n"),
    ("body without length", "HTTP/1.1 200 OK\r\n\r\n", "          "),
    ("error without length", "HTTP/1.1 500 X\r\n\r\n", "          "),
    ("line breaks", "", "\r\n"),
];

/// Sends without end.
pub fn floods(plan: Plan) -> Outcome {
    flood(plan, OVERRUN, |client| Box::pin(in_library(client, 2)))
}

/// Maximum overrun of a blocking call: its thread may have to parse 128 full buffers of 400 KiB before it looks at the time.
const PARSING: Duration = Duration::from_millis(if cfg!(debug_assertions) { 30_000 } else { 1_000 });

/// Sends without end to a blocking call.
pub fn blocking_floods(plan: Plan) -> Outcome {
    flood(plan, PARSING, |client| Box::pin(on_its_thread(client)))
}

/// The call of a client.
type Calling = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

fn flood(plan: Plan, overrun: Duration, call: fn(Client) -> Calling) -> Outcome {
    Box::pin(async move {
        let timeout = Duration::from_secs(1);
        let size = 1 << 20;
        let (mut tries, mut most, mut longest) = (0, 0, Duration::ZERO);
        for _ in 0..plan.tries(1, 3) {
            for (name, once, again) in FLOODS {
                let again = again.repeat((1 << 16) / again.len());
                let parts = vec![Part::Send(once.as_bytes().into()), Part::Flood(again.as_bytes().into())];
                let host = Host::fixed(parts).map_err(|error| error.to_string())?;
                let client =
                    host.builder("user", "password").max_response_size(size).timeout(timeout).build();
                let client = client.map_err(|error| error.to_string())?;
                let (measure, start) = (Measure::start(), Instant::now());
                let result = call(client).await;
                let (took, peak) = (start.elapsed(), measure.peak());
                let kind = result.map_err(|error| error.kind());
                ensure(kind.is_err_and(|kind| kind != ErrorKind::BadRequest), format!("{name}: accepted"))?;
                ensure(took <= timeout + overrun, format!("{name}: took {took:?}"))?;
                ensure(peak <= MEMORY * size + (1 << 20), format!("{name}: {peak} bytes"))?;
                (tries, most, longest) = (tries + 1, most.max(peak), longest.max(took));
            }
        }
        let over = longest.saturating_sub(timeout);
        Ok(Seen { tries, seen: format!("{} ms over, {:.1} MB", over.as_millis(), most as f64 / 1e6) })
    })
}

/// Makes a call in the runtime of the library. Whether timers run during a flood in a runtime of the application depends on it.
async fn in_library(client: Client, operation: usize) -> Result<(), Error> {
    let runtime = configcat_management::blocking::runtime()?;
    let task = runtime.spawn(async move { call(&client, operation).await });
    task.await.unwrap_or_else(|_| Ok(()))
}

/// Makes a blocking call on a thread that does nothing else.
async fn on_its_thread(client: Client) -> Result<(), Error> {
    let client = blocking::Client::from(client);
    let work = tokio::task::spawn_blocking(move || client.me().get().send().map(drop));
    work.await.unwrap_or_else(|_| Ok(()))
}

/// Sends every shape to a client that waits for a short time only.
pub fn deadlines(plan: Plan) -> Outcome {
    Box::pin(async move {
        let size = if plan.whole { 64 << 20 } else { 1 << 20 };
        let (mut tries, mut most) = (0, Duration::ZERO);
        for (number, shape) in SHAPES.iter().enumerate() {
            let body = shape.compressed(size)?;
            for status in ["200 OK", "400 Bad Request"] {
                let host = Host::fixed(whole(status, "content-encoding: gzip\r\n", &body));
                let host = host.map_err(|error| error.to_string())?;
                let timeouts: &[u64] = if plan.whole { &[20, 100, 200] } else { &[100] };
                for timeout in timeouts.iter().copied().map(Duration::from_millis) {
                    let client = host.builder("user", "password").timeout(timeout).build();
                    let client = client.map_err(|error| error.to_string())?;
                    let start = Instant::now();
                    let _ = in_library(client, number % 4).await;
                    let over = start.elapsed().saturating_sub(timeout);
                    ensure(
                        over <= OVERRUN,
                        format!("{} ({status}): {over:?} after {timeout:?}", shape.name),
                    )?;
                    (tries, most) = (tries + 1, most.max(over));
                }
            }
        }
        Ok(Seen { tries, seen: format!("{} ms", most.as_millis()) })
    })
}
