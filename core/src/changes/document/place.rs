//! Finds the line of a mistake. A document is read without places, because they cost time and memory; only if something is wrong
//! is it read again.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use std::fmt;

/// A part of a document with the places of what it consists of.
#[derive(Default)]
enum Node {
    Map(Vec<(String, Spanned<Node>)>),
    List(Vec<Spanned<Node>>),
    #[default]
    Scalar,
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

macro_rules! scalar {
    ($($method:ident: $ty:ty),+) => {$(
        fn $method<E>(self, _: $ty) -> Result<Node, E> {
            Ok(Node::Scalar)
        }
    )+};
}

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    scalar!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            members.push((name, map.next_value()?));
        }
        Ok(Node::Map(members))
    }
}

/// Returns `line 3, column 5` for the path at the beginning of a message.
pub(super) fn find(text: &str, message: &str) -> Option<String> {
    let options = super::yaml::yaml_options(text.len());
    let root: Spanned<Node> = serde_saphyr::from_str_with_options(text, options).ok()?;
    // A message without a path is about the document as a whole.
    let mut rest = message;
    let mut at = &root;
    loop {
        let next = match &at.value {
            Node::Map(members) => members.iter().find_map(|(name, value)| {
                let after = rest.strip_prefix(name.as_str())?;
                after.starts_with(['.', '[', ':']).then_some((value, after))
            }),
            Node::List(items) => rest.strip_prefix('[').and_then(|inner| {
                let (index, after) = inner.split_once(']')?;
                Some((items.get(index.parse::<usize>().ok()?)?, after))
            }),
            Node::Scalar => None,
        };
        let Some((value, after)) = next else { break };
        at = value;
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    let place = at.referenced;
    Some(format!("line {}, column {}", place.line(), place.column()))
}
