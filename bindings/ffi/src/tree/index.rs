//! Parses a document into a tree in one pass, guided by the type that the spec gives for it.
//!
//! Names become the snake_case names of the C API, flag values become plain values, and deviations from the spec are
//! reported as problems.

use super::cursor::{Cursor, Step};
use super::node::{Node, Payload};
use super::{NodeKind, Problem, Tree};
use bytes::Bytes;
use configcat_management::Timestamp;
use configcat_management::spec::{Schema, Type};
use jiter::Peek;
use std::ffi::CString;
use std::ptr;

/// Maximum nesting depth; deeper documents are rejected.
const DEEPEST: usize = 128;
/// Maximum length of a document in bytes: lengths within it have 32 bits.
const LONGEST: usize = u32::MAX as usize;
/// Maximum length of a value in a problem, in characters: enough to find credentials in it, and little memory.
const EXCERPT: usize = 8 << 10;
/// Length of the JSON of a short value in bytes, with its name. Documents with shorter ones are rare.
const SHORTEST: usize = 16;

type Result<T> = std::result::Result<T, Problem>;

pub fn read(document: Bytes, ty: &Type) -> Result<Tree> {
    if document.len() > LONGEST {
        return Err(Problem::new(format!("it is longer than {LONGEST} bytes")));
    }
    let text = std::str::from_utf8(&document).map_err(|error| Problem::new(error.to_string()))?;
    let mut index = Index {
        cursor: Cursor::new(text),
        nodes: Vec::new(),
        // The capacity suffices: an unescaped string is never longer than its JSON, and the NUL takes the place of a quote.
        texts: Vec::with_capacity(text.len()),
        open: Vec::new(),
        names: Names::default(),
        depth: 0,
    };
    index.value(ty)?;
    index.cursor.finish().map_err(|p| Problem::new(format!("after its end: {}", p.message)))?;
    let root = index.taken();
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

    /// Names a value.
    fn give(&self, index: usize, node: &mut Node) {
        if let Some(name) = self.texts.get(index) {
            node.key = name.as_ptr();
            node.key_length = narrow(name.as_bytes().len());
        }
    }

    /// Stores a name and returns its index.
    fn add(&mut self, name: &str) -> usize {
        self.texts.push(c_string(name));
        self.texts.len() - 1
    }

    /// Returns the index of a name that is not in the document, and stores the name on first use.
    fn shared(&mut self, name: &'static str) -> usize {
        let known = self.texts.iter().position(|text| text.to_bytes() == name.as_bytes());
        known.unwrap_or_else(|| self.add(name))
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
    cursor: Cursor<'a>,
    /// Values whose parents are complete.
    nodes: Vec<Node>,
    texts: Vec<u8>,
    /// Values whose parents are still being parsed.
    open: Vec<Node>,
    names: Names,
    depth: usize,
}

impl Index<'_> {
    /// Parses a value, which becomes the last of the open values.
    fn value(&mut self, ty: &Type) -> Result<()> {
        let peek = self.cursor.peek()?;
        self.peeked(peek, ty)
    }

    /// Parses the value at the current position.
    fn peeked(&mut self, peek: Peek, ty: &Type) -> Result<()> {
        let begin = self.cursor.position();
        let node = match (peek, ty) {
            (Peek::String, Type::String { .. } | Type::Uuid | Type::Enum(_) | Type::Any | Type::Value) => {
                self.text()?
            }
            (Peek::String, Type::Timestamp) => self.timestamp()?,
            (Peek::True | Peek::False, Type::Boolean | Type::Any | Type::Value) => {
                node(NodeKind::Boolean, u64::from(self.cursor.boolean(peek)?), 0)
            }
            (Peek::Null, Type::Any) => {
                self.cursor.null()?;
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
            (peek, ty) => return Err(unexpected(peek, ty)),
        };
        let json = self.cursor.bytes_since(begin);
        self.open.push(Node { json: json.as_ptr(), json_length: narrow(json.len()), ..node });
        Ok(())
    }

    /// Removes the value that was parsed last from the open values.
    fn taken(&mut self) -> Node {
        self.open.pop().unwrap_or_else(absent)
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Node>) -> Result<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Problem::new(format!("it is nested more than {DEEPEST} deep")));
        }
        let node = read(self)?;
        self.depth -= 1;
        Ok(node)
    }

    fn text(&mut self) -> Result<Node> {
        let (begin, texts) = (self.texts.len(), &mut self.texts);
        self.cursor.string(|text| texts.extend_from_slice(text.as_bytes()))?;
        let length = self.texts.len() - begin;
        self.texts.push(0);
        Ok(node(NodeKind::String, begin as u64, length))
    }

    fn timestamp(&mut self) -> Result<Node> {
        let begin = self.texts.len();
        let node = self.text()?;
        let written = self.texts.get(begin..begin + node.length as usize).unwrap_or_default();
        let text = std::str::from_utf8(written).unwrap_or_default();
        match text.parse::<Timestamp>() {
            Ok(_) => Ok(Node { kind: NodeKind::Timestamp, ..node }),
            Err(error) => Err(Problem::new(format!("{:?} is not a valid timestamp: {error}", start(text)))),
        }
    }

    fn number(&mut self, peek: Peek, ty: &Type) -> Result<Node> {
        let begin = self.cursor.position();
        let whole = match self.cursor.short_integer() {
            Some(number) => Some(number),
            None => self.cursor.number(peek)?.parse::<i64>().ok(),
        };
        let text = self.cursor.since(begin);
        let decimal = || {
            let number = text.parse::<f64>().ok().filter(|n| n.is_finite());
            number.ok_or_else(|| Problem::new(format!("{} is too large", start(text))))
        };
        let small = |n: i64| i32::try_from(n).is_ok();
        match ty {
            Type::Integer { max, .. } => {
                // The limits apply to requests only. A response may hold any 32-bit number, or 64-bit if the limits are wider.
                let wide = *max > i64::from(i32::MAX);
                match whole {
                    Some(n) if wide || small(n) => Ok(node(NodeKind::Integer, n.cast_unsigned(), 0)),
                    None if text.contains(['.', 'e', 'E']) => {
                        Err(Problem::new(format!("expected a whole number, found {}", start(text))))
                    }
                    _ => Err(Problem::new(format!("{} is too large", start(text)))),
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
        let length = self.open.len() - base;
        if length > 0
            && let Some(last) = self.open.last_mut()
        {
            last.last = true;
        }
        self.reserve(length);
        // Not `drain`, which copies the values one by one.
        self.nodes.extend_from_slice(self.open.get(base..).unwrap_or_default());
        self.open.truncate(base);
        node(kind, first as u64, length)
    }

    /// Makes room for more values. Lists mostly consist of similar items, and the first ones tell how many values follow, so
    /// that values are rarely moved. A long string at the end makes the estimate too high, which is why it is limited by the
    /// length of the document.
    fn reserve(&mut self, more: usize) {
        let needed = self.nodes.len() + more;
        if needed <= self.nodes.capacity() {
            return;
        }
        let length = self.cursor.length();
        let estimate = needed.saturating_mul(length) / self.cursor.position().max(1);
        let capacity = (estimate + estimate / 16).min(length / SHORTEST).max(2 * needed);
        self.nodes.reserve_exact(capacity - self.nodes.len());
    }

    fn list(&mut self, item: &Type) -> Result<Node> {
        let base = self.open.len();
        let mut next = self.cursor.item(Step::First)?;
        while let Some(peek) = next {
            // After an error in a nested list or object, its values are still open.
            let index = self.open.len() - base;
            self.peeked(peek, item).map_err(|p| p.at_item(index))?;
            next = self.cursor.item(Step::Next)?;
        }
        Ok(self.close(NodeKind::List, base))
    }

    fn map(&mut self, item: &Type) -> Result<Node> {
        let base = self.open.len();
        let mut step = Step::First;
        while let Some(name) = self.cursor.name(step, |name| self.names.add(name))? {
            self.value(item).map_err(|p| p.step(&self.names.spelled(name)))?;
            self.name_last(name);
            step = Step::Next;
        }
        Ok(self.close(NodeKind::Object, base))
    }

    /// Names the value that was parsed last.
    fn name_last(&mut self, name: usize) {
        if let Some(node) = self.open.last_mut() {
            self.names.give(name, node);
        }
    }

    fn value_or_null(&mut self, ty: &Type, may_be_null: bool) -> Result<()> {
        match self.cursor.peek()? {
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
        let mut step = Step::First;
        loop {
            let next = schema.fields.get(expected);
            let found = if next.is_some_and(|field| self.cursor.member(step, field.wire)) {
                Some(expected)
            } else {
                // Fields that only a newer service knows are kept under their wire name.
                let position = |name: &str| schema.fields.iter().position(|field| field.wire == name);
                let name = |name: &str| position(name).ok_or_else(|| self.names.add(name));
                match self.cursor.name(step, name)? {
                    None => break,
                    Some(Ok(known)) => Some(known),
                    Some(Err(unknown)) => {
                        self.value(&Type::Any).map_err(|p| p.step(&self.names.spelled(unknown)))?;
                        self.name_last(unknown);
                        None
                    }
                }
            };
            if let Some((i, field)) = found.and_then(|i| Some((i, schema.fields.get(i)?))) {
                if seen & (1 << i) != 0 {
                    return Err(Problem::new("duplicate field".to_owned()).step(field.wire));
                }
                seen |= 1 << i;
                expected = i + 1;
                let may_be_null = field.nullable || !field.required;
                self.value_or_null(&field.ty, may_be_null).map_err(|p| p.step(field.wire))?;
                self.name_last(names + i);
            }
            step = Step::Next;
        }
        let missing =
            schema.fields.iter().enumerate().find(|(i, f)| seen & (1 << i) == 0 && f.required && !f.nullable);
        match missing {
            Some((_, field)) => Err(Problem::new("missing field".to_owned()).step(field.wire)),
            None => Ok(self.close(NodeKind::Object, base)),
        }
    }

    /// Parses a flag value. The wire format is an object with one member per type; the result is the plain value, or an
    /// object of value and variation id if the schema has a variation id.
    fn flag_value(&mut self, schema: &'static Schema) -> Result<Node> {
        let mut value = None;
        let mut variation = None;
        let mut step = Step::First;
        let field = |name: &str| schema.fields.iter().find(|field| field.wire == name);
        while let Some(field) = self.cursor.name(step, field)? {
            step = Step::Next;
            let Some(field) = field else {
                self.cursor.skip()?;
                continue;
            };
            self.value_or_null(&field.ty, true).map_err(|p| p.step(field.wire))?;
            let node = self.taken();
            match node.kind {
                _ if matches!(field.ty, Type::Uuid) => variation = Some(node),
                NodeKind::Null => {}
                _ if value.is_some() => {
                    let more = "more than one of boolValue, stringValue, intValue and doubleValue is set";
                    return Err(Problem::new(more.to_owned()));
                }
                _ => value = Some(node),
            }
        }
        if !schema.fields.iter().any(|field| matches!(field.ty, Type::Uuid)) {
            let none = "none of boolValue, stringValue, intValue and doubleValue is set";
            return value.ok_or_else(|| Problem::new(none.to_owned()));
        }
        let base = self.open.len();
        for (name, node) in [("value", value), ("predefined_variation_id", variation)] {
            self.open.push(node.unwrap_or_else(absent));
            let name = self.names.shared(name);
            self.name_last(name);
        }
        Ok(self.close(NodeKind::Object, base))
    }
}

/// A value whose position in the document is not known yet.
fn node(kind: NodeKind, payload: u64, length: usize) -> Node {
    Node {
        payload: Payload { bits: payload },
        key: ptr::null(),
        json: ptr::null(),
        key_length: 0,
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

#[cold]
fn unexpected(peek: Peek, ty: &Type) -> Problem {
    Problem::new(format!("expected {}, found {}", ty.expected(), found(peek)))
}

/// Returns the start of a value, for a problem.
fn start(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
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
