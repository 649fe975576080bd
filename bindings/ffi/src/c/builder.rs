//! Builders: write JSON without a JSON library

use super::error::ccm_error;
use super::failure::{CResult, Failure, quiet};
use super::guard::{self, Stepwise, guard};
use super::handle::{borrow_mut, give, handle, take};
use super::status::ccm_status;
use super::text::{optional, required, tell, text};
use super::value::{ccm_timestamp, ccm_value, node};
use crate::tree::{NodeKind, Value};
use configcat_management::Timestamp;
use serde_json::value::RawValue;
use std::ffi::c_char;
use std::fmt::Write as _;
use std::ptr;

/// Maximum nesting depth of the JSON.
const DEEPEST: usize = 100;

/// Writes JSON for bodies and arguments.
///
/// Created by ccm_builder_new(), which begins an object, or ccm_builder_new_list(), which begins a list; freed by
/// ccm_builder_free(). Members of objects have names; for items of lists, the name is NULL. One thread at a time may use it.
/// Every function returns CCM_OK or CCM_MISUSE. ccm_builder_finish() reports the first problem, so that not every call has to
/// be checked. A member that is not written is absent, which differs from null.
pub struct ccm_builder {
    json: String,
    /// Open lists and objects, from the outermost.
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
            let mut builder = Self { json: String::new(), open: Vec::new(), problem: None };
            builder.begin(list);
            Ok(give(builder))
        })
    }

    fn begin(&mut self, list: bool) {
        self.json.push(if list { '[' } else { '{' });
        self.open.push(Open { list, empty: true });
    }

    /// Writes what precedes a value: a comma, and the name in an object.
    fn begin_value(&mut self, name: Option<&str>) -> CResult<()> {
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

    /// Fails after a problem, because further output would differ from what the caller intends.
    fn check_problem(&self) -> CResult<()> {
        self.problem.as_ref().map_or(Ok(()), |problem| Err(Failure::misuse(problem.clone())))
    }

    fn end(&mut self) -> CResult<()> {
        let Some(open) = self.open.pop() else {
            return Err(Failure::misuse("no list or object is open"));
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
    write: impl FnOnce(&mut ccm_builder) -> CResult<()>,
) -> ccm_status {
    unsafe {
        guard::change(builder, |builder| {
            builder.check_problem()?;
            write(builder)
        })
    }
}

unsafe fn put(
    builder: *mut ccm_builder,
    name: *const c_char,
    value: impl FnOnce() -> CResult<String>,
) -> ccm_status {
    unsafe {
        change(builder, |builder| {
            let name = optional(name, "name")?;
            let value = value()?;
            builder.begin_value(name)?;
            builder.json.push_str(&value);
            Ok(())
        })
    }
}

/// Creates a builder for a JSON object.
///
/// @return A builder to be freed with ccm_builder_free(); never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_builder_new() -> *mut ccm_builder {
    ccm_builder::begun(false)
}

/// Creates a builder for a JSON list.
///
/// @return A builder to be freed with ccm_builder_free(); never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn ccm_builder_new_list() -> *mut ccm_builder {
    ccm_builder::begun(true)
}

/// Frees a builder and its JSON. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_free(builder: *mut ccm_builder) {
    drop(unsafe { take(builder) });
}

/// Begins an object, to be ended with ccm_builder_end().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_begin_object(
    builder: *mut ccm_builder,
    name: *const c_char,
) -> ccm_status {
    unsafe { begin(builder, name, false) }
}

/// Begins a list, to be ended with ccm_builder_end().
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
            builder.begin_value(name)?;
            builder.begin(list);
            Ok(())
        })
    }
}

/// Ends the innermost open object or list.
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

/// Writes an integer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_integer(
    builder: *mut ccm_builder,
    name: *const c_char,
    value: i64,
) -> ccm_status {
    unsafe { put(builder, name, || Ok(value.to_string())) }
}

/// Writes a decimal number, which must be finite. Whole numbers get a decimal point too.
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

/// Writes a NUL-terminated string.
///
/// @param value UTF-8; copied. Must not be NULL; see ccm_builder_null().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_string(
    builder: *mut ccm_builder,
    name: *const c_char,
    value: *const c_char,
) -> ccm_status {
    unsafe { put(builder, name, || Ok(quoted(text(value, "value")?))) }
}

/// Writes a string of a given length, which may contain NULs.
///
/// @param value UTF-8; copied.
/// @param length Length in bytes, or CCM_NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_builder_string_n(
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

/// Writes a timestamp.
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
                Some(timestamp) => Ok(quoted(&timestamp.to_string())),
                None => {
                    Err(Failure::misuse(format!("invalid timestamp: {} s is out of range", value.seconds)))
                }
            }
        })
    }
}

/// Writes JSON text unchanged.
///
/// @param json One JSON value; copied.
/// @param length Length in bytes, or CCM_NUL.
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

/// Writes a value from a response so that it can be sent back. Members that are null are left out. For a flag value with a
/// predefined variation, only the variation is written.
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

fn copy(node: Value<'_>, out: &mut String) {
    match node.kind() {
        NodeKind::List => {
            out.push('[');
            for (i, item) in node.children().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                copy(item, out);
            }
            out.push(']');
        }
        NodeKind::Object => {
            // A variation determines the value; a request must not contain both.
            let variation =
                node.member(b"predefined_variation_id").is_some_and(|v| v.kind() != NodeKind::Null);
            let mut first = true;
            out.push('{');
            for member in node.children() {
                let name = member.key().map(|name| name.to_string_lossy()).unwrap_or_default();
                if member.kind() == NodeKind::Null || (variation && name == "value") {
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
        NodeKind::String | NodeKind::Timestamp => out.push_str(&quoted(node.str().unwrap_or_default())),
        NodeKind::Number => {
            out.push_str(&serde_json::Value::from(node.number().unwrap_or_default()).to_string())
        }
        NodeKind::Null | NodeKind::Boolean | NodeKind::Integer => out.push_str(node.json()),
    }
}

/// Ends all open objects and lists, and returns the JSON.
///
/// @param json Receives the JSON: NUL-terminated UTF-8 that is valid until the builder is changed or freed.
/// @param length Receives the number of bytes without the terminating NUL; may be NULL.
/// @return CCM_OK; CCM_MISUSE with the first problem of all previous calls.
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
            builder.check_problem()?;
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
