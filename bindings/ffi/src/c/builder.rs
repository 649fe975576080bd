//! Builders: JSON without a JSON library

use super::error::ccm_error;
use super::failure::{Failure, Outcome, quiet};
use super::guard::{self, Stepwise, guard};
use super::handle::{Tag, borrow_mut, give, handle, take};
use super::status::ccm_status;
use super::text::{optional, required, tell, text};
use super::value::{ccm_timestamp, ccm_value, node};
use crate::tree::{Kind, Node};
use configcat_management::Timestamp;
use serde_json::value::RawValue;
use std::ffi::c_char;
use std::fmt::Write as _;
use std::ptr;

/// Nested deeper than this, a text is not begun.
const DEEPEST: usize = 100;

/// Writes JSON for bodies and arguments.
///
/// Made by ccm_builder_new(), which begins an object, or ccm_builder_new_list(), which begins a list; freed by
/// ccm_builder_free(). Members have names; inside a list the name is NULL. One thread at a time may use it. Every function
/// returns CCM_OK or CCM_MISUSE; the first problem is kept, and ccm_builder_finish() reports it, so that checking each call
/// is not needed. A member that is not written is absent, which differs from null.
pub struct ccm_builder {
    tag: Tag,
    json: String,
    /// What has been begun: a list or an object.
    open: Vec<Open>,
    problem: Option<String>,
}

handle!(ccm_builder, b"ccmbuild");

struct Open {
    list: bool,
    empty: bool,
}

impl ccm_builder {
    fn begun(list: bool) -> *mut Self {
        quiet(ptr::null_mut(), || {
            let mut builder =
                Self { tag: Tag::of::<Self>(), json: String::new(), open: Vec::new(), problem: None };
            builder.begin(list);
            Ok(give(builder))
        })
    }

    fn begin(&mut self, list: bool) {
        self.json.push(if list { '[' } else { '{' });
        self.open.push(Open { list, empty: true });
    }

    /// Makes room for a value: a comma, and the name in an object.
    fn place(&mut self, name: Option<&str>) -> Outcome<()> {
        let Some(open) = self.open.last_mut() else {
            return Err(Failure::misuse("everything has been ended already"));
        };
        match (open.list, name) {
            (true, Some(name)) => {
                return Err(Failure::misuse(format!("an item of a list has no name, not {name:?}")));
            }
            (false, None) => return Err(Failure::misuse("a member of an object needs a name, not NULL")),
            _ => {}
        }
        if !open.empty {
            self.json.push(',');
        }
        open.empty = false;
        if let Some(name) = name {
            self.json.push_str(&quoted(name));
            self.json.push(':');
        }
        Ok(())
    }

    /// Nothing is written after a problem: what came of it would be another text than the one that was meant.
    fn unharmed(&self) -> Outcome<()> {
        self.problem.as_ref().map_or(Ok(()), |problem| Err(Failure::misuse(problem.clone())))
    }

    fn end(&mut self) -> Outcome<()> {
        let Some(open) = self.open.pop() else {
            return Err(Failure::misuse("there is nothing left to end"));
        };
        self.json.push(if open.list { ']' } else { '}' });
        Ok(())
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl Stepwise for ccm_builder {
    fn problem(&mut self) -> &mut Option<String> {
        &mut self.problem
    }
}

unsafe fn change(
    builder: *mut ccm_builder,
    write: impl FnOnce(&mut ccm_builder) -> Outcome<()>,
) -> ccm_status {
    unsafe {
        guard::change(builder, |builder| {
            builder.unharmed()?;
            write(builder)
        })
    }
}

unsafe fn put(
    builder: *mut ccm_builder,
    name: *const c_char,
    value: impl FnOnce() -> Outcome<String>,
) -> ccm_status {
    unsafe {
        change(builder, |builder| {
            let name = optional(name, "name")?;
            let value = value()?;
            builder.place(name)?;
            builder.json.push_str(&value);
            Ok(())
        })
    }
}

/// Begins a text that is an object.
///
/// @return A builder to be freed with ccm_builder_free(); never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_builder_new() -> *mut ccm_builder {
    ccm_builder::begun(false)
}

/// Begins a text that is a list.
///
/// @return A builder to be freed with ccm_builder_free(); never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_builder_new_list() -> *mut ccm_builder {
    ccm_builder::begun(true)
}

/// Frees a builder with its text. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_free(builder: *mut ccm_builder) {
    drop(unsafe { take(builder) });
}

/// Begins an object, which ccm_builder_end() ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_begin_object(
    builder: *mut ccm_builder,
    name: *const c_char,
) -> ccm_status {
    unsafe { begin(builder, name, false) }
}

/// Begins a list, which ccm_builder_end() ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_begin_list(
    builder: *mut ccm_builder,
    name: *const c_char,
) -> ccm_status {
    unsafe { begin(builder, name, true) }
}

unsafe fn begin(builder: *mut ccm_builder, name: *const c_char, list: bool) -> ccm_status {
    unsafe {
        change(builder, |builder| {
            let name = optional(name, "name")?;
            if builder.open.len() >= DEEPEST {
                return Err(Failure::misuse(format!("it is nested more than {DEEPEST} deep")));
            }
            builder.place(name)?;
            builder.begin(list);
            Ok(())
        })
    }
}

/// Ends the object or list that was begun last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_end(builder: *mut ccm_builder) -> ccm_status {
    unsafe { change(builder, ccm_builder::end) }
}

/// Writes null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_null(builder: *mut ccm_builder, name: *const c_char) -> ccm_status {
    unsafe { put(builder, name, || Ok("null".to_owned())) }
}

