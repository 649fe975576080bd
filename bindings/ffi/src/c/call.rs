//! Calls: operations by name, and what the typed functions have in common

use super::client::{Shared, ccm_client, shared};
use super::completion::{Callback, End, ccm_callback};
use super::error::ccm_error;
use super::failure::{Failure, Outcome, caught};
use super::guard::{guard, hand_out};
use super::handle::{give, optional};
use super::params::ccm_params;
use super::pending::{Promise, ccm_pending};
use super::queue::Shared as Queue;
use super::response::ccm_response;
use super::runtime::runtime;
use super::status::ccm_status;
use super::text::{data, text};
use configcat_management::call::CallInput;
use configcat_management::spec::Operation;
use configcat_management::{CallOptions, CallResponse, Error, operations};
use serde_json::Value;
use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::{Arc, mpsc};
use tokio::runtime::Handle;

/// An answer larger than this, in bytes, is read aside, so that other calls need not wait for it.
const LARGE: usize = 256 << 10;

/// An argument of a typed function.
pub enum Given {
    Text(*const c_char),
    Integer(i64),
}

/// The body of a typed function: a pointer and a length.
pub type Document = Option<(*const c_char, usize)>;

/// A call that is ready to go.
struct Call {
    client: Arc<Shared>,
    input: CallInput,
    options: CallOptions,
    queue: Option<Arc<Queue>>,
}

fn bad_json(operation: &Operation, what: &str, error: &serde_json::Error) -> Failure {
    let message = format!("{}: {what} is not JSON: {error}", operation.id);
    Failure::new(ccm_status::CCM_BAD_REQUEST, message)
}

impl Call {
    unsafe fn typed(
        operation: &'static Operation,
        client: *const ccm_client,
        given: &[Given],
        body: Document,
        params: *const ccm_params,
    ) -> Outcome<Self> {
        let client = unsafe { shared(client) }?;
        let mut input = CallInput::new(operation);
        for (parameter, given) in operation.path_parameters().zip(given) {
            let value: Value = match given {
                Given::Text(pointer) => unsafe { text(*pointer, parameter.name) }?.into(),
                Given::Integer(number) => (*number).into(),
            };
            input.set_parameter(parameter.name, value)?;
        }
        if let Some((pointer, length)) = body
            && let Some(bytes) = unsafe { data(pointer, length, "body") }?
        {
            let json: Value =
                serde_json::from_slice(bytes).map_err(|e| bad_json(operation, "the body", &e))?;
            input.set_body(json)?;
        }
        unsafe { Self::finish(client, input, params) }
    }

    unsafe fn named(
        client: *const ccm_client,
        operation: *const c_char,
        given: Document,
        params: *const ccm_params,
    ) -> Outcome<Self> {
        let client = unsafe { shared(client) }?;
        let operation = unsafe { find(operation) }?;
        let input = unsafe { named(operation, given) }?;
        unsafe { Self::finish(client, input, params) }
    }

    unsafe fn finish(client: Arc<Shared>, mut input: CallInput, params: *const ccm_params) -> Outcome<Self> {
        let (mut options, mut queue) = (CallOptions::default(), None);
        if let Some(params) = unsafe { optional(params) }? {
            options = params.apply(&mut input)?;
            queue.clone_from(&params.queue);
        }
        Ok(Self { client, input, options, queue })
    }

    /// Makes the call and waits for its end.
    fn run(self) -> Outcome<ccm_response> {
        if Handle::try_current().is_ok() {
            return Err(Failure::misuse(format!(
                "{} was called inside a callback on a thread of the library, which would wait for itself: start it",
                self.input.operation().id
            )));
        }
        let client = self.client.client()?;
        let (told, end) = mpsc::sync_channel(1);
        // The threads of the library do what may raise a signal; this one only waits.
        runtime()?.spawn(async move {
            let _ = told.send(client.call(self.input, self.options).await);
        });
        let answer = end.recv().unwrap_or_else(|_| Err(Error::cancelled("the library was shut down")))?;
        ccm_response::of(answer)
    }

    /// Starts the call.
    fn start(self, callback: Callback) -> Outcome<ccm_pending> {
        let client = self.client.client()?;
        let runtime = runtime()?;
        let end = Arc::new(End::default());
        let ticket = match self.queue {
            Some(queue) => Some((queue.expect()?, queue)),
            None => None,
        };
        let queued = ticket.clone();
        let promise = Promise::new(callback, Arc::clone(&end), ticket);
        // The client lives until its calls have ended.
        let keep = self.client;
        let running = runtime.spawn(async move {
            let outcome = match client.call(self.input, self.options).await {
                Ok(answer) => read(answer).await,
                Err(error) => Err(error.into()),
            };
            promise.keep(outcome);
            drop(client);
            drop(keep);
        });
        let abort = running.abort_handle();
        if let Some((number, queue)) = queued {
            queue.can_abort(number, abort.clone());
        }
        Ok(ccm_pending::new(abort, end))
    }
}

async fn read(answer: CallResponse) -> Outcome<ccm_response> {
    if answer.body().len() <= LARGE {
        return caught(|| ccm_response::of(answer));
    }
    let reading = tokio::task::spawn_blocking(|| caught(|| ccm_response::of(answer)));
    reading.await.unwrap_or_else(|_| Err(Error::cancelled("the library was shut down").into()))
}

