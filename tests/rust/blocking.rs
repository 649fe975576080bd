//! Blocking calls, whose threads take turns to drive the connections.

use crate::support::{calls_alone, calls_that_stay};
use configcat_management::{Client, Error, ErrorKind, blocking};
use configcat_simulator::Simulator;
use std::future::pending;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder as RuntimeBuilder, Runtime};

const ME: &str =
    "HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n{\"email\":\"a@example.com\",\"fullName\":\"A\"}";
/// Tolerance for a busy machine.
const SOON: Duration = Duration::from_secs(2);

fn threads() -> Runtime {
    RuntimeBuilder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

/// A server that handles each connection on a thread of its own, with the connection's number from 0.
fn server(handle: impl Fn(usize, TcpStream) + Clone + Send + 'static) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for (n, stream) in listener.incoming().flatten().enumerate() {
            let handle = handle.clone();
            thread::spawn(move || handle(n, stream));
        }
    });
    Client::builder().credentials("u", "p").base_url(url).no_proxy().max_attempts(1).build().unwrap()
}

/// Reads a request without a body; false if the connection was closed.
fn read(stream: &mut TcpStream) -> bool {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).unwrap_or(0) == 0 {
            return false;
        }
        head.push(byte[0]);
    }
    true
}

fn get(client: &Client) -> Result<String, Error> {
    blocking::Client::from(client.clone()).me().get().send().map(|me| me.email)
}

#[test]
fn threads_share_a_client_and_its_connections() {
    let _running = calls_that_stay();
    let servers = threads();
    let simulator = servers.block_on(Simulator::builder().start()).unwrap();
    let builder = Client::builder().credentials("simulator", "simulator").base_url(simulator.url());
    let client = blocking::Client::from(builder.no_proxy().build().unwrap());
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                (0..20).for_each(|_| assert_eq!(client.products().list().send().unwrap().len(), 0))
            });
        }
    });
    assert_eq!(client.usage().requests, 320);
    servers.block_on(simulator.stop());
}

#[test]
fn call_completes_when_the_thread_that_drove_it_leaves() {
    let _running = calls_that_stay();
    let client = server(|n, mut stream| {
        // Also a call that starts late, on a busy machine, and finds this connection idle.
        while read(&mut stream) {
            // The first connection gets the first response, so that its thread leaves while the others wait.
            thread::sleep(Duration::from_millis(100 * (1 + n as u64)));
            stream.write_all(ME.as_bytes()).unwrap();
        }
    });
    let calls: Vec<_> = (0..4)
        .map(|_| {
            let client = client.clone();
            let call = thread::spawn(move || get(&client));
            thread::sleep(Duration::from_millis(20));
            call
        })
        .collect();
    for call in calls {
        assert_eq!(call.join().unwrap().unwrap(), "a@example.com");
    }
}

#[test]
fn deadline_holds_for_threads_that_do_not_drive() {
    let _running = calls_that_stay();
    let client = server(|_, mut stream| {
        read(&mut stream);
        thread::sleep(Duration::from_secs(3));
        let _ = stream.write_all(ME.as_bytes());
    });
    let first = thread::spawn({
        let client = client.clone();
        move || get(&client)
    });
    thread::sleep(Duration::from_millis(50));
    let start = Instant::now();
    let limited = blocking::Client::from(client).me().get().timeout(Duration::from_millis(200)).send();
    assert_eq!(limited.unwrap_err().kind(), ErrorKind::Timeout);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    assert!(first.join().unwrap().is_ok());
}

#[test]
fn call_that_timed_out_closes_its_connection() {
    let _running = calls_that_stay();
    let (sender, closed) = mpsc::channel();
    let client = server(move |_, mut stream| {
        read(&mut stream);
        sender.send(read(&mut stream)).unwrap();
    });
    let call = blocking::Client::from(client).me().get().timeout(Duration::from_millis(100)).send();
    assert_eq!(call.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(closed.recv_timeout(SOON), Ok(false));
}

#[test]
fn connections_of_another_runtime_are_not_used() {
    let _running = calls_that_stay();
    let connections = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&connections);
    let client = server(move |_, mut stream| {
        seen.fetch_add(1, SeqCst);
        while read(&mut stream) {
            stream.write_all(ME.as_bytes()).unwrap();
        }
    });
    // Neither of these runs while the other does, nor during blocking calls.
    let runtimes = [0, 1].map(|_| RuntimeBuilder::new_current_thread().enable_all().build().unwrap());
    for _ in 0..2 {
        for runtime in &runtimes {
            assert!(runtime.block_on(async { client.me().get().await }).is_ok());
        }
        assert!(get(&client).is_ok());
    }
    assert_eq!(connections.load(SeqCst), 3);
}

