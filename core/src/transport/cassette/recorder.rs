//! Records what a transport sends and receives.

use super::exchange::{Exchange, Header, RecordedRequest, RecordedResponse, VERSION, unusable};
use crate::error::Result;
use crate::redaction::Redactor;
use crate::transport::auth::redactor;
use crate::transport::message::{PreparedRequest, RawResponse, SendError, Sending, Transport};
use http::HeaderValue;
use serde::Serialize;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A file that is being written.
#[derive(Debug)]
pub(super) struct Recording {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    /// The first failure to write. What follows would be recorded without what is missing.
    problem: Option<String>,
}

impl Recording {
    /// Creates the file, with the header. Only its owner may read it.
    pub(super) fn create(path: &Path) -> Result<Self> {
        let create = || {
            if let Some(directory) = path.parent() {
                std::fs::create_dir_all(directory)?;
            }
            // Each line is appended as a whole, also after a fork.
            let mut options = File::options();
            options.append(true).create(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(path)?;
            file.set_len(0)?;
            write_line(&mut file, &Header { cassette: VERSION })?;
            io::Result::Ok(file)
        };
        let file = create().map_err(|problem| unusable(path, problem))?;
        Ok(Self { path: path.to_owned(), state: Mutex::new(State { file, problem: None }) })
    }

    /// Fails if something could not be recorded.
    fn check(&self) -> std::result::Result<(), SendError> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &state.problem {
            Some(problem) => Err(SendError::Unusable(unusable(&self.path, problem))),
            None => Ok(()),
        }
    }

    fn write(&self, exchange: &Exchange) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(problem) = write_line(&mut state.file, exchange) {
            tracing::warn!(path = %self.path.display(), %problem, "cannot record a response");
            state.problem.get_or_insert(format!("an earlier response was not recorded: {problem}"));
        }
    }
}

fn write_line<T: Serialize>(file: &mut File, line: &T) -> io::Result<()> {
    let mut json = serde_json::to_vec(line)?;
    json.push(b'\n');
    file.write_all(&json)
}

/// A transport whose responses are recorded.
#[derive(Debug)]
pub(super) struct Recorder<T> {
    pub(super) transport: T,
    pub(super) recording: Arc<Recording>,
    /// Masks the secrets of the client other than the credentials.
    pub(super) redactor: Arc<Redactor>,
}

impl<T: Transport> Recorder<T> {
    async fn exchange(
        &self,
        request: &PreparedRequest,
        authorization: HeaderValue,
    ) -> std::result::Result<RawResponse, SendError> {
        self.recording.check()?;
        let mut secrets = redactor(&authorization);
        for value in request.headers.values() {
            secrets.add_header(value.to_str().unwrap_or_default());
        }
        let redactors = &[&secrets, &*self.redactor];
        let response = self.transport.send(request, authorization).await?;
        self.recording.write(&Exchange {
            request: RecordedRequest::of(request, redactors),
            response: RecordedResponse::of(&response, redactors),
        });
        Ok(response)
    }
}

impl<T: Transport> Transport for Recorder<T> {
    fn send<'a>(&'a self, request: &'a PreparedRequest, authorization: HeaderValue) -> Sending<'a> {
        Box::pin(self.exchange(request, authorization))
    }

    fn reset(&self) {
        self.transport.reset();
    }
}
