//! Responses

use super::client::{ccm_rate_limit, fill};
use super::failure::{Failure, Outcome, quiet};
use super::handle::{Tag, borrow, handle, take};
use super::status::ccm_status;
use super::text::{milliseconds, owned, tell, text};
use super::value::{ccm_value, pointer};
use crate::tree::{Node, Tree};
use bytes::Bytes;
use configcat_management::CallResponse;
use configcat_management::spec::Type;
use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::OnceLock;

/// The answer to a call.
///
/// Belongs to the caller, who frees it with ccm_response_free(); its values and texts live as long. It does not change, so
/// that any thread may read it.
pub struct ccm_response {
    tag: Tag,
    answer: CallResponse,
    tree: Tree,
    /// Headers for C, made when somebody asks.
    headers: OnceLock<Vec<(CString, CString)>>,
}

handle!(ccm_response, b"ccmrespn");

impl ccm_response {
    /// Reads an answer by its description.
    pub fn of(answer: CallResponse) -> Outcome<Self> {
        let operation = answer.operation();
        let body = answer.bytes();
        let tree = match &operation.answer {
            // A success that has nothing to say, by its description or by its status.
            None => Tree::read(Bytes::from_static(b"null"), &Type::Any),
            Some(_) if body.is_empty() && operation.statuses.contains(&204) => {
                Tree::read(Bytes::from_static(b"null"), &Type::Any)
            }
            Some(_) if body.is_empty() => return Err(answer.refuse(String::new(), "it is empty").into()),
            Some(ty) => Tree::read(body, ty),
        };
        let tree = tree.map_err(|p| Failure::from(answer.refuse(p.path, &p.message)))?;
        Ok(Self { tag: Tag::of::<Self>(), answer, tree, headers: OnceLock::new() })
    }

    /// The items of a page, if the operation answers page by page.
    pub fn items(&self) -> Option<&Node> {
        let pages = self.answer.operation().pages?;
        self.page()?.member(pages.items.as_bytes())
    }

    /// Whether another page follows.
    pub fn has_next(&self) -> bool {
        let paging = self.page().and_then(|page| page.member(b"paging"));
        paging.and_then(|paging| paging.member(b"has_next")).and_then(Node::boolean).unwrap_or(false)
    }

    fn page(&self) -> Option<&Node> {
        let pages = self.answer.operation().pages?;
        pages.envelope.iter().try_fold(self.tree.root()?, |node, name| node.member(name.as_bytes()))
    }

    fn headers(&self) -> &[(CString, CString)] {
        self.headers.get_or_init(|| {
            let headers = self.answer.headers().iter();
            headers
                .map(|(name, value)| {
                    (owned(name.as_str()), owned(&String::from_utf8_lossy(value.as_bytes())))
                })
                .collect()
        })
    }
}

/// Frees a response with its values. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_free(response: *mut ccm_response) {
    drop(unsafe { take(response) });
}

/// What the service answered.
///
/// @return A value that lives as long as the response; CCM_NULL when the answer has no body. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_value(response: *const ccm_response) -> *const ccm_value {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(response) }?.tree.root())))
}

/// The items of a page, for operations that answer page by page.
///
/// @return A list that lives as long as the response, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_items(response: *const ccm_response) -> *const ccm_value {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(response) }?.items())))
}

/// HTTP status, such as 200.
///
/// @return 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_http_status(response: *const ccm_response) -> i32 {
    quiet(0, || Ok(i32::from(unsafe { borrow(response) }?.answer.status())))
}

/// A header of the answer.
///
/// @param name In any case, such as "content-type".
/// @return A text that lives as long as the response; NULL when there is no such header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_header(
    response: *const ccm_response,
    name: *const c_char,
) -> *const c_char {
    quiet(ptr::null(), || {
        let name = unsafe { text(name, "name") }?;
        let headers = unsafe { borrow(response) }?.headers();
        let found = headers.iter().find(|(other, _)| other.as_bytes().eq_ignore_ascii_case(name.as_bytes()));
        Ok(found.map_or(ptr::null(), |(_, value)| value.as_ptr()))
    })
}

/// How many headers the answer has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_header_count(response: *const ccm_response) -> usize {
    quiet(0, || Ok(unsafe { borrow(response) }?.headers().len()))
}

/// A header of the answer by its place.
///
/// @param index From 0 to ccm_response_header_count() - 1.
/// @param value Takes the value, which lives as long as the response; may be NULL.
/// @return The name in lower case, which lives as long as the response; NULL beyond the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_header_at(
    response: *const ccm_response,
    index: usize,
    value: *mut *const c_char,
) -> *const c_char {
    quiet(ptr::null(), || {
        let found = unsafe { borrow(response) }?.headers().get(index);
        if !value.is_null() {
            // SAFETY: not NULL, and the caller's own place for one value, as the header asks.
            unsafe { value.write(found.map_or(ptr::null(), |(_, value)| value.as_ptr())) };
        }
        Ok(found.map_or(ptr::null(), |(name, _)| name.as_ptr()))
    })
}

/// The body as it came.
///
/// @param length Takes the number of bytes; may be NULL.
/// @return Bytes that live as long as the response and do not end with a NUL; NULL when there is no body.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_body(
    response: *const ccm_response,
    length: *mut usize,
) -> *const c_char {
    let body = quiet(&[] as &[u8], || Ok(unsafe { borrow(response) }?.answer.body()));
    unsafe { tell(length, body.len()) };
    if body.is_empty() { ptr::null() } else { body.as_ptr().cast() }
}

/// How often the request was sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_attempts(response: *const ccm_response) -> u32 {
    quiet(0, || Ok(unsafe { borrow(response) }?.answer.attempts()))
}

/// How long the call took, with waits and retries, in milliseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_elapsed_ms(response: *const ccm_response) -> u64 {
    quiet(0, || Ok(milliseconds(unsafe { borrow(response) }?.answer.elapsed())))
}

/// How much of that was spent waiting for the rate limit, in milliseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_waited_ms(response: *const ccm_response) -> u64 {
    quiet(0, || Ok(milliseconds(unsafe { borrow(response) }?.answer.waited())))
}

/// Whether a deletion found nothing because an earlier attempt of the same call had already done it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_already_deleted(response: *const ccm_response) -> bool {
    quiet(false, || Ok(unsafe { borrow(response) }?.answer.already_deleted()))
}

/// What the client knew of the rate limit when the answer was in.
///
/// @param size sizeof(ccm_rate_limit): what lies beyond it is left alone.
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_response_rate_limit(
    response: *const ccm_response,
    rate_limit: *mut ccm_rate_limit,
    size: usize,
) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || unsafe {
        fill(rate_limit, size, borrow(response)?.answer.rate_limit().into())
    })
}
