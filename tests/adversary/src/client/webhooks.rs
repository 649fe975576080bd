//! Contents of webhooks that grow when their placeholders are replaced.

use super::exchange::{CONFIG, ENVIRONMENT, FLAG, call, is_alive, start};
use crate::attack::{Attack, Plan, Seen, Surface, ensure};
use crate::memory::Measure;
use configcat_simulator::Simulator;
use fastrand::Rng;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const LONGEST: usize = 1 << 20;
const LIMIT: usize = 128 << 20;

pub const EXPANSION: Attack = Attack {
    name: "placeholder-expansion",
    surface: Surface::Client,
    does: "webhooks whose content, URL and notes consist of placeholders, and receivers that respond endlessly",
    bound: "calls of at most 1 MiB, less than 128 MiB allocated, and other requests take less than 5 s",
    run: |plan| Box::pin(expansion(plan)),
};

async fn expansion(plan: Plan) -> Result<Seen, String> {
    let simulator = start(Simulator::builder()).await?;
    let receiver = receiver().await?;
    let mut rng = Rng::with_seed(plan.seed);
    let tries = plan.tries(6, 60);
    let (mut largest, mut longest, mut refused) = (0, 0, 0_u32);
    for number in 0..tries {
        let line = format!("POST /v1/configs/{CONFIG}/environments/{ENVIRONMENT}/webhooks");
        let webhook = webhook(&receiver, number == 0, &mut rng).to_string();
        let (status, body) = call(&simulator, &line, &webhook).await?;
        ensure(status == 201, format_args!("{status} {body} for {webhook}"))?;
        let created: Value = serde_json::from_str(&body).map_err(|e| e.to_string())?;
        let measure = Measure::start();
        let notes = "%23%23URL%23%23".repeat(rng.usize(1..300));
        let line = format!("PUT /v2/environments/{ENVIRONMENT}/settings/{FLAG}/value?reason={notes}");
        let change = json!({ "defaultValue": { "boolValue": number % 2 == 0 } }).to_string();
        let (status, body) = call(&simulator, &line, &change).await?;
        ensure(status == 200, format_args!("{status} {body}"))?;
        let started = Instant::now();
        is_alive(&simulator).await?;
        ensure(started.elapsed() < Duration::from_secs(5), "another request waits")?;
        let delivery = delivered(&simulator).await?;
        (longest, largest) = (longest.max(delivery.body.len()), largest.max(measure.peak()));
        ensure(delivery.body.len() <= LONGEST, format_args!("a call of {} bytes", delivery.body.len()))?;
        ensure(measure.peak() < LIMIT, format_args!("{} bytes for {webhook}", measure.peak()))?;
        refused += u32::from(delivery.error.is_some());
        call(&simulator, &format!("DELETE /v1/webhooks/{}", created["webhookId"]), "").await?;
        call(&simulator, "DELETE /__simulator/webhooks", "").await?;
    }
    simulator.stop().await;
    let seen = format!("{refused} not sent, calls of at most {} KiB, {} MiB", longest >> 10, largest >> 20);
    Ok(Seen { tries, seen })
}

/// A webhook whose URL and content are nearly as long as they may be. The longest result has only URLs.
fn webhook(receiver: &str, longest: bool, rng: &mut Rng) -> Value {
    let names = ["URL", "ChangeNotes", "ChangeDetails", "ConfigName", "EnvironmentName", "ChangedBy", "x"];
    let mut fill = |text: String, length: usize, mark: &str| {
        let mut text = text;
        let one = if longest { Some("URL") } else { rng.bool().then(|| names[rng.usize(..names.len())]) };
        while text.len() < length - 30 {
            let name = one.unwrap_or_else(|| names[rng.usize(..names.len())]);
            text.push_str(&format!("{mark}{name}{mark}"));
        }
        text
    };
    let url = fill(format!("{receiver}/?"), 1_000, "##");
    json!({ "url": url, "httpMethod": "post", "content": fill(String::new(), 15_000, "##") })
}

async fn delivered(simulator: &Simulator) -> Result<configcat_simulator::delivery::Delivery, String> {
    for _ in 0..1_000 {
        if let Some(delivery) = simulator.webhook_deliveries().into_iter().next() {
            return Ok(delivery);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Err("no call was made or logged".into())
}

/// A server whose responses have no end.
async fn receiver() -> Result<String, String> {
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut reading, mut writing) = stream.split();
                let _ = writing.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n").await;
                let (mut buffer, endless) = (vec![0; 65_536], vec![b'x'; 65_536]);
                let read = async { while reading.read(&mut buffer).await.is_ok_and(|read| read > 0) {} };
                let write = async { while writing.write_all(&endless).await.is_ok() {} };
                tokio::join!(read, write);
            });
        }
    });
    Ok(format!("http://{address}"))
}
