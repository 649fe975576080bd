//! Plays the contract vectors (`tests/contract`) to clients of any language.
//!
//! Prints its URL and serves until the standard input is closed. If the name of a file and the number of a vector, such as
//! `/configs/3`, are appended to a client's base URL, it gets the response of that vector. A request that differs from the
//! vector's gets status 418 and a description of the differences.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;
use std::collections::HashMap;
use std::error::Error;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

type Vectors = Arc<HashMap<String, Vec<Value>>>;

/// `user:pass` in Base64.
const CREDENTIALS: &str = "Basic dXNlcjpwYXNz";
const LARGEST: usize = 16 << 20;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = Router::new().fallback(play).with_state(Arc::new(load()?));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let (closed, parent) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = closed.send(());
    });
    tokio::select! {
        served = axum::serve(listener, app) => served?,
        _ = parent => {}
    }
    Ok(())
}

fn load() -> Result<HashMap<String, Vec<Value>>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract");
    let mut files = vec![folder.join("tricky.json")];
    for entry in std::fs::read_dir(folder.join("generated"))? {
        files.push(entry?.path());
    }
    let mut vectors = HashMap::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        vectors.insert(name, serde_json::from_str(&std::fs::read_to_string(file)?)?);
    }
    Ok(vectors)
}

async fn play(State(vectors): State<Vectors>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let target = head.uri.path_and_query().map_or("", |target| target.as_str()).trim_start_matches('/');
    let mut parts = target.splitn(3, '/');
    let vector = parts.next().and_then(|file| vectors.get(file));
    let vector = vector.zip(parts.next().and_then(|n| n.parse::<usize>().ok())).and_then(|(v, n)| v.get(n));
    let Some(vector) = vector else { return response(404, b"no such vector".to_vec()) };
    let received = format!("/{}", parts.next().unwrap_or_default());
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return response(418, b"the body broke off".to_vec());
    };
    let expected = &vector["request"];
    let mut wrong = Vec::new();
    let mut compare = |what: &str, found: &str, wanted: &str| {
        if found != wanted {
            wrong.push(format!("{what} is {found:?} instead of {wanted:?}"));
        }
    };
    compare("the method", head.method.as_str(), expected["method"].as_str().unwrap_or_default());
    compare("the target", &received, expected["target"].as_str().unwrap_or_default());
    let header =
        |name: &str| head.headers.get(name).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
    compare("authorization", &header("authorization").unwrap_or_default(), CREDENTIALS);
    for (name, value) in expected["headers"].as_object().into_iter().flatten() {
        compare(name, &header(name).unwrap_or_default(), value.as_str().unwrap_or_default());
    }
    if let Some(difference) = body_differs(&body, &expected["body"]) {
        wrong.push(difference);
    }
    if !wrong.is_empty() {
        return response(418, wrong.join("; ").into_bytes());
    }
    let content = &vector["response"]["body"];
    let content = if content.is_null() { Vec::new() } else { content.to_string().into_bytes() };
    response(
        vector["response"]["status"].as_u64().and_then(|s| u16::try_from(s).ok()).unwrap_or(500),
        content,
    )
}

fn body_differs(body: &Bytes, expected: &Value) -> Option<String> {
    if expected.is_null() {
        return (!body.is_empty()).then(|| "a body was sent".to_owned());
    }
    let sent = serde_json::from_slice::<Value>(body).ok();
    (sent.as_ref() != Some(expected)).then(|| {
        format!("the body is {} instead of {expected}", sent.map_or("no JSON".to_owned(), |v| v.to_string()))
    })
}

fn response(status: u16, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = axum::http::StatusCode::from_u16(status).unwrap_or_default();
    let json = axum::http::HeaderValue::from_static("application/json");
    response.headers_mut().insert("content-type", json);
    response
}
