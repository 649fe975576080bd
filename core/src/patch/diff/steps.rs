//! Operations of a patch while it is made, and their sizes.

use crate::Field;
use crate::models::{PatchOperation, PatchOperationType};
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};

/// Operation with paths that are relative to the compared value.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    op: PatchOperationType,
    path: String,
    from: Option<String>,
    value: Option<&'a Value>,
    /// Size as JSON, with a comma, in bytes.
    bytes: usize,
}

impl<'a> Step<'a> {
    fn new(
        op: PatchOperationType,
        path: String,
        from: Option<String>,
        value: Option<(&'a Value, usize)>,
    ) -> Self {
        let mut bytes = envelope(&op) + text_bytes(&path);
        bytes += from.as_ref().map_or(0, |from| text_bytes(from));
        bytes += value.map_or(0, |(_, bytes)| bytes);
        Self { op, path, from, value: value.map(|(value, _)| value), bytes }
    }

    /// `bytes` is the size of the value.
    pub fn add(path: String, value: &'a Value, bytes: usize) -> Self {
        Self::new(PatchOperationType::Add, path, None, Some((value, bytes)))
    }

    /// `bytes` is the size of the value.
    pub fn replace(path: String, value: &'a Value, bytes: usize) -> Self {
        Self::new(PatchOperationType::Replace, path, None, Some((value, bytes)))
    }

    pub fn remove(path: String) -> Self {
        Self::new(PatchOperationType::Remove, path, None, None)
    }

    pub fn r#move(from: String, path: String) -> Self {
        Self::new(PatchOperationType::Move, path, Some(from), None)
    }

    /// Size below a prefix of the given size, in bytes.
    fn bytes_below(&self, prefix: usize) -> usize {
        let paths = if self.from.is_some() { 2 } else { 1 };
        self.bytes + paths * prefix
    }

    /// Returns the step with paths below `/{token}`; the token is escaped.
    fn below(self, token: &str) -> Self {
        let bytes = self.bytes_below(token_bytes(token));
        let path = format!("/{token}{}", self.path);
        let from = self.from.map(|from| format!("/{token}{from}"));
        Self { path, from, bytes, ..self }
    }

    fn finish(self) -> PatchOperation {
        let operation = PatchOperation::new(self.op, self.path);
        let operation = match self.value {
            Some(Value::Null) => operation.value(Field::Null),
            Some(value) => operation.value(value.clone()),
            None => operation,
        };
        match self.from {
            Some(from) => operation.from(from),
            None => operation,
        }
    }
}

/// Steps in order.
#[derive(Debug, Clone, Default)]
pub struct Steps<'a>(Vec<Step<'a>>);

impl<'a> Steps<'a> {
    pub fn push(&mut self, step: Step<'a>) {
        self.0.push(step);
    }

    /// Appends steps that change the value at a token.
    pub fn extend_below(&mut self, token: &str, steps: Self) {
        self.0.extend(steps.0.into_iter().map(|step| step.below(token)));
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Size below a prefix of the given size, in bytes.
    pub fn bytes_below(&self, prefix: usize) -> usize {
        self.0.iter().map(|step| step.bytes_below(prefix)).sum()
    }

    pub fn finish(self) -> impl Iterator<Item = PatchOperation> {
        self.0.into_iter().map(Step::finish)
    }
}

const QUOTES: usize = "\"\"".len();

/// Size of an operation without its paths and its value, with a comma.
pub fn envelope(op: &PatchOperationType) -> usize {
    let rest = match op {
        PatchOperationType::Move => r#"{"op":"","path":"","from":""},"#,
        PatchOperationType::Remove => r#"{"op":"","path":""},"#,
        _ => r#"{"op":"","path":"","value":},"#,
    };
    rest.len() + op.as_str().len()
}

/// Size of `/{token}` in a path as JSON.
pub fn token_bytes(token: &str) -> usize {
    "/".len() + text_bytes(token)
}

/// Size of `/{key}` in a path as JSON, after the key is escaped.
pub fn key_bytes(key: &str) -> usize {
    token_bytes(key) + key.bytes().filter(|byte| matches!(byte, b'~' | b'/')).count()
}

/// Size of a string as JSON, without its quotes.
fn text_bytes(text: &str) -> usize {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) { text.len() } else { json_bytes(text) - QUOTES }
}

/// Size of a value as JSON, in bytes.
pub fn value_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(true) => "null".len(),
        Value::Bool(false) => "false".len(),
        Value::String(text) => QUOTES + text_bytes(text),
        _ => json_bytes(value),
    }
}

/// Size of `/{index}`.
pub fn index_bytes(index: usize) -> usize {
    "/0".len() + index.checked_ilog10().unwrap_or(0) as usize
}

/// Size as JSON, in bytes.
fn json_bytes<T: Serialize + ?Sized>(value: &T) -> usize {
    struct Count(usize);

    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(0);
    // Neither a value nor a string can fail to be written.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

/// Escapes a key for a JSON Pointer (RFC 6901).
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
