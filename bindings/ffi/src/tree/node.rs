//! Values, and the tree that owns them.
//!
//! `cargo xtask verify miri` checks that every access is covered by the pointer that it uses.

use bytes::Bytes;
use std::ffi::{CStr, CString, c_char};
use std::marker::PhantomData;
use std::ptr::NonNull;

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

/// Contents of a value; which member is set depends on its type.
#[derive(Clone, Copy)]
pub(super) union Payload {
    /// A boolean, an integer, or the bits of a decimal number. Also the position of a string or of the first child while the
    /// tree is being built.
    pub bits: u64,
    /// Start of a string.
    pub text: *const u8,
    /// First child of a list or object.
    pub first: *const Node,
}

/// A value as it is stored in a tree.
#[derive(Clone, Copy)]
pub struct Node {
    pub(super) payload: Payload,
    /// Name of the member, or null if the parent is not an object.
    pub(super) key: *const c_char,
    /// Start of the JSON text.
    pub(super) json: *const u8,
    /// Length of the name in bytes.
    pub(super) key_length: u32,
    pub(super) json_length: u32,
    /// Number of children, or of bytes in a string.
    pub(super) length: u32,
    pub(super) kind: NodeKind,
    /// Whether this is the last child of its parent.
    pub(super) last: bool,
}

/// A value in a tree.
///
/// A pointer and not a reference: it is valid for the values beside it too, which [`next`](Self::next) returns.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    node: NonNull<Node>,
    tree: PhantomData<&'a Tree>,
}

/// The children of a value.
#[derive(Clone, Copy)]
pub struct Children<'a> {
    /// The first child, unless there are none.
    first: Option<Value<'a>>,
    length: usize,
}

#[allow(unsafe_code, reason = "a tree consists of pointers")]
impl<'a> Value<'a> {
    /// Converts a pointer to a value; null is none.
    ///
    /// # Safety
    /// The pointer is null, or one that [`as_ptr`](Self::as_ptr) returned for a tree that outlives `'a`.
    pub unsafe fn from_ptr(pointer: *const Node) -> Option<Self> {
        NonNull::new(pointer.cast_mut()).map(|node| Self { node, tree: PhantomData })
    }

    pub const fn as_ptr(self) -> *const Node {
        self.node.as_ptr()
    }

    const fn get(self) -> &'a Node {
        // SAFETY: the tree outlives `'a`, and its values never change.
        unsafe { self.node.as_ref() }
    }

    pub const fn kind(self) -> NodeKind {
        self.get().kind
    }

    /// Number of children, or of bytes in a string.
    pub const fn length(self) -> usize {
        self.get().length as usize
    }

    const fn bits(self) -> u64 {
        // SAFETY: only called for types whose payload is a number.
        unsafe { self.get().payload.bits }
    }

    pub const fn boolean(self) -> Option<bool> {
        if matches!(self.kind(), NodeKind::Boolean) { Some(self.bits() != 0) } else { None }
    }

    pub const fn integer(self) -> Option<i64> {
        if matches!(self.kind(), NodeKind::Integer) { Some(self.bits().cast_signed()) } else { None }
    }

    #[allow(clippy::cast_precision_loss, reason = "the caller requests a decimal number")]
    pub const fn number(self) -> Option<f64> {
        match self.kind() {
            NodeKind::Number => Some(f64::from_bits(self.bits())),
            NodeKind::Integer => Some(self.bits().cast_signed() as f64),
            _ => None,
        }
    }

    /// Address of the string, after which there is a NUL. JSON strings may contain NULs; `length` counts all bytes.
    pub fn text(self) -> Option<*const u8> {
        let is_text = matches!(self.kind(), NodeKind::String | NodeKind::Timestamp);
        // SAFETY: the payload of these types is the address of a string.
        is_text.then(|| unsafe { self.get().payload.text })
    }

    /// The whole string, including any NULs in it.
    pub fn str(self) -> Option<&'a str> {
        // SAFETY: the payload of a string is the address of `length` bytes that the index copied from a `str`.
        self.text().map(|bytes| unsafe {
            std::str::from_utf8_unchecked(std::slice::from_raw_parts(bytes, self.length()))
        })
    }

    pub fn key(self) -> Option<&'a CStr> {
        let Node { key, key_length, .. } = *self.get();
        // SAFETY: a key is null or one of the tree's names, which have this length and end with the only NUL in them.
        (!key.is_null()).then(|| unsafe {
            let bytes = std::slice::from_raw_parts(key.cast(), key_length as usize + 1);
            CStr::from_bytes_with_nul_unchecked(bytes)
        })
    }

    /// The JSON text of the value.
    pub fn json(self) -> &'a str {
        // SAFETY: the index took the bounds from the document, which the tree owns and which is UTF-8.
        unsafe {
            let bytes = std::slice::from_raw_parts(self.get().json, self.get().json_length as usize);
            std::str::from_utf8_unchecked(bytes)
        }
    }

    /// The items of a list or the members of an object; empty for other types.
    pub fn children(self) -> Children<'a> {
        if !matches!(self.kind(), NodeKind::List | NodeKind::Object) || self.length() == 0 {
            return Children { first: None, length: 0 };
        }
        // SAFETY: the payload of these types is the address of `length` children in the same tree.
        Children { first: unsafe { Self::from_ptr(self.get().payload.first) }, length: self.length() }
    }

    /// The next child of the same parent.
    pub fn next(self) -> Option<Self> {
        // SAFETY: children are contiguous, this is not the last, and the pointer is valid for all values of the tree.
        (!self.get().last).then(|| Self { node: unsafe { self.node.add(1) }, ..self })
    }

    /// A member of an object by name.
    pub fn member(self, name: &[u8]) -> Option<Self> {
        if self.kind() != NodeKind::Object {
            return None;
        }
        // Most lengths differ, so that most names are not read.
        let matches = |child: &Self| child.get().key_length as usize == name.len();
        self.children().filter(matches).find(|child| child.key().is_some_and(|key| key.to_bytes() == name))
    }
}

