//! Plays back recorded responses.

use super::exchange::{Exchange, Header, RecordedRequest, VERSION, unusable};
use crate::error::{Error, Result};
use crate::transport::message::{PreparedRequest, RawResponse, SendError, Sending, Transport};
use http::HeaderValue;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The content of a file.
#[derive(Debug)]
pub(super) struct Tape {
    path: PathBuf,
    exchanges: Mutex<Vec<Recorded>>,
}

#[derive(Debug)]
struct Recorded {
    request: RecordedRequest,
    response: RawResponse,
    used: bool,
}

impl Tape {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|problem| unusable(path, problem))?;
        let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
        let header = lines.next().map(|(_, line)| serde_json::from_str::<Header>(line));
        match header {
            Some(Ok(Header { cassette: VERSION })) => {}
            Some(Ok(Header { cassette })) => {
                return Err(unusable(path, format!("version {cassette} is not known; {VERSION} is")));
            }
            _ => return Err(unusable(path, "it is not a recording")),
        }
        let exchanges = lines
            .map(|(number, line)| {
                let wrong = |problem| unusable(path, format!("line {number}: {problem}"));
                let Exchange { request, response } =
                    serde_json::from_str(line).map_err(|problem| wrong(problem.to_string()))?;
                Ok(Recorded { request, response: response.raw().map_err(wrong)?, used: false })
            })
            .collect::<Result<_>>()?;
        Ok(Self { path: path.to_owned(), exchanges: Mutex::new(exchanges) })
    }

    fn response(&self, request: &RecordedRequest) -> std::result::Result<RawResponse, SendError> {
        let mut exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        let mut used = 0;
        for recorded in exchanges.iter_mut().filter(|recorded| recorded.request == *request) {
            if !std::mem::replace(&mut recorded.used, true) {
                return Ok(recorded.response.clone());
            }
            used += 1;
        }
        Err(SendError::Unusable(self.missing(request, used, &exchanges)))
    }

    /// Returns the error for a request without a response.
    fn missing(&self, request: &RecordedRequest, used: usize, exchanges: &[Recorded]) -> Error {
        let RecordedRequest { method, target, .. } = request;
        let other = exchanges.iter().filter(|r| r.request.method == *method && r.request.target == *target);
        let problem = match (used, other.count()) {
            (0, 0) => "is not recorded".to_owned(),
            (0, _) => "is recorded with another body only".to_owned(),
            (1, _) => "is recorded once, and that response was used".to_owned(),
            (times, _) => format!("is recorded {times} times, and those responses were used"),
        };
        unusable(&self.path, format!("{method} {target} {problem}; record it again"))
    }
}

/// A transport that sends nothing.
#[derive(Debug)]
pub(super) struct Player {
    pub(super) tape: Arc<Tape>,
}

impl Transport for Player {
    fn send<'a>(&'a self, request: &'a PreparedRequest, _: HeaderValue) -> Sending<'a> {
        let request = RecordedRequest::of(request, &[]);
        Box::pin(async move { self.tape.response(&request) })
    }
}