/// Writes a boolean.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_boolean(
    builder: *mut ccm_builder,
    name: *const c_char,
    value: bool,
) -> ccm_status {
    unsafe { put(builder, name, || Ok(value.to_string())) }
}

/// Writes a whole number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_integer(
    builder: *mut ccm_builder,
    name: *const c_char,
    value: i64,
) -> ccm_status {
    unsafe { put(builder, name, || Ok(value.to_string())) }
}

/// Writes a decimal number: finite, and with a decimal point even when it is whole.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_number(
    builder: *mut ccm_builder,
    name: *const c_char,
    value: f64,
) -> ccm_status {
    unsafe {
        put(builder, name, || match serde_json::Number::from_f64(value) {
            Some(number) => Ok(number.to_string()),
            None => Err(Failure::misuse(format!("{value} cannot be written as JSON"))),
        })
    }
}

/// Writes a text that ends with a NUL.
///
/// @param value UTF-8; copied. NULL is a mistake: see ccm_builder_null().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_text(
    builder: *mut ccm_builder,
    name: *const c_char,
    value: *const c_char,
) -> ccm_status {
    unsafe { put(builder, name, || Ok(quoted(text(value, "value")?))) }
}

/// Writes a text of a given length, in which there may be NULs.
///
/// @param value UTF-8; copied.
/// @param length Bytes, or CCM_NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_text_n(
    builder: *mut ccm_builder,
    name: *const c_char,
    value: *const c_char,
    length: usize,
) -> ccm_status {
    unsafe {
        put(builder, name, || {
            let text = std::str::from_utf8(required(value, length, "value")?);
            text.map(quoted).map_err(|e| Failure::misuse(format!("value is not UTF-8: {e}")))
        })
    }
}

/// Writes a moment in time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_timestamp(
    builder: *mut ccm_builder,
    name: *const c_char,
    value: ccm_timestamp,
) -> ccm_status {
    unsafe {
        put(builder, name, || {
            let nanos = i128::from(value.seconds) * 1_000_000_000 + i128::from(value.nanoseconds);
            match Timestamp::from_unix_nanos(nanos).filter(|_| value.nanoseconds < 1_000_000_000) {
                Some(moment) => Ok(quoted(&moment.to_string())),
                None => Err(Failure::misuse(format!("{} s is no moment that can be written", value.seconds))),
            }
        })
    }
}

/// Writes JSON as it is given.
///
/// @param json One value; copied.
/// @param length Bytes, or CCM_NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_json(
    builder: *mut ccm_builder,
    name: *const c_char,
    json: *const c_char,
    length: usize,
) -> ccm_status {
    unsafe {
        put(builder, name, || {
            let json = serde_json::from_slice::<&RawValue>(required(json, length, "json")?);
            json.map(|json| json.get().to_owned())
                .map_err(|e| Failure::misuse(format!("json is not JSON: {e}")))
        })
    }
}

/// Writes a value that was read, so that it can be sent again: what is null is left out, and of the value of a flag its
/// variation, if it has one, else the value itself.
///
/// @param value A value of a response or document; copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_value(
    builder: *mut ccm_builder,
    name: *const c_char,
    value: *const ccm_value,
) -> ccm_status {
    unsafe {
        put(builder, name, || match node(value) {
            Some(node) => {
                let mut out = String::new();
                copy(node, &mut out);
                Ok(out)
            }
            None => Err(Failure::misuse("value is NULL")),
        })
    }
}

fn copy(node: &Node, out: &mut String) {
    match node.kind() {
        Kind::List => {
            out.push('[');
            for (i, item) in node.children().iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                copy(item, out);
            }
            out.push(']');
        }
        Kind::Object => {
            // A variation says what the value is; both at once would be one too many.
            let variation = node.member(b"predefined_variation_id").is_some_and(|v| v.kind() != Kind::Null);
            let mut first = true;
            out.push('{');
            for member in node.children() {
                let name = member.key().map(|name| name.to_string_lossy()).unwrap_or_default();
                if member.kind() == Kind::Null || (variation && name == "value") {
                    continue;
                }
                if !std::mem::take(&mut first) {
                    out.push(',');
                }
                let _ = write!(out, "{}:", quoted(&name));
                copy(member, out);
            }
            out.push('}');
        }
        Kind::Text | Kind::Timestamp => out.push_str(&quoted(node.str().unwrap_or_default())),
        Kind::Number => out.push_str(&serde_json::Value::from(node.number().unwrap_or_default()).to_string()),
        Kind::Null | Kind::Boolean | Kind::Integer => out.push_str(node.json()),
    }
}

/// Ends everything that has been begun, and gives the text.
///
/// @param json Takes the text: UTF-8 that ends with a NUL and lives until the builder is changed or freed.
/// @param length Takes the number of bytes without the NUL; may be NULL.
/// @return CCM_OK; CCM_MISUSE with the first problem of all calls before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_finish(
    builder: *mut ccm_builder,
    json: *mut *const c_char,
    length: *mut usize,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            if json.is_null() {
                return Err(Failure::misuse("json is NULL"));
            }
            json.write(ptr::null());
            tell(length, 0);
            let builder = borrow_mut(builder)?;
            builder.unharmed()?;
            while !builder.open.is_empty() {
                builder.end()?;
            }
            if !builder.json.ends_with('\0') {
                builder.json.push('\0');
            }
            json.write(builder.json.as_ptr().cast());
            tell(length, builder.json.len() - 1);
            Ok(ccm_status::CCM_OK)
        })
    }
}
