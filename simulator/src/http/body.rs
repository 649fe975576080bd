//! Bodies of requests: limited in size, time, and in the memory of all of them together.

use crate::problem::Problem;
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Maximum memory of all bodies that are being received or processed, in bytes.
const ALL: usize = 512 << 20;
/// Unit in which that memory is counted, in bytes: a semaphore counts to `u32::MAX`.
const UNIT: usize = 1 << 10;
/// Maximum memory of a body that is parsed without knowing its schema, in bytes.
const PARSED: usize = 256 << 20;
/// Memory of a JSON value and of a message that it is invalid, in bytes.
const VALUE: usize = 256;
/// Memory of a JSON object in addition, in bytes. It allocates space for several fields.
const OBJECT: usize = 640;

/// Reads the bodies of requests.
#[derive(Debug)]
pub struct BodyReader {
    /// Maximum time for a body.
    time: Duration,
    memory: Arc<Semaphore>,
}

/// A body, counted until it is dropped.
#[derive(Debug, Default)]
pub struct ReceivedBody {
    pub bytes: Bytes,
    _memory: Option<OwnedSemaphorePermit>,
}

impl BodyReader {
    pub fn new(time: Duration) -> Self {
        Self { time, memory: Arc::new(Semaphore::new(ALL / UNIT)) }
    }

    /// Reads a body of at most `limit` bytes.
    // Assumed: a body of more than 32 MiB is refused with 413, one that takes longer than a minute with 408.
    pub async fn read(&self, headers: &HeaderMap, body: Body, limit: usize) -> Result<ReceivedBody, Problem> {
        let announced = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let late = |_| Problem::text(408, format!("The body was not complete within {:?}.", self.time));
        tokio::time::timeout(self.time, self.receive(body, limit)).await.map_err(late)?
    }

    async fn receive(&self, body: Body, limit: usize) -> Result<ReceivedBody, Problem> {
        let (mut bytes, mut memory) = (BytesMut::new(), None::<OwnedSemaphorePermit>);
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| too_large())?;
            if bytes.len() + chunk.len() > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
            let counted = memory.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
            let more = bytes.len().div_ceil(UNIT) - counted;
            let more = u32::try_from(more).map_err(|_| too_large())?;
            let busy = |_| Problem::text(503, "Too many large bodies are being processed, try again later.");
            let more = Arc::clone(&self.memory).try_acquire_many_owned(more).map_err(busy)?;
            match &mut memory {
                Some(memory) => memory.merge(more),
                None => memory = Some(more),
            }
        }
        Ok(ReceivedBody { bytes: bytes.freeze(), _memory: memory })
    }
}

fn too_large() -> Problem {
    Problem::text(413, "The body is too large, or it broke off.")
}

/// Parses JSON, unless its values need much more memory than its text.
// Assumed: invalid JSON is refused with 400, with the field `$`.
pub fn parse(bytes: &[u8]) -> Result<serde_json::Value, Problem> {
    if memory(bytes) > PARSED {
        let message = format!("The body has too many values: it would need more than {} MiB.", PARSED >> 20);
        return Err(Problem::text(413, message));
    }
    serde_json::from_slice(bytes)
        .map_err(|e| Problem::field("$", format!("The body is not valid JSON: {e}.")))
}

/// Returns the approximate memory of the values of a JSON text, in bytes. Each but the first has a comma or bracket
/// before it.
fn memory(json: &[u8]) -> usize {
    let (mut total, mut in_string, mut is_escaped) = (json.len(), false, false);
    for byte in json {
        if in_string {
            in_string = is_escaped || *byte != b'"';
            is_escaped = !is_escaped && *byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b',' | b'[' => total += VALUE,
            b'{' => total += VALUE + OBJECT,
            _ => {}
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_counts_values_outside_of_strings() {
        for (json, values, objects) in
            [(r#""[,{\"[,{\\""#, 0, 0), (r#"["\\",1]"#, 2, 0), (r#"{"a":[{},2],"b":""}"#, 5, 2)]
        {
            let expected = json.len() + values * VALUE + objects * OBJECT;
            assert_eq!(memory(json.as_bytes()), expected, "{json}");
        }
    }

    #[tokio::test]
    async fn bodies_share_a_limited_memory() {
        let memory = Arc::new(Semaphore::new(5));
        let reader = BodyReader { time: Duration::from_secs(9), memory };
        let read = async |length: usize| {
            let body = Body::from(vec![b' '; length]);
            reader.read(&HeaderMap::new(), body, 9_999).await.map_err(|problem| problem.status)
        };
        let first = read(4_000).await.unwrap();
        assert_eq!((first.bytes.len(), read(1_025).await.err()), (4_000, Some(503)));
        assert_eq!(read(1_024).await.unwrap().bytes.len(), 1_024);
        drop(first);
        assert_eq!((read(5_000).await.unwrap().bytes.len(), read(10_000).await.err()), (5_000, Some(413)));
    }
}
