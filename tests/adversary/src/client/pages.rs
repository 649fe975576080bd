//! Requests to the admin path with the headers that browsers send for pages.

use super::exchange::{is_alive, send, start};
use crate::attack::{Attack, Plan, Seen, Surface, ensure};
use configcat_simulator::Simulator;
use fastrand::Rng;

pub const HEADERS: Attack = Attack {
    name: "admin-path-from-pages",
    surface: Surface::Client,
    does: "requests to the admin path with every combination of Host, Origin, Sec-Fetch-Site, content type and token",
    bound: "only requests of the same origin to a loopback name, or of programs, are executed",
    run: |plan| Box::pin(headers(plan)),
};

/// A header line, and whether a request with it may be executed.
type Choice = (String, bool);

struct Choices {
    hosts: Vec<Choice>,
    origins: Vec<Choice>,
    sites: Vec<Choice>,
    types: Vec<Choice>,
    tokens: Vec<Choice>,
}

async fn headers(plan: Plan) -> Result<Seen, String> {
    let open = start(Simulator::builder()).await?;
    let guarded = start(Simulator::builder().admin_token("t0ken")).await?;
    let mut rng = Rng::with_seed(plan.seed);
    let tries = plan.tries(800, 10_000);
    let mut executed = 0_u32;
    for _ in 0..tries {
        let simulator = if rng.bool() { &open } else { &guarded };
        executed += u32::from(request(simulator, simulator.admin_token().is_some(), &mut rng).await?);
    }
    for simulator in [open, guarded] {
        is_alive(&simulator).await?;
        simulator.stop().await;
    }
    Ok(Seen { tries, seen: format!("{executed} executed") })
}

/// Sends a random request, and checks its status. Returns whether it was executed.
async fn request(simulator: &Simulator, has_token: bool, rng: &mut Rng) -> Result<bool, String> {
    let Choices { hosts, origins, sites, types, tokens } = choices(simulator.address().port());
    let mut pick = |list: &[Choice]| list[if rng.bool() { 0 } else { rng.usize(..list.len()) }].clone();
    let (host, is_own) = pick(&hosts);
    let (origin, is_same) = pick(&origins);
    let (site, is_near) = pick(&sites);
    let (kind, is_json) = pick(&types);
    let (token, is_known) = pick(&tokens);
    let calls = [
        ("GET /__simulator/snapshot", "", 200),
        ("POST /__simulator/reset", "", 204),
        ("POST /__simulator/clock/freeze", "{}", 200),
        ("POST /__simulator/faults", r#"{ "operation": "tags.list", "status": 503 }"#, 201),
    ];
    let (line, body, success) = calls[rng.usize(..calls.len())];
    let origin = origin.replace("HOST", host.strip_prefix("host: ").unwrap_or_default());
    let headers: String = [&host, &origin, &site, &kind, &token]
        .into_iter()
        .filter(|line| !line.is_empty())
        .map(|line| format!("{line}\r\n"))
        .collect();
    let is_malformed = host.contains('@') || host.contains(": :");
    let is_trusted = if has_token { is_known && !is_malformed } else { is_own };
    // A wrong token is of no consequence where none is required.
    let allowed = is_trusted && is_same && is_near && (body.is_empty() || is_json);
    let (status, text) = send(simulator, line, &headers, body).await?;
    let what = format!("{line} with {headers:?}: {status}");
    if allowed {
        ensure(status == success, format_args!("{what}, but it is allowed"))?;
    } else if !(is_malformed && has_token) {
        ensure([400, 401, 403, 415].contains(&status), &what)?;
        ensure(!text.contains("credentials") && !text.contains("password"), format_args!("{what} {text}"))?;
    }
    Ok(allowed)
}

/// Names by which only pages address the simulator.
const FOREIGN: [&str; 12] = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "0.0.0.0",
    "192.0.2.7",
    "[::]",
    "2130706433",
    "0x7f.1",
    "127.1",
    "evil.example.localhost.example",
    "localhost@evil.example",
    "",
];

fn choices(port: u16) -> Choices {
    let list = |good: &[String], bad: &[String]| -> Vec<Choice> {
        let good = good.iter().map(|line| (line.clone(), true));
        good.chain(bad.iter().map(|line| (line.clone(), false))).collect()
    };
    let lines = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let host = |name: &str| format!("host: {name}:{port}");
    let own = ["127.0.0.1", "localhost", "LocalHost.", "x.localhost", "[::1]", "127.255.255.254"];
    let near = lines(&["", "sec-fetch-site: same-origin", "sec-fetch-site: none"]);
    let far = lines(&[
        "sec-fetch-site: cross-site",
        "sec-fetch-site: same-site",
        "sec-fetch-site: x",
        "sec-fetch-site:",
    ]);
    let same = lines(&["", "origin: http://HOST"]);
    let other = [
        "origin: null".to_owned(),
        "origin:".into(),
        "origin: http://evil.example".into(),
        format!("origin: http://localhost:{}", port ^ 1),
        format!("origin: http://evil.example:{port}/"),
        "origin: http://HOST.evil.example".into(),
        "origin: http://HOST\r\norigin: null".into(),
        "origin: chrome-extension://HOST".into(),
    ];
    let json = lines(&["content-type: application/json", "content-type: APPLICATION/json;charset=utf-8"]);
    let simple = lines(&[
        "",
        "content-type: text/plain",
        "content-type: application/x-www-form-urlencoded",
        "content-type: multipart/form-data; boundary=application/json",
        "content-type: application/json-x",
    ]);
    Choices {
        hosts: list(&own.map(host), &FOREIGN.map(host)),
        origins: list(&same, &other),
        sites: list(&near, &far),
        types: list(&json, &simple),
        tokens: list(
            &lines(&["authorization: Bearer t0ken", "x-simulator-token: t0ken"]),
            &lines(&[
                "",
                "authorization: Bearer t0ke",
                "authorization: Basic t0ken",
                "x-simulator-token: t0kenn",
            ]),
        ),
    }
}
