//! Parses a document into a tree in one pass, guided by the type that the spec gives for it.
//!
//! Names become the snake_case names of the C API, flag values become plain values, and deviations from the spec are
//! reported as problems.

use super::node::{Node, Payload};
use super::{NodeKind, Problem, Tree};
use bytes::Bytes;
use configcat_management::Timestamp;
use configcat_management::spec::{Schema, Type};
use jiter::{Jiter, JiterError, Peek};
use std::ffi::{CString, c_char};
use std::ptr;

/// Maximum nesting depth; deeper documents are rejected.
const DEEPEST: usize = 128;
/// Maximum length of a document in bytes: lengths within it have 32 bits.
const LONGEST: usize = u32::MAX as usize;

type Result<T> = std::result::Result<T, Problem>;

pub fn read(document: Bytes, ty: &Type) -> Result<Tree> {
    if document.len() > LONGEST {
        return Err(problem(format!("it is longer than {LONGEST} bytes")));
    }
    if let Err(error) = std::str::from_utf8(&document) {
        return Err(problem(error.to_string()));
    }
    let mut index = Index {
        jiter: Jiter::new(&document),
        document: &document,
        nodes: Vec::new(),
        // The capacity suffices: an unescaped string is never longer than its JSON, and the NUL takes the place of a quote.
        texts: Vec::with_capacity(document.len()),
        open: Vec::new(),
        names: Names::default(),
        depth: 0,
    };
    let root = index.value(ty)?;
    index.jiter.finish().map_err(|e| problem(format!("after its end: {e}")))?;
    index.nodes.push(Node { last: true, ..root });
    let Index { nodes, texts, names, .. } = index;
    Ok(Tree::new(nodes, texts, document, names.texts))
}

/// Names of object members. The names of a schema are stored once.
#[derive(Default)]
struct Names {
    texts: Vec<CString>,
    /// The schemas found so far, and the index of the first name of each.
    schemas: Vec<(*const Schema, usize)>,
}

impl Names {
    /// Returns the index of the first field name of a schema.
    fn of(&mut self, schema: &'static Schema) -> usize {
        let known = self.schemas.iter().find(|(seen, _)| ptr::eq(*seen, schema));
        if let Some((_, begin)) = known {
            return *begin;
        }
        let begin = self.texts.len();
        self.texts.extend(schema.fields.iter().map(|field| c_string(field.name)));
        self.schemas.push((schema, begin));
        begin
    }

    fn get(&self, index: usize) -> *const c_char {
        self.texts.get(index).map_or(ptr::null(), |name| name.as_ptr())
    }

    /// Stores a name and returns its index.
    fn add(&mut self, name: &str) -> usize {
        self.texts.push(c_string(name));
        self.texts.len() - 1
    }

    /// Returns the pointer of a name that is not in the document, and stores the name on first use.
    fn shared(&mut self, name: &'static str) -> *const c_char {
        let known = self.texts.iter().position(|text| text.to_bytes() == name.as_bytes());
        let index = known.unwrap_or_else(|| self.add(name));
        self.get(index)
    }

    fn spelled(&self, index: usize) -> String {
        self.texts.get(index).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

/// Converts a name to a C string, truncated at the first NUL.
fn c_string(name: &str) -> CString {
    CString::new(name.split('\0').next().unwrap_or_default()).unwrap_or_default()
}

struct Index<'a> {
    jiter: Jiter<'a>,
    document: &'a [u8],
    /// Values whose parents are complete.
    nodes: Vec<Node>,
    texts: Vec<u8>,
    /// Values whose parents are still being parsed.
    open: Vec<Node>,
    names: Names,
    depth: usize,
}

impl Index<'_> {
    fn value(&mut self, ty: &Type) -> Result<Node> {
        let peek = self.jiter.peek().map_err(|e| jiter_problem(&e))?;
        self.peeked(peek, ty)
    }

