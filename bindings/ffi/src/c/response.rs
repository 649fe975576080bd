//! Responses

use super::client::{ccm_rate_limit, fill};
use super::failure::{CResult, Failure, quiet};
use super::handle::{borrow, handle, take};
use super::status::ccm_status;
use super::text::{find_header, header_at, milliseconds, owned_headers, tell, text};
use super::value::{ccm_value, pointer};
use crate::tree::{Tree, Value};
use bytes::Bytes;
use configcat_management::CallResponse;
use configcat_management::call::NameSearch;
use configcat_management::spec::Type;
use std::borrow::Cow;
use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::OnceLock;

/// The response to a call.
///
/// Belongs to the caller, who frees it with ccm_response_free(). Its values and strings are valid until then. It is immutable,
/// so that any thread may read it.
pub struct ccm_response {
    response: CallResponse,
    tree: Tree,
    /// Position of the item that the call looked for.
    found: Option<usize>,
    /// Headers as C strings, created on first use.
    headers: OnceLock<Vec<(CString, CString)>>,
}

handle!(ccm_response, b"ccmrespn");

impl ccm_response {
    /// Combines a response with its values.
    pub fn new((response, tree): (CallResponse, Tree)) -> Self {
        Self { response, tree, found: None, headers: OnceLock::new() }
    }

    /// Makes the item with a name the value of the response.
    pub fn find(mut self, search: &NameSearch) -> CResult<Self> {
        let items: Vec<Value<'_>> = self.tree.root().into_iter().flat_map(Value::children).collect();
        let text = |index: usize, field: &str| {
            let value = items.get(index)?.member(field.as_bytes())?;
            value.str().map(Cow::from).or_else(|| Some(value.integer()?.to_string().into()))
        };
        self.found = Some(search.pick(&self.response, items.len(), text)?);
        Ok(self)
    }

    /// The value of the response.
    fn value(&self) -> Option<Value<'_>> {
        let root = self.tree.root();
        match self.found {
            None => root,
            Some(index) => root?.children().get(index),
        }
    }

    /// Parses the values of a response by the type that the spec gives for it.
    pub fn parse(response: &CallResponse) -> CResult<Tree> {
        let body = response.bytes();
        let may_be_empty = || response.operation().is_some_and(|o| o.statuses.contains(&204));
        let tree = match response.value_type() {
            // A response without a value, according to the spec, to its status or to its headers.
            None => Tree::read(Bytes::from_static(b"null"), &Type::Any),
            Some(_) if body.is_empty() && may_be_empty() => {
                Tree::read(Bytes::from_static(b"null"), &Type::Any)
            }
            Some(_) if body.is_empty() => return Err(response.refuse(String::new(), "it is empty").into()),
            Some(ty) => {
                response.check_memory()?;
                Tree::read(body, ty)
            }
        };
        tree.map_err(|p| Failure::from(response.refuse(p.path, &p.message)))
    }

    /// The root of the values.
    pub fn root(&self) -> Option<Value<'_>> {
        self.tree.root()
    }

    /// The items of a page, if the operation is paged.
    pub fn items(&self) -> Option<Value<'_>> {
        let pages = self.response.operation()?.pages?;
        self.page()?.member(pages.items.as_bytes())
    }

    /// Whether another page follows.
    pub fn has_next(&self) -> bool {
        let paging = self.page().and_then(|page| page.member(b"paging"));
        paging.and_then(|paging| paging.member(b"has_next")).and_then(Value::boolean).unwrap_or(false)
    }

    fn page(&self) -> Option<Value<'_>> {
        let pages = self.response.operation()?.pages?;
        pages.envelope.iter().try_fold(self.tree.root()?, |node, name| node.member(name.as_bytes()))
    }

    fn headers(&self) -> &[(CString, CString)] {
        self.headers.get_or_init(|| owned_headers(self.response.headers()))
    }
}

/// Frees a response and its values. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_free(response: *mut ccm_response) {
    drop(unsafe { take(response) });
}

/// Returns the root value of the body, or the item that was found by name.
///
/// @return A value that is valid as long as the response; its type is CCM_NULL if the response has no body. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_value(response: *const ccm_response) -> *const ccm_value {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(response) }?.value())))
}

/// Returns the items of a page, for paged operations.
///
/// @return A list that is valid as long as the response; NULL for other operations.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_items(response: *const ccm_response) -> *const ccm_value {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(response) }?.items())))
}

/// Returns the HTTP status, such as 200.
///
/// @return 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_http_status(response: *const ccm_response) -> i32 {
    quiet(0, || Ok(i32::from(unsafe { borrow(response) }?.response.status())))
}

/// Returns a header of the response.
///
/// @param name Case-insensitive name, such as "content-type".
/// @return A string that is valid as long as the response; NULL if there is no such header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_header(
    response: *const ccm_response,
    name: *const c_char,
) -> *const c_char {
    quiet(ptr::null(), || {
        let name = unsafe { text(name, "name") }?;
        Ok(find_header(unsafe { borrow(response) }?.headers(), name))
    })
}

/// Returns the number of headers of the response.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_header_count(response: *const ccm_response) -> usize {
    quiet(0, || Ok(unsafe { borrow(response) }?.headers().len()))
}

/// Returns a header of the response by index.
///
/// @param index From 0 to ccm_response_header_count() - 1.
/// @param value Receives the value, which is valid as long as the response; may be NULL.
/// @return The name in lower case, which is valid as long as the response; NULL if the index is out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_header_at(
    response: *const ccm_response,
    index: usize,
    value: *mut *const c_char,
) -> *const c_char {
    quiet(ptr::null(), || Ok(unsafe { header_at(borrow(response)?.headers(), index, value) }))
}

/// Returns the unmodified body.
///
/// @param length Receives the number of bytes; may be NULL.
/// @return Bytes that are valid as long as the response and are not NUL-terminated; NULL if there is no body.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_body(
    response: *const ccm_response,
    length: *mut usize,
) -> *const c_char {
    let body = quiet(&[] as &[u8], || Ok(unsafe { borrow(response) }?.response.body()));
    unsafe { tell(length, body.len()) };
    if body.is_empty() { ptr::null() } else { body.as_ptr().cast() }
}

/// Returns the number of attempts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_attempts(response: *const ccm_response) -> u32 {
    quiet(0, || Ok(unsafe { borrow(response) }?.response.attempts()))
}

/// Returns the duration of the call, including waits and retries, in milliseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_elapsed_ms(response: *const ccm_response) -> u64 {
    quiet(0, || Ok(milliseconds(unsafe { borrow(response) }?.response.elapsed())))
}

/// Returns how long the call waited for the rate limit, in milliseconds. Part of ccm_response_elapsed_ms().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_waited_ms(response: *const ccm_response) -> u64 {
    quiet(0, || Ok(milliseconds(unsafe { borrow(response) }?.response.waited())))
}

/// Returns whether a DELETE found nothing because an earlier attempt of the same call had already deleted the resource.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_already_deleted(response: *const ccm_response) -> bool {
    quiet(false, || Ok(unsafe { borrow(response) }?.response.already_deleted()))
}

/// Returns the state of the rate limit when the response was received.
///
/// @param rate_limit Receives the state.
/// @param size sizeof(ccm_rate_limit); no bytes beyond it are written.
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_rate_limit(
    response: *const ccm_response,
    rate_limit: *mut ccm_rate_limit,
    size: usize,
) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || unsafe {
        fill(rate_limit, size, borrow(response)?.response.rate_limit().into())
    })
}