impl<'a> Children<'a> {
    #[allow(unsafe_code, reason = "a tree consists of pointers")]
    pub fn get(self, index: usize) -> Option<Value<'a>> {
        let first = self.first.filter(|_| index < self.length)?;
        // SAFETY: there are `length` contiguous children, and the pointer is valid for all values of the tree.
        Some(Value { node: unsafe { first.node.add(index) }, ..first })
    }

    pub const fn len(self) -> usize {
        self.length
    }

    pub const fn is_empty(self) -> bool {
        self.length == 0
    }
}

impl<'a> Iterator for Children<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let child = self.first?;
        self.first = child.next();
        self.length -= 1;
        Some(child)
    }
}

/// A document and its values.
///
/// The values point into these buffers, which are vectors because, unlike those of a `Box`, their contents may be reached by
/// other pointers when they are moved.
pub struct Tree {
    /// All values. The children of each are contiguous; the root is the last.
    nodes: Vec<Node>,
    // Buffers that the values point to. They neither change nor move.
    _texts: Vec<u8>,
    _document: Bytes,
    _names: Vec<CString>,
}

// SAFETY: the pointers refer to memory that the tree owns, and nothing changes after the tree has been built.
#[allow(unsafe_code)]
unsafe impl Send for Tree {}
#[allow(unsafe_code)]
unsafe impl Sync for Tree {}

#[allow(unsafe_code, reason = "a tree consists of pointers")]
impl Tree {
    /// Builds a tree from its values, in whose payloads strings and children are positions in `texts` and `nodes`. The document
    /// and the names are the buffers that the other pointers refer to.
    pub(super) fn new(
        mut nodes: Vec<Node>,
        mut texts: Vec<u8>,
        document: Bytes,
        names: Vec<CString>,
    ) -> Self {
        // A little unused memory costs less than what the system's allocator does for the next tree if this one's memory
        // was shortened: it frees shortened memory to the system, and zeroes all of the next.
        if nodes.capacity() - nodes.len() > nodes.len() / 8 {
            nodes.shrink_to_fit();
        }
        texts.shrink_to_fit();
        let (first, text) = (nodes.as_mut_ptr(), texts.as_mut_ptr());
        for i in 0..nodes.len() {
            // SAFETY: positions are within the buffers, which do not change or move any more.
            unsafe {
                let node = first.add(i);
                let position = |bits: u64| usize::try_from(bits).unwrap_or_default();
                match (*node).kind {
                    NodeKind::String | NodeKind::Timestamp => {
                        (*node).payload.text = text.add(position((*node).payload.bits));
                    }
                    NodeKind::List | NodeKind::Object => {
                        (*node).payload.first = first.add(position((*node).payload.bits));
                    }
                    NodeKind::Null | NodeKind::Boolean | NodeKind::Integer | NodeKind::Number => {}
                }
            }
        }
        Self { nodes, _texts: texts, _document: document, _names: names }
    }

    /// The root value of the document.
    pub fn root(&self) -> Option<Value<'_>> {
        let last = self.nodes.len().checked_sub(1)?;
        // SAFETY: the position is that of the last value. Unlike a reference to it, the pointer is valid for all values.
        let root = unsafe { self.nodes.as_ptr().add(last) };
        NonNull::new(root.cast_mut()).map(|node| Value { node, tree: PhantomData })
    }
}