/// Input from named arguments, a JSON object; empty without one.
pub unsafe fn named(operation: &'static Operation, given: Document) -> Outcome<CallInput> {
    let given = match given {
        Some((pointer, length)) => unsafe { data(pointer, length, "arguments") }?,
        None => None,
    };
    let given = match given.map(serde_json::from_slice).transpose() {
        Ok(None) => serde_json::Map::new(),
        Ok(Some(Value::Object(given))) => given,
        Ok(Some(_)) => {
            let message = format!("{}: the arguments are not a JSON object", operation.id);
            return Err(Failure::new(ccm_status::CCM_BAD_REQUEST, message));
        }
        Err(error) => return Err(bad_json(operation, "the text of the arguments", &error)),
    };
    Ok(CallInput::named(operation, given)?)
}

/// Finds an operation by name.
pub unsafe fn find(name: *const c_char) -> Outcome<&'static Operation> {
    let name = unsafe { text(name, "operation") }?;
    operations::find(name).ok_or_else(|| {
        let message = format!("there is no operation {name:?}; ccm_describe(NULL, ...) lists them");
        Failure::new(ccm_status::CCM_BAD_REQUEST, message)
    })
}

unsafe fn hand_over(
    response: *mut *mut ccm_response,
    call: impl FnOnce() -> Outcome<Call>,
) -> Outcome<ccm_status> {
    if !response.is_null() {
        // SAFETY: not NULL, and the caller's own place for one value, as the header asks.
        unsafe { response.write(ptr::null_mut()) };
    }
    let answer = call()?.run()?;
    if !response.is_null() {
        // SAFETY: not NULL, and the caller's own place for one value, as the header asks.
        unsafe { response.write(give(answer)) };
    }
    Ok(ccm_status::CCM_OK)
}

unsafe fn hand_pending(
    callback: ccm_callback,
    user_data: *mut c_void,
    pending: *mut *mut ccm_pending,
    call: impl FnOnce() -> Outcome<Call>,
) -> Outcome<ccm_status> {
    if !pending.is_null() {
        unsafe { hand_out(pending, "pending") }?;
    }
    let callback = Callback::of(callback, user_data)?;
    let started = call()?.start(callback)?;
    if !pending.is_null() {
        // SAFETY: not NULL, and the caller's own place for one value, as the header asks.
        unsafe { pending.write(give(started)) };
    }
    Ok(ccm_status::CCM_OK)
}

/// What the typed functions do.
pub unsafe fn blocking(
    operation: &'static Operation,
    client: *const ccm_client,
    given: &[Given],
    body: Document,
    params: *const ccm_params,
    response: *mut *mut ccm_response,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe { guard(error, || hand_over(response, || Call::typed(operation, client, given, body, params))) }
}

/// What the typed functions do that end in `_start`.
#[allow(clippy::too_many_arguments, reason = "what a typed function is given")]
pub unsafe fn start(
    operation: &'static Operation,
    client: *const ccm_client,
    given: &[Given],
    body: Document,
    params: *const ccm_params,
    callback: ccm_callback,
    user_data: *mut c_void,
    pending: *mut *mut ccm_pending,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            let call = || Call::typed(operation, client, given, body, params);
            hand_pending(callback, user_data, pending, call)
        })
    }
}

/// Calls an operation by name and waits for its answer: for programs that bind another language, or that learn at run time
/// what to call. ccm_describe() tells what there is.
///
/// @param client The client.
/// @param operation Such as "products.list", or the service's own name ("get-products").
/// @param arguments A JSON object with parameters by name (snake_case or as on the wire), and the fields of the body beside
///        them; a JSON Patch stands under "patch", a whole body may stand under "body" instead. NULL for none.
/// @param arguments_length Bytes, or CCM_NUL.
/// @param params Bounds and further parameters; may be NULL.
/// @param response Takes the answer, to be freed with ccm_response_free(); may be NULL.
/// @param error Takes the reason of a failure; may be NULL.
/// @return CCM_OK, or whatever keeps the call from succeeding.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_call(
    client: *const ccm_client,
    operation: *const c_char,
    arguments: *const c_char,
    arguments_length: usize,
    params: *const ccm_params,
    response: *mut *mut ccm_response,
    error: *mut *mut ccm_error,
) -> ccm_status {
    let given = Some((arguments, arguments_length));
    unsafe { guard(error, || hand_over(response, || Call::named(client, operation, given, params))) }
}

/// Starts an operation by name; see ccm_call().
///
/// @param callback Told once of the end, unless this function fails; perhaps before this function returns.
/// @param user_data Passed on as it is.
/// @param pending Takes a handle by which to cancel, to be freed with ccm_pending_free(); may be NULL.
/// @return CCM_OK when the call is under way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_call_start(
    client: *const ccm_client,
    operation: *const c_char,
    arguments: *const c_char,
    arguments_length: usize,
    params: *const ccm_params,
    callback: ccm_callback,
    user_data: *mut c_void,
    pending: *mut *mut ccm_pending,
    error: *mut *mut ccm_error,
) -> ccm_status {
    let given = Some((arguments, arguments_length));
    unsafe {
        guard(error, || {
            hand_pending(callback, user_data, pending, || Call::named(client, operation, given, params))
        })
    }
}

/// Makes a call and waits for its end, for the rest of the library.
pub fn run(client: Arc<Shared>, input: CallInput, options: CallOptions) -> Outcome<ccm_response> {
    Call { client, input, options, queue: None }.run()
}
