//! Tests how trees are built and traversed. Miri runs them too, and checks every pointer.

use super::{NodeKind, Tree, Value, at};
use bytes::Bytes;
use configcat_management::spec::{Operation, Type};
use std::ffi::CStr;
use std::fmt::Write as _;

fn tree(json: &str) -> Tree {
    Tree::read(Bytes::copy_from_slice(json.as_bytes()), &Type::Any).unwrap()
}

/// Visits every value as C does: the first child, then each next one.
fn visit(value: Value<'_>, out: &mut String) {
    let key = value.key().map(|key| key.to_string_lossy().into_owned()).unwrap_or_default();
    let _ = write!(out, "{key}:{:?}", value.kind());
    let _ = match value.kind() {
        NodeKind::Boolean => write!(out, "={:?} ", value.boolean().unwrap()),
        NodeKind::Integer => write!(out, "={:?} ", value.integer().unwrap()),
        NodeKind::Number => write!(out, "={:?} ", value.number().unwrap()),
        NodeKind::String => write!(out, "={:?} ", value.str().unwrap()),
        _ => write!(out, " "),
    };
    let mut child = value.children().get(0);
    while let Some(value) = child {
        visit(value, out);
        child = value.next();
    }
}

const NESTED: &str =
    r#"{"a":[1,-2.5,"x\u0000y",[],{}],"b":{"c":null,"d":[{"e":true},{"e":false}]},"f":"long enough"}"#;

const VISITED: &str = ":Object a:List :Integer=1 :Number=-2.5 :String=\"x\\0y\" :List :Object b:Object c:Null d:List \
                       :Object e:Boolean=true :Object e:Boolean=false f:String=\"long enough\" ";

#[test]
fn values_are_visited_in_document_order() {
    let tree = tree(NESTED);
    let mut out = String::new();
    visit(tree.root().unwrap(), &mut out);
    assert_eq!(out, VISITED);
}

#[test]
fn values_stay_valid_when_the_tree_moves() {
    let tree = tree(NESTED);
    let root = tree.root().unwrap().as_ptr();
    let moved = std::thread::spawn(move || Box::new(Some(tree))).join().unwrap();
    #[allow(unsafe_code, reason = "as C does")]
    // SAFETY: the tree is alive.
    let value = unsafe { Value::from_ptr(root) }.unwrap();
    let mut out = String::new();
    visit(value, &mut out);
    assert_eq!(out, VISITED);
    drop(moved);
}

#[test]
fn children_are_found_by_index_and_name() {
    let tree = tree(NESTED);
    let root = tree.root().unwrap();
    let list = root.member(b"a").unwrap();
    assert_eq!((list.children().len(), list.children().is_empty()), (5, false));
    let text = list.children().get(2).and_then(Value::text).unwrap();
    #[allow(unsafe_code, reason = "as C does")]
    // SAFETY: a NUL follows the string.
    let text = unsafe { CStr::from_ptr(text.cast()) };
    assert_eq!(text.to_bytes(), b"x");
    assert_eq!(list.children().get(4).map(Value::json), Some("{}"));
    assert!(list.children().get(5).is_none() && list.children().get(usize::MAX).is_none());
    assert_eq!(list.children().filter_map(Value::number).collect::<Vec<_>>(), [1.0, -2.5]);
    assert_eq!(at(root, "b.d[1].e").and_then(Value::boolean), Some(false));
    assert!(root.member(b"g").is_none() && at(root, "b.d[2]").is_none());
    assert!(root.next().is_none());
}

#[test]
fn responses_of_the_spec_become_trees() {
    let operations = configcat_management::operations::ALL.iter();
    let list: &Operation = operations.copied().find(|operation| operation.id == "tags.list").unwrap();
    let body = r#"[{"product":{"organization":{"organizationId":"6a7e7ba5-5a60-4e1a-8a0a-b4e9e1b7a4c2","name":"Us"},"productId":"6a7e7ba5-5a60-4e1a-8a0a-b4e9e1b7a4c2","name":"Shop","description":null,
        "order":0,"reasonRequired":true,"approveRequired":false},"tagId":1,"name":"a","color":null,"later":{"added":[1]}}]"#;
    let tree = Tree::read(Bytes::from_static(body.as_bytes()), list.response.as_ref().unwrap()).unwrap();
    let tag = tree.root().unwrap().children().get(0).unwrap();
    assert_eq!(tag.member(b"tag_id").and_then(Value::integer), Some(1));
    assert_eq!(at(tag, "product.reason_required").and_then(Value::boolean), Some(true));
    assert_eq!(at(tag, "later.added[0]").and_then(Value::integer), Some(1));
}

#[test]
fn problem_path_has_the_index_of_the_item() {
    let list = Type::List(&Type::List(&Type::Boolean));
    let json = Bytes::from_static(b"[[true],[true,false,true,1]]");
    let problem = Tree::read(json, &list).map(|_| ()).unwrap_err();
    assert_eq!(problem.path, "[1][3]");
}

#[test]
fn documents_without_children_become_trees() {
    for (json, kind) in [("null", NodeKind::Null), ("[]", NodeKind::List), ("\"\"", NodeKind::String)] {
        let tree = tree(json);
        let root = tree.root().unwrap();
        assert_eq!((root.kind(), root.json(), root.length()), (kind, json, 0));
        assert!(root.children().get(0).is_none() && root.children().next().is_none());
    }
}

#[test]
fn rejected_documents_free_what_they_built() {
    for json in ["", "[1,", "{\"a\":[1,{\"b\":\"c\"", "[[[1]]]]", "\"\\ud800\""] {
        assert!(Tree::read(Bytes::copy_from_slice(json.as_bytes()), &Type::Any).is_err(), "{json}");
    }
}
