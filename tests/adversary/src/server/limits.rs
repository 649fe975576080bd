//! Responses that mislead the client about limits and results.

use super::host::{Host, ID, Part, response, whole};
use crate::attack::{Outcome, Plan, Seen, ensure};
use configcat_management::models::{CreateProduct, OrganizationId};
use configcat_management::{Client, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const ME: &[u8] = br#"{"email":"a@example.com","fullName":"A"}"#;

/// Headers that close the rate limit for a day.
const CLOSING: &[(&str, &str)] = &[
    ("200 OK", "x-rate-limit-remaining: 0\r\nx-rate-limit-reset: 86000\r\n"),
    ("404 Not Found", "x-rate-limit-remaining: 0\r\nx-rate-limit-reset: 86000\r\n"),
    ("429 Too Many Requests", "retry-after: 86000\r\n"),
    (
        "503 Service Unavailable",
        "retry-after: 86000\r\nx-rate-limit-remaining: 0\r\nx-rate-limit-reset: 86000\r\n",
    ),
];

/// Closes the rate limit with one response.
pub fn closing(_: Plan) -> Outcome {
    Box::pin(async move {
        let longest = Duration::from_secs(1);
        let (mut tries, mut slowest) = (0, Duration::ZERO);
        for (status, headers) in CLOSING {
            let first = AtomicBool::new(true);
            let host = Host::start(move |_| {
                let closing = first.swap(false, Ordering::SeqCst);
                vec![Part::Send(
                    if closing { response(status, headers, ME) } else { response("200 OK", "", ME) }.into(),
                )]
            });
            let host = host.map_err(|error| error.to_string())?;
            let client = host.builder("user", "password").max_rate_limit_wait(longest).build();
            let client = client.map_err(|error| error.to_string())?;
            let _ = client.me().get().await;
            let start = Instant::now();
            while let Err(error) = client.me().get().await {
                ensure(error.kind() == ErrorKind::RateLimited, &error)?;
                ensure(start.elapsed() < 2 * longest, format!("{status}: closed for {:?}", start.elapsed()))?;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            (tries, slowest) = (tries + 1, slowest.max(start.elapsed()));
        }
        Ok(Seen { tries, seen: format!("{:.1} s", slowest.as_secs_f64()) })
    })
}

/// Responds with every status to a request that must not be repeated.
pub fn statuses(plan: Plan) -> Outcome {
    Box::pin(async move {
        let mut tries = 0;
        let step = if plan.whole { 1 } else { 7 };
        // 1xx statuses other than 101 are not final, 204 and 2xx without a usable body are decode errors.
        for status in [101].into_iter().chain((200..=599).step_by(step)).chain([302, 303, 304, 408, 429]) {
            let host = Host::fixed(whole(&format!("{status} X"), "", b"")).map_err(|e| e.to_string())?;
            let client = host.builder("user", "password").build().map_err(|error| error.to_string())?;
            let create = client.products().create(OrganizationId::new(ID), CreateProduct::new("x"));
            let Err(error) = create.await else { return Err(format!("{status}: success")) };
            let refused = (400..500).contains(&status) && !matches!(status, 408 | 499);
            ensure(error.maybe_applied() != refused, format!("{status}: {}", error.maybe_applied()))?;
            ensure(host.requests() == 1, format!("{status}: {} requests", host.requests()))?;
            tries += 1;
        }
        Ok(Seen { tries, seen: "none".to_owned() })
    })
}

/// Proxy settings that cannot be used.
pub fn proxies(_: Plan) -> Outcome {
    Box::pin(async move {
        let host = Host::fixed(whole("200 OK", "", ME)).map_err(|error| error.to_string())?;
        let mut tries = 0;
        for scheme in ["hxxp", "sock5", "socks", "socks6", "ftp", "ws", "wss", "file", "data", "HTTPX"] {
            for rest in ["://127.0.0.1:1", "://someone:password@127.0.0.1:1", "://", ":127.0.0.1"] {
                let proxy = format!("{scheme}{rest}");
                let client = host.builder("user", "password").proxy(&*proxy).build();
                let result = match client {
                    Ok(client) => client.me().get().await.map(drop),
                    Err(error) => Err(error),
                };
                let Err(error) = result else { return Err(format!("{proxy}: sent directly")) };
                ensure(!error.to_string().contains("password@"), &error)?;
                tries += 1;
            }
        }
        ensure(host.requests() == 0, format!("{} requests were sent directly", host.requests()))?;
        Ok(Seen { tries, seen: "none".to_owned() })
    })
}

/// Redirects to another host.
pub fn redirects(_: Plan) -> Outcome {
    Box::pin(async move {
        let target = Host::fixed(whole("200 OK", "", ME)).map_err(|error| error.to_string())?;
        let mut tries = 0;
        for status in [300, 301, 302, 303, 305, 307, 308, 201] {
            for location in [format!("{}/v1/me", target.url()), target.url().replacen("http:", "", 1)] {
                for header in ["location", "refresh", "content-location", "link"] {
                    let headers = format!("{header}: {location}\r\n");
                    let host = Host::fixed(whole(&format!("{status} X"), &headers, ME));
                    let host = host.map_err(|error| error.to_string())?;
                    let client: Client =
                        host.builder("user", "password").build().map_err(|e| e.to_string())?;
                    let _ = client.me().get().await;
                    tries += 1;
                }
            }
        }
        ensure(target.requests() == 0, format!("{} redirects were followed", target.requests()))?;
        Ok(Seen { tries, seen: "none".to_owned() })
    })
}
