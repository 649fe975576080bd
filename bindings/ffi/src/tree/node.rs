//! Values, and the tree that owns them.

use bytes::Bytes;
use std::ffi::{CStr, CString, c_char};

/// Type of a value.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Timestamp,
    List,
    Object,
}

/// A value in a tree.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// A boolean, an integer, the bits of a number, or the address of a string or of the first child.
    pub(super) payload: u64,
    /// Name of the member, or null if the parent is not an object.
    pub(super) key: *const c_char,
    /// Start of the JSON text.
    pub(super) json: *const u8,
    pub(super) json_length: u32,
    /// Number of children, or of bytes in a string.
    pub(super) length: u32,
    pub(super) kind: NodeKind,
    /// Whether this is the last child of its parent.
    pub(super) last: bool,
}

impl Node {
    pub const fn kind(&self) -> NodeKind {
        self.kind
    }

    /// Number of children, or of bytes in a string.
    pub const fn length(&self) -> usize {
        self.length as usize
    }

    pub const fn boolean(&self) -> Option<bool> {
        if matches!(self.kind, NodeKind::Boolean) { Some(self.payload != 0) } else { None }
    }

    pub const fn integer(&self) -> Option<i64> {
        if matches!(self.kind, NodeKind::Integer) { Some(self.payload.cast_signed()) } else { None }
    }

    #[allow(clippy::cast_precision_loss, reason = "the caller requests a decimal number")]
    pub fn number(&self) -> Option<f64> {
        match self.kind {
            NodeKind::Number => Some(f64::from_bits(self.payload)),
            NodeKind::Integer => Some(self.payload.cast_signed() as f64),
            _ => None,
        }
    }

    /// The string with its terminating NUL.
    #[allow(unsafe_code)]
    pub fn text(&self) -> Option<&CStr> {
        if !matches!(self.kind, NodeKind::String | NodeKind::Timestamp) {
            return None;
        }
        // SAFETY: the index wrote a NUL after the string. JSON strings may contain NULs, and the `CStr` ends at the first;
        // `length` counts all bytes.
        Some(unsafe { CStr::from_ptr(self.payload as *const c_char) })
    }

    /// The whole string, including any NULs in it.
    #[allow(unsafe_code)]
    pub fn str(&self) -> Option<&str> {
        self.text()?;
        // SAFETY: the payload of a string is the address of `length` bytes that the index copied from a `str`.
        unsafe {
            let bytes = std::slice::from_raw_parts(self.payload as *const u8, self.length());
            Some(std::str::from_utf8_unchecked(bytes))
        }
    }

    #[allow(unsafe_code)]
    pub fn key(&self) -> Option<&CStr> {
        // SAFETY: a key is null or one of the tree's names, which end with a NUL.
        (!self.key.is_null()).then(|| unsafe { CStr::from_ptr(self.key) })
    }

    /// The JSON text of the value.
    #[allow(unsafe_code)]
    pub fn json(&self) -> &str {
        // SAFETY: the index took the bounds from the document, which the tree owns and which is UTF-8.
        unsafe {
            let bytes = std::slice::from_raw_parts(self.json, self.json_length as usize);
            std::str::from_utf8_unchecked(bytes)
        }
    }

    /// The items of a list or the members of an object; empty for other types.
    #[allow(unsafe_code)]
    pub fn children(&self) -> &[Self] {
        if !matches!(self.kind, NodeKind::List | NodeKind::Object) || self.length == 0 {
            return &[];
        }
        // SAFETY: the index stored `length` children at this address, in the tree that also owns this value.
        unsafe { std::slice::from_raw_parts(self.payload as *const Self, self.length()) }
    }

    /// The next child of the same parent.
    #[allow(unsafe_code)]
    pub fn next(&self) -> Option<&Self> {
        // SAFETY: children are contiguous, and this is not the last.
        (!self.last).then(|| unsafe { &*std::ptr::from_ref(self).add(1) })
    }

    /// A member of an object by name.
    pub fn member(&self, name: &[u8]) -> Option<&Self> {
        if self.kind != NodeKind::Object {
            return None;
        }
        self.children().iter().find(|child| child.key().is_some_and(|key| key.to_bytes() == name))
    }
}

/// Why a document cannot be parsed, and where.
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
    /// The buffers that the values point to. They neither change nor move after the index has been built.
    pub(super) _document: Bytes,
    pub(super) _texts: Box<[u8]>,
    pub(super) _names: Vec<CString>,
}

// SAFETY: the pointers refer to memory that the tree owns, and nothing changes after the tree has been built.
#[allow(unsafe_code)]
unsafe impl Send for Tree {}
#[allow(unsafe_code)]
unsafe impl Sync for Tree {}

impl Tree {
    /// The root value of the document.
    pub fn root(&self) -> Option<&Node> {
        self.nodes.last()
    }
}
