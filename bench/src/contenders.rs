//! The contenders: our client, plain reqwest, and hyper as the lower bound. All decode with `serde_json` into the same types.

use crate::clients::USER;
use crate::result::Result;
use bytes::Bytes;
use configcat_management::Client;
use configcat_management::models::{ConfigId, Me, Setting, UploadCodeReferences};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper_util::rt::TokioIo;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use tokio::net::TcpStream;

/// Future of a job.
pub type Doing<'a> = Pin<Box<dyn Future<Output = Result> + 'a>>;

/// A client under measurement.
pub trait Contender {
    fn name(&self) -> &'static str;
    /// Makes the call with the smallest response.
    fn small(&self) -> Doing<'_>;
    /// Lists the flags of a config.
    fn list<'a>(&'a self, config: &'a str) -> Doing<'a>;
    /// Uploads a long body; the response is empty.
    fn upload<'a>(&'a self, found: &'a UploadCodeReferences) -> Doing<'a>;
}

pub const ME: &str = "/v1/me";
const UPLOAD: &str = "/v1/code-references";

pub fn settings(config: &str) -> String {
    format!("/v1/configs/{config}/settings")
}

impl Contender for Client {
    fn name(&self) -> &'static str {
        "this"
    }

    fn small(&self) -> Doing<'_> {
        Box::pin(async move {
            black_box(self.me().get().await?);
            Ok(())
        })
    }

    fn list<'a>(&'a self, config: &'a str) -> Doing<'a> {
        Box::pin(async move {
            black_box(self.settings().list(ConfigId::from(config)).await?);
            Ok(())
        })
    }

    fn upload<'a>(&'a self, found: &'a UploadCodeReferences) -> Doing<'a> {
        Box::pin(async move {
            self.code_references().upload(found.clone()).await?;
            Ok(())
        })
    }
}

/// reqwest, as used directly by a program.
pub struct Reqwest {
    client: reqwest::Client,
    url: String,
}

impl Reqwest {
    pub fn new(url: &str) -> Result<Self> {
        let client = reqwest::Client::builder().no_proxy().tcp_nodelay(true).build()?;
        Ok(Self { client, url: url.to_owned() })
    }

    async fn get(&self, path: &str) -> Result<Bytes> {
        let request = self.client.get(format!("{}{path}", self.url)).basic_auth(USER, Some(USER));
        Ok(request.send().await?.error_for_status()?.bytes().await?)
    }
}

impl Contender for Reqwest {
    fn name(&self) -> &'static str {
        "reqwest"
    }

    fn small(&self) -> Doing<'_> {
        Box::pin(async {
            black_box(serde_json::from_slice::<Me>(&self.get(ME).await?)?);
            Ok(())
        })
    }

    fn list<'a>(&'a self, config: &'a str) -> Doing<'a> {
        Box::pin(async move {
            black_box(serde_json::from_slice::<Vec<Setting>>(&self.get(&settings(config)).await?)?);
            Ok(())
        })
    }

    fn upload<'a>(&'a self, found: &'a UploadCodeReferences) -> Doing<'a> {
        Box::pin(async move {
            let request = self.client.post(format!("{}{UPLOAD}", self.url)).basic_auth(USER, Some(USER));
            // Clones the value, because our client takes it by value too.
            let request = request.header(CONTENT_TYPE, "application/json");
            let body = serde_json::to_vec(&found.clone())?;
            request.body(body).send().await?.error_for_status()?.bytes().await?;
            Ok(())
        })
    }
}

/// Plain hyper: a pool of open connections, and requests built by hand.
pub struct Hyper {
    address: String,
    authorization: String,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
}

impl Hyper {
    pub fn new(url: &str) -> Self {
        // `simulator:simulator` in Base64.
        let authorization = "Basic c2ltdWxhdG9yOnNpbXVsYXRvcg==".to_owned();
        let address = url.trim_start_matches("http://").to_owned();
        Self { address, authorization, idle: Mutex::default() }
    }

    async fn connection(&self) -> Result<SendRequest<Full<Bytes>>> {
        if let Some(idle) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(idle);
        }
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }

    async fn send(&self, method: &str, path: &str, body: Vec<u8>) -> Result<Bytes> {
        let mut connection = self.connection().await?;
        connection.ready().await?;
        let request = Request::builder().method(method).uri(path).header(HOST, &self.address);
        let request = request.header(AUTHORIZATION, &self.authorization);
        let response = connection.send_request(request.body(Full::from(body))?).await?;
        if !response.status().is_success() {
            return Err(response.status().to_string().into());
        }
        let body = response.into_body().collect().await?.to_bytes();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(body)
    }
}

impl Contender for Hyper {
    fn name(&self) -> &'static str {
        "hyper"
    }

    fn small(&self) -> Doing<'_> {
        Box::pin(async {
            black_box(serde_json::from_slice::<Me>(&self.send("GET", ME, vec![]).await?)?);
            Ok(())
        })
    }

    fn list<'a>(&'a self, config: &'a str) -> Doing<'a> {
        Box::pin(async move {
            let body = self.send("GET", &settings(config), vec![]).await?;
            black_box(serde_json::from_slice::<Vec<Setting>>(&body)?);
            Ok(())
        })
    }

    fn upload<'a>(&'a self, found: &'a UploadCodeReferences) -> Doing<'a> {
        Box::pin(async move {
            self.send("POST", UPLOAD, serde_json::to_vec(&found.clone())?).await?;
            Ok(())
        })
    }
}
