//! Values, and the tree that owns them.

use bytes::Bytes;
use std::ffi::{CStr, CString, c_char};

/// What a value is.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Null,
    Boolean,
    Integer,
    Number,
    Text,
    Timestamp,
    List,
    Object,
}

/// A value in a tree.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// A boolean, an integer, the bits of a number, or the address of a text or of the first child.
    pub(super) payload: u64,
    /// Its name in the object that holds it, or null.
    pub(super) key: *const c_char,
    /// Where its JSON text begins.
    pub(super) json: *const u8,
    pub(super) json_length: u32,
    /// Children, or bytes of a text.
    pub(super) length: u32,
    pub(super) kind: Kind,
    /// Whether no other child of the same parent follows.
    pub(super) last: bool,
}

impl Node {
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Children, or bytes of a text.
    pub const fn length(&self) -> usize {
        self.length as usize
    }

    pub const fn boolean(&self) -> Option<bool> {
        if matches!(self.kind, Kind::Boolean) { Some(self.payload != 0) } else { None }
    }

    pub const fn integer(&self) -> Option<i64> {
        if matches!(self.kind, Kind::Integer) { Some(self.payload.cast_signed()) } else { None }
    }

    #[allow(clippy::cast_precision_loss, reason = "asked for as a decimal number")]
    pub fn number(&self) -> Option<f64> {
        match self.kind {
            Kind::Number => Some(f64::from_bits(self.payload)),
            Kind::Integer => Some(self.payload.cast_signed() as f64),
            _ => None,
        }
    }

    /// The text with its NUL.
    #[allow(unsafe_code)]
    pub fn text(&self) -> Option<&CStr> {
        if !matches!(self.kind, Kind::Text | Kind::Timestamp) {
            return None;
        }
        // SAFETY: the index wrote a NUL after the text. One inside, which JSON can carry, ends it for `CStr`; the
        // length tells the whole.
        Some(unsafe { CStr::from_ptr(self.payload as *const c_char) })
    }

    /// The text, whatever is in it.
    #[allow(unsafe_code)]
    pub fn str(&self) -> Option<&str> {
        self.text()?;
        // SAFETY: the payload of a text is the address of `length` bytes that the index took from a `str`.
        unsafe {
            let bytes = std::slice::from_raw_parts(self.payload as *const u8, self.length());
            Some(std::str::from_utf8_unchecked(bytes))
        }
    }

    #[allow(unsafe_code)]
    pub fn key(&self) -> Option<&CStr> {
        // SAFETY: a key is null or one of the tree's texts, which end with a NUL.
        (!self.key.is_null()).then(|| unsafe { CStr::from_ptr(self.key) })
    }

    /// Its JSON text.
    #[allow(unsafe_code)]
    pub fn json(&self) -> &str {
        // SAFETY: the index took the bounds from the document, which the tree owns and which is UTF-8.
        unsafe {
            let bytes = std::slice::from_raw_parts(self.json, self.json_length as usize);
            std::str::from_utf8_unchecked(bytes)
        }
    }

    /// The items of a list or the members of an object; none for anything else.
    #[allow(unsafe_code)]
    pub fn children(&self) -> &[Self] {
        if !matches!(self.kind, Kind::List | Kind::Object) || self.length == 0 {
            return &[];
        }
        // SAFETY: the index put so many children there, in the memory of the tree that holds this value too.
        unsafe { std::slice::from_raw_parts(self.payload as *const Self, self.length()) }
    }

    /// The next child of the same parent.
    #[allow(unsafe_code)]
    pub fn next(&self) -> Option<&Self> {
        // SAFETY: children stand side by side, and this is not the last.
        (!self.last).then(|| unsafe { &*std::ptr::from_ref(self).add(1) })
    }

    /// A member of an object by name.
    pub fn member(&self, name: &[u8]) -> Option<&Self> {
        if self.kind != Kind::Object {
            return None;
        }
        self.children().iter().find(|child| child.key().is_some_and(|key| key.to_bytes() == name))
    }
}

/// What is not as it should be in a document, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// JSON path by wire names, such as `[1].order`.
    pub path: String,
    pub message: String,
}

/// A document and its values.
#[derive(Debug)]
pub struct Tree {
    pub(super) nodes: Box<[Node]>,
    /// What the values point to. Nothing here changes or moves on the heap after the index has been made.
    pub(super) _document: Bytes,
    pub(super) _texts: Box<[u8]>,
    pub(super) _names: Vec<CString>,
}

// SAFETY: the pointers lead into what the tree itself owns, and nothing changes after it has been made.
#[allow(unsafe_code)]
unsafe impl Send for Tree {}
#[allow(unsafe_code)]
unsafe impl Sync for Tree {}

impl Tree {
    /// The document.
    pub fn root(&self) -> Option<&Node> {
        self.nodes.last()
    }
}