    /// Parses the value at the current position.
    fn peeked(&mut self, peek: Peek, ty: &Type) -> Result<Node> {
        let begin = self.jiter.current_index();
        let mut node = match (peek, ty) {
            (Peek::String, Type::String { .. } | Type::Uuid | Type::Enum(_) | Type::Any | Type::Value) => {
                self.text(NodeKind::String)?
            }
            (Peek::String, Type::Timestamp) => self.timestamp()?,
            (Peek::True | Peek::False, Type::Boolean | Type::Any | Type::Value) => {
                let yes = self.jiter.known_bool(peek).map_err(|e| jiter_problem(&e))?;
                node(NodeKind::Boolean, u64::from(yes), 0)
            }
            (Peek::Null, Type::Any) => {
                self.jiter.known_null().map_err(|e| jiter_problem(&e))?;
                node(NodeKind::Null, 0, 0)
            }
            (Peek::Array, Type::List(item) | Type::Patch(item)) => self.nested(|index| index.list(item))?,
            (Peek::Array, Type::Any) => self.nested(|index| index.list(&Type::Any))?,
            (Peek::Object, Type::Object(schema)) if schema.is_flag_value => {
                self.nested(|index| index.flag_value(schema))?
            }
            (Peek::Object, Type::Object(schema)) => self.nested(|index| index.object(schema))?,
            (Peek::Object, Type::Map(item)) => self.nested(|index| index.map(item))?,
            (Peek::Object, Type::Any) => self.nested(|index| index.map(&Type::Any))?,
            (peek, Type::Number | Type::Integer { .. } | Type::Any | Type::Value) if peek.is_num() => {
                self.number(peek, ty)?
            }
            (peek, ty) => return Err(problem(format!("expected {}, found {}", ty.expected(), found(peek)))),
        };
        node.json = self.document.get(begin..).map_or(ptr::null(), <[u8]>::as_ptr);
        node.json_length = narrow(self.jiter.current_index() - begin);
        Ok(node)
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Node>) -> Result<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(problem(format!("it is nested more than {DEEPEST} deep")));
        }
        let node = read(self)?;
        self.depth -= 1;
        Ok(node)
    }

    fn text(&mut self, kind: NodeKind) -> Result<Node> {
        let text = self.jiter.known_str().map_err(|e| jiter_problem(&e))?;
        let (begin, length) = (self.texts.len(), text.len());
        self.texts.extend_from_slice(text.as_bytes());
        self.texts.push(0);
        Ok(node(kind, begin as u64, length))
    }

    fn timestamp(&mut self) -> Result<Node> {
        let begin = self.texts.len();
        let node = self.text(NodeKind::Timestamp)?;
        let written = self.texts.get(begin..begin + node.length as usize).unwrap_or_default();
        let text = std::str::from_utf8(written).unwrap_or_default();
        match text.parse::<Timestamp>() {
            Ok(_) => Ok(node),
            Err(error) => Err(problem(format!("{text:?} is not a valid timestamp: {error}"))),
        }
    }

    fn number(&mut self, peek: Peek, ty: &Type) -> Result<Node> {
        let bytes = self.jiter.known_number_bytes(peek).map_err(|e| jiter_problem(&e))?;
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let whole = text.parse::<i64>().ok();
        let decimal = || {
            let number = text.parse::<f64>().ok().filter(|n| n.is_finite());
            number.ok_or_else(|| problem(format!("{text} is too large")))
        };
        let small = |n: i64| i32::try_from(n).is_ok();
        match ty {
            Type::Integer { max, .. } => {
                // The limits apply to requests only. A response may hold any 32-bit number, or 64-bit if the limits are wider.
                let wide = *max > i64::from(i32::MAX);
                match whole {
                    Some(n) if wide || small(n) => Ok(node(NodeKind::Integer, n.cast_unsigned(), 0)),
                    None if text.contains(['.', 'e', 'E']) => {
                        Err(problem(format!("expected a whole number, found {text}")))
                    }
                    _ => Err(problem(format!("{text} is too large"))),
                }
            }
            // An integer that exceeds 32 bits can only belong to a decimal setting.
            Type::Value if whole.is_some_and(|n| !small(n)) => {
                Ok(node(NodeKind::Number, decimal()?.to_bits(), 0))
            }
            Type::Value | Type::Any if let Some(n) = whole => {
                Ok(node(NodeKind::Integer, n.cast_unsigned(), 0))
            }
            _ => Ok(node(NodeKind::Number, decimal()?.to_bits(), 0)),
        }
    }

    /// Completes a value whose children are the open values from `base`.
    fn close(&mut self, kind: NodeKind, base: usize) -> Node {
        let first = self.nodes.len();
        if self.open.len() > base
            && let Some(last) = self.open.last_mut()
        {
            last.last = true;
        }
        self.nodes.extend(self.open.drain(base..));
        node(kind, first as u64, self.nodes.len() - first)
    }

    fn list(&mut self, item: &Type) -> Result<Node> {
        let base = self.open.len();
        let mut next = self.jiter.known_array().map_err(|e| jiter_problem(&e))?;
        while let Some(peek) = next {
            // After an error in a nested list or object, its values are still open.
            let index = self.open.len() - base;
            let node = self.peeked(peek, item).map_err(|p| p.at_item(index))?;
            self.open.push(node);
            next = self.jiter.array_step().map_err(|e| jiter_problem(&e))?;
        }
        Ok(self.close(NodeKind::List, base))
    }

    fn map(&mut self, item: &Type) -> Result<Node> {
        let base = self.open.len();
        let mut key = self.jiter.known_object().map_err(|e| jiter_problem(&e))?.map(|k| self.names.add(k));
        while let Some(name) = key {
            let node = self.value(item).map_err(|p| p.step(&self.names.spelled(name)))?;
            self.open.push(Node { key: self.names.get(name), ..node });
            key = self.jiter.next_key().map_err(|e| jiter_problem(&e))?.map(|k| self.names.add(k));
        }
        Ok(self.close(NodeKind::Object, base))
    }

    fn value_or_null(&mut self, ty: &Type, may_be_null: bool) -> Result<Node> {
        match self.jiter.peek().map_err(|e| jiter_problem(&e))? {
            Peek::Null if may_be_null => self.peeked(Peek::Null, &Type::Any),
            peek => self.peeked(peek, ty),
        }
    }

    fn object(&mut self, schema: &'static Schema) -> Result<Node> {
        let base = self.open.len();
        let names = self.names.of(schema);
        let mut seen: u128 = 0;
        // Members usually follow the order of the spec.
        let mut expected = 0;
        let mut key = self.jiter.known_object().map_err(|e| jiter_problem(&e))?;
        while let Some(name) = key {
            let next = schema.fields.get(expected).is_some_and(|field| field.wire == name);
            let found = if next { Some(expected) } else { schema.fields.iter().position(|f| f.wire == name) };
            let node = match found.and_then(|i| Some((i, schema.fields.get(i)?))) {
                Some((i, field)) => {
                    if seen & (1 << i) != 0 {
                        return Err(problem("duplicate field".to_owned()).step(field.wire));
                    }
                    seen |= 1 << i;
                    expected = i + 1;
                    let may_be_null = field.nullable || !field.required;
                    let node = self.value_or_null(&field.ty, may_be_null);
                    Node { key: self.names.get(names + i), ..node.map_err(|p| p.step(field.wire))? }
                }
                // Fields that only a newer service knows are kept under their wire name.
                None => {
                    let name = self.names.add(name);
                    let node = self.value(&Type::Any).map_err(|p| p.step(&self.names.spelled(name)))?;
                    Node { key: self.names.get(name), ..node }
                }
            };
            self.open.push(node);
            key = self.jiter.next_key().map_err(|e| jiter_problem(&e))?;
        }
        let missing =
            schema.fields.iter().enumerate().find(|(i, f)| seen & (1 << i) == 0 && f.required && !f.nullable);
        match missing {
            Some((_, field)) => Err(problem("missing field".to_owned()).step(field.wire)),
            None => Ok(self.close(NodeKind::Object, base)),
        }
    }

    /// Parses a flag value. The wire format is an object with one member per type; the result is the plain value, or an
    /// object of value and variation id if the schema has a variation id.
    fn flag_value(&mut self, schema: &'static Schema) -> Result<Node> {
        let mut value = None;
        let mut variation = None;
        let mut key = self.jiter.known_object().map_err(|e| jiter_problem(&e))?;
        while let Some(name) = key {
            let Some(field) = schema.fields.iter().find(|field| field.wire == name) else {
                self.jiter.next_skip().map_err(|e| jiter_problem(&e))?;
                key = self.jiter.next_key().map_err(|e| jiter_problem(&e))?;
                continue;
            };
            let node = self.value_or_null(&field.ty, true).map_err(|p| p.step(field.wire))?;
            match node.kind {
                _ if matches!(field.ty, Type::Uuid) => variation = Some(node),
                NodeKind::Null => {}
                _ if value.is_some() => {
                    let more = "more than one of boolValue, stringValue, intValue and doubleValue is set";
                    return Err(problem(more.to_owned()));
                }
                _ => value = Some(node),
            }
            key = self.jiter.next_key().map_err(|e| jiter_problem(&e))?;
        }
        if !schema.fields.iter().any(|field| matches!(field.ty, Type::Uuid)) {
            let none = "none of boolValue, stringValue, intValue and doubleValue is set";
            return value.ok_or_else(|| problem(none.to_owned()));
        }
        let base = self.open.len();
        let value = value.unwrap_or_else(absent);
        let variation = variation.unwrap_or_else(absent);
        let value = Node { key: self.names.shared("value"), ..value };
        let variation = Node { key: self.names.shared("predefined_variation_id"), ..variation };
        self.open.extend([value, variation]);
        Ok(self.close(NodeKind::Object, base))
    }
}