#[test]
fn blocking_sections_of_an_async_runtime_may_call() {
    let _running = calls_that_stay();
    let client = server(|_, mut stream| {
        while read(&mut stream) {
            stream.write_all(ME.as_bytes()).unwrap();
        }
    });
    let runtime = threads();
    runtime.block_on(async {
        let inside = client.clone();
        assert!(tokio::task::spawn_blocking(move || get(&inside)).await.unwrap().is_ok());
        let inside = client.clone();
        let place = tokio::spawn(async move { tokio::task::block_in_place(|| get(&inside)) });
        assert!(place.await.unwrap().is_ok());
        // Stalls the runtime, but works.
        let inside = client.clone();
        assert!(tokio::task::unconstrained(async move { get(&inside) }).await.is_ok());
        // Refused: it would stall the runtime.
        for _ in 0..300 {
            let error = get(&client).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.message().contains("use Client"), "{error}");
        }
    });
    let current = RuntimeBuilder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(current.block_on(async { get(&client) }).unwrap_err().kind(), ErrorKind::Configuration);
}

#[test]
fn check_for_a_runtime_leaves_the_budget_of_the_task() {
    let _running = calls_that_stay();
    let client = server(|_, _| ());
    let runtime = RuntimeBuilder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        // A task that used up its budget by asking would never be ready.
        let (sender, receiver) = tokio::sync::oneshot::channel();
        sender.send(7).unwrap();
        assert!(get(&client).is_err());
        assert!(tokio::task::coop::has_budget_remaining());
        tokio::select! {
            biased;
            value = receiver => assert_eq!(value, Ok(7)),
            () = std::future::ready(()) => panic!("the budget is used up"),
        }
    });
}

#[test]
fn shutdown_cancels_the_calls_of_other_threads() {
    let _alone = calls_alone();
    let client = server(|_, mut stream| {
        read(&mut stream);
        thread::sleep(Duration::from_secs(20));
    });
    let calls: Vec<_> = (0..3)
        .map(|_| {
            let client = client.clone();
            thread::spawn(move || get(&client))
        })
        .collect();
    thread::sleep(Duration::from_millis(100));
    let start = Instant::now();
    blocking::shutdown();
    for call in calls {
        assert_eq!(call.join().unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
    }
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[test]
fn deadline_holds_during_a_flood_of_informational_responses() {
    let _alone = calls_alone();
    let client = server(|_, mut stream| {
        read(&mut stream);
        let flood = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(4096);
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) && stream.write_all(&flood).is_ok() {}
    });
    let start = Instant::now();
    let call = blocking::Client::from(client).me().get().timeout(Duration::from_millis(50)).send();
    assert_eq!(call.unwrap_err().kind(), ErrorKind::Timeout);
    // An unoptimized build takes seconds to parse what one poll reads; `adversary` has the bound of an optimized one.
    let bound = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 1 });
    assert!(start.elapsed() < bound, "{:?}", start.elapsed());
}

#[cfg(target_os = "linux")]
#[test]
fn blocking_calls_start_no_thread() {
    let _running = calls_that_stay();
    let client = server(|_, mut stream| {
        while read(&mut stream) {
            stream.write_all(ME.as_bytes()).unwrap();
        }
    });
    for _ in 0..3 {
        assert!(get(&client).is_ok());
    }
    let names: Vec<String> = std::fs::read_dir("/proc/self/task")
        .unwrap()
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok())
        .collect();
    // The library has threads for the calls of bindings only.
    assert!(!names.iter().any(|name| name.starts_with("configcat-timer")), "{names:?}");
    assert!(!names.is_empty());
}

#[test]
fn call_may_be_dropped_with_its_runtime() {
    let _running = calls_that_stay();
    let client = server(|_, mut stream| {
        read(&mut stream);
        thread::sleep(Duration::from_millis(200));
        let _ = stream.write_all(ME.as_bytes());
    });
    let runtime = threads();
    let abandoned = client.clone();
    runtime.spawn(async move {
        let _ = abandoned.me().get().await;
        pending::<()>().await;
    });
    thread::sleep(Duration::from_millis(50));
    runtime.shutdown_background();
    assert!(get(&client).is_ok());
}
