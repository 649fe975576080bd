//! Clients that are slow, and clients that open very many connections.

use super::exchange::{OWNER, PRODUCT, is_alive, start};
use crate::attack::{Attack, Plan, Seen, Surface, ensure};
use crate::memory::Measure;
use configcat_simulator::{ConnectionLimits, Simulator};
use fastrand::Rng;
use std::net::SocketAddr;
use std::ops::Range;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Limits of the simulators here, instead of many seconds. A well-behaved client needs less, also on a busy machine.
const TIME: Duration = Duration::from_millis(500);
const LIMIT: usize = 64 << 20;

pub const SLOW: Attack = Attack {
    name: "slow-clients",
    surface: Surface::Client,
    does: "clients that are silent, send headers or a body byte by byte, or read no response",
    bound: "each is disconnected after the time limit, and others are served meanwhile",
    run: |plan| Box::pin(slow(plan)),
};

pub const FLOOD: Attack = Attack {
    name: "connection-flood",
    surface: Surface::Client,
    does: "many more connections than a simulator accepts",
    bound: "others are served when the time limit of the first has elapsed; less than 64 MiB allocated",
    run: |plan| Box::pin(flood(plan)),
};

fn limits(connections: usize) -> ConnectionLimits {
    let mut limits = ConnectionLimits::default();
    limits.connections = connections;
    (limits.headers, limits.body, limits.write, limits.idle) = (TIME, TIME, TIME, TIME);
    limits
}

async fn slow(plan: Plan) -> Result<Seen, String> {
    let simulator = start(Simulator::builder().connection_limits(limits(1_024))).await?;
    let mut rng = Rng::with_seed(plan.seed);
    let tries = plan.tries(60, 400);
    // A set, so that no client is left to the next attack if this one fails.
    let mut clients: JoinSet<_> =
        (0..tries).map(|number| slow_client(simulator.address(), number % 5, rng.u64(PAUSES))).collect();
    tokio::time::sleep(TIME / 2).await;
    let started = Instant::now();
    is_alive(&simulator).await?;
    let served = started.elapsed();
    ensure(served < Duration::from_secs(5), format_args!("another client waits for {served:?}"))?;
    let mut longest = Duration::ZERO;
    while let Some(client) = clients.join_next().await {
        longest = longest.max(client.map_err(|e| e.to_string())??);
    }
    simulator.stop().await;
    Ok(Seen { tries, seen: format!("disconnected after at most {longest:.1?} of {TIME:?}") })
}

/// Pauses between two bytes, in milliseconds: with the shortest one, a request still takes longer than the limit.
const PAUSES: Range<u64> = 10..40;

/// Uses a connection in one of five slow ways until it is closed, and returns the time that this took.
async fn slow_client(address: SocketAddr, way: u32, pause: u64) -> Result<Duration, String> {
    let get = format!("GET /v1/me HTTP/1.1\r\nhost: localhost\r\n{OWNER}\r\n");
    let post = format!(
        "POST /v1/products/{PRODUCT}/tags HTTP/1.1\r\nhost: localhost\r\n{OWNER}content-length: 99999\r\n\r\n"
    );
    let (first, trickle) = match way {
        0 => (String::new(), false),
        1 => (String::new(), true),
        2 => (get.clone(), true),
        3 => (post, true),
        _ => ("GET /swagger/v1/swagger.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(60), false),
    };
    let started = Instant::now();
    let mut stream = TcpStream::connect(address).await.map_err(|e| e.to_string())?;
    let work = async {
        // Errors mean that the connection is closed.
        if stream.write_all(first.as_bytes()).await.is_err() {
            return;
        }
        if trickle {
            for byte in get.as_bytes().iter().cycle() {
                if stream.write_all(&[*byte]).await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
        }
        if way == 4 {
            // Reads nothing for as long as the simulator waits, and a little longer.
            tokio::time::sleep(TIME * 3).await;
        }
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    };
    let done = tokio::time::timeout(TIME * 40, work).await;
    done.map_err(|_| format!("way {way} with pauses of {pause} ms is not disconnected"))?;
    Ok(started.elapsed())
}

async fn flood(plan: Plan) -> Result<Seen, String> {
    let simulator = start(Simulator::builder().connection_limits(limits(64))).await?;
    let tries = plan.tries(100, 600);
    let measure = Measure::start();
    let mut streams = Vec::new();
    for _ in 0..tries {
        let connect = TcpStream::connect(simulator.address());
        // The backlog of the operating system is limited too.
        if let Ok(Ok(stream)) = tokio::time::timeout(TIME / 4, connect).await {
            streams.push(stream);
        }
    }
    let started = Instant::now();
    is_alive(&simulator).await?;
    let waited = started.elapsed();
    ensure(waited < TIME * 30, format_args!("another client waits for {waited:?}"))?;
    ensure(measure.peak() < LIMIT, format_args!("{} bytes allocated", measure.peak()))?;
    let opened = streams.len();
    drop(streams);
    simulator.stop().await;
    Ok(Seen { tries, seen: format!("{opened} opened, another client waited {waited:.1?}") })
}