/// A value whose position in the document is not known yet.
fn node(kind: NodeKind, payload: u64, length: usize) -> Node {
    Node {
        payload: Payload { bits: payload },
        key: ptr::null(),
        json: ptr::null(),
        json_length: 0,
        length: narrow(length),
        kind,
        last: false,
    }
}

/// A null for a member that is absent from the document.
fn absent() -> Node {
    Node { json: b"null".as_ptr(), json_length: 4, ..node(NodeKind::Null, 0, 0) }
}

fn narrow(length: usize) -> u32 {
    // No part is longer than the document, whose length fits into 32 bits.
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn problem(message: String) -> Problem {
    Problem { path: String::new(), message }
}

fn jiter_problem(error: &JiterError) -> Problem {
    problem(format!("{} at byte {}", error.error_type, error.index))
}

impl Problem {
    fn step(mut self, step: &str) -> Self {
        let joint = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{step}{joint}{}", self.path);
        self
    }

    fn at_item(self, index: usize) -> Self {
        self.step(&format!("[{index}]"))
    }
}

const fn found(peek: Peek) -> &'static str {
    match peek {
        Peek::Null => "null",
        Peek::True | Peek::False => "a boolean",
        Peek::String => "a string",
        Peek::Array => "a list",
        Peek::Object => "an object",
        _ => "a number",
    }
}
