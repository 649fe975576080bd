//! Calls: operations by name, and the common part of the typed functions

use super::client::{ClientState, ccm_client, shared};
use super::completion::{Callback, End, ccm_callback};
use super::error::ccm_error;
use super::failure::{CResult, Failure, caught};
use super::guard::{guard, hand_out};
use super::handle::{give, optional};
use super::params::ccm_params;
use super::pending::{Promise, ccm_pending};
use super::pipe::PipeSignal;
use super::queue::QueueState;
use super::response::ccm_response;
use super::runtime::{driver, runtime};
use super::status::ccm_status;
use super::text::{data, json, text};
use configcat_management::call::{CallInput, Input, NameSearch};
use configcat_management::spec::Operation;
use configcat_management::{CallOptions, CallResponse, Error, operations, unknown_operation};
use serde_json::{Map, Value};
use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::Arc;
use tokio::runtime::Handle;

/// An argument of a typed function.
pub enum PathArgument {
    String(*const c_char),
    Integer(i64),
}

/// JSON passed to a function (body or arguments): pointer and length.
pub type Document = Option<(*const c_char, usize)>;

/// A call that is ready to be sent.
pub struct PreparedCall {
    pub client: Arc<ClientState>,
    pub input: Input,
    pub options: CallOptions,
    pub queue: Option<Arc<QueueState>>,
    /// What the call looks for in its response.
    pub search: Option<Box<NameSearch>>,
}

impl PreparedCall {
    pub unsafe fn typed(
        operation: &'static Operation,
        client: *const ccm_client,
        arguments: &[PathArgument],
        body: Document,
        params: *const ccm_params,
    ) -> CResult<Self> {
        let client = unsafe { shared(client) }?;
        let mut input = CallInput::new(operation);
        for (parameter, argument) in operation.path_parameters().zip(arguments) {
            let value: Value = match argument {
                PathArgument::String(pointer) => unsafe { text(*pointer, parameter.name) }?.into(),
                PathArgument::Integer(number) => (*number).into(),
            };
            input.set_parameter(parameter.name, value)?;
        }
        if let Some((pointer, length)) = body
            && let Some(bytes) = unsafe { data(pointer, length, "body") }?
        {
            input.set_body(json(bytes, format_args!("{}: the body", operation.id))?)?;
        }
        unsafe { Self::finish(client, input, params) }
    }

    pub unsafe fn named(
        client: *const ccm_client,
        operation: *const c_char,
        arguments: Document,
        params: *const ccm_params,
    ) -> CResult<Self> {
        let client = unsafe { shared(client) }?;
        let name = unsafe { text(operation, "operation") }?;
        match operations::searched_by(name) {
            None => {
                let input = unsafe { named(find(operation)?, arguments) }?;
                unsafe { Self::finish(client, input, params) }
            }
            Some(operation) => {
                let mut arguments = unsafe { members(operation, arguments) }?;
                let search = search(operation, &mut arguments)?;
                let call = unsafe { Self::finish(client, CallInput::named(operation, arguments)?, params) }?;
                Ok(call.searching(search))
            }
        }
    }

    /// Makes the item that a search finds the value of the response.
    pub fn searching(self, search: NameSearch) -> Self {
        Self { search: Some(Box::new(search)), ..self }
    }

    unsafe fn finish(
        client: Arc<ClientState>,
        mut input: CallInput,
        params: *const ccm_params,
    ) -> CResult<Self> {
        let (mut options, mut queue) = (CallOptions::default(), None);
        if let Some(params) = unsafe { optional(params) }? {
            options = params.apply(&mut input)?;
            queue.clone_from(&params.queue);
        }
        Ok(Self { client, input: input.into(), options, queue, search: None })
    }

    /// Makes the call and waits until it completes.
    fn run(self) -> CResult<ccm_response> {
        check_thread(&self.input.id())?;
        let client = self.client.client()?;
        let driver = driver()?;
        let response = {
            let _no_signal = PipeSignal::block();
            let response = driver.call(client.call(self.input, self.options))?;
            if !response.is_waited_for() {
                return driver.run(read(response, self.search));
            }
            response
        };
        // Outside of the runtime: other threads may wait for the connections that this one drove during the call.
        let tree = ccm_response::parse(&response)?;
        found(ccm_response::new((response, tree)), self.search)
    }

    /// Makes the call in a runtime. The client lives until the call has completed.
    pub async fn complete(self) -> CResult<ccm_response> {
        let client = self.client.client()?;
        let response = client.call(self.input, self.options).await?;
        read(response, self.search).await
    }

    /// Starts the call.
    fn start(self, callback: Callback) -> CResult<ccm_pending> {
        let client = self.client.client()?;
        let Self { client: keep, input, options, queue, search } = self;
        start_call(queue, callback, async move {
            let outcome = match client.call(input, options).await {
                Ok(response) => read(response, search).await.map(Some),
                Err(error) => Err(error.into()),
            };
            // Keeps the client alive until the callback has returned.
            (outcome, (client, keep))
        })
    }
}

/// Starts a call whose callback receives its outcome. What the call returns besides is dropped afterwards.
pub fn start_call<K: Send + 'static>(
    queue: Option<Arc<QueueState>>,
    callback: Callback,
    call: impl Future<Output = (CResult<Option<ccm_response>>, K)> + Send + 'static,
) -> CResult<ccm_pending> {
    let runtime = runtime()?;
    let end = Arc::new(End::default());
    let ticket = match queue {
        Some(queue) => Some((queue.expect()?, queue)),
        None => None,
    };
    let queued = ticket.clone();
    let promise = Promise::new(callback, Arc::clone(&end), ticket);
    let running = runtime.spawn(async move {
        let (outcome, keep) = call.await;
        promise.keep(outcome);
        drop(keep);
    });
    let abort = running.abort_handle();
    if let Some((number, queue)) = queued {
        queue.can_abort(number, abort.clone());
    }
    Ok(ccm_pending::new(abort, end))
}

/// Fails on a thread of the library, which must not wait.
fn check_thread(what: &str) -> CResult<()> {
    if Handle::try_current().is_ok() {
        return Err(Failure::misuse(format!(
            "{what} was called inside a callback of the library, which would wait for itself: start it"
        )));
    }
    Ok(())
}

/// Waits for several calls that belong together.
pub fn wait<T>(what: &str, calls: impl Future<Output = Result<T, Error>>) -> CResult<T> {
    check_thread(what)?;
    let driver = driver()?;
    let _no_signal = PipeSignal::block();
    Ok(driver.call(calls)?)
}

async fn read(response: CallResponse, search: Option<Box<NameSearch>>) -> CResult<ccm_response> {
    let parsed = response.decoded(|response| caught(|| ccm_response::parse(response)));
    found(parsed.await.map(ccm_response::new)?, search)
}

/// Finds what a call looked for.
fn found(response: ccm_response, search: Option<Box<NameSearch>>) -> CResult<ccm_response> {
    match search {
        None => Ok(response),
        Some(search) => caught(|| response.find(&search)),
    }
}

/// Takes the name to look for out of the arguments.
fn search(operation: &'static Operation, arguments: &mut Map<String, Value>) -> CResult<NameSearch> {
    let name = operation.find.map_or("name", |find| find.argument);
    match arguments.remove(name) {
        Some(Value::String(wanted)) => Ok(NameSearch::new(operation, wanted)?),
        other => {
            let found = other.map_or("it is missing", |_| "it has another type");
            let message = format!("{}: {name} must be a string; {found}", operation.id);
            Err(Failure::new(ccm_status::CCM_BAD_REQUEST, message))
        }
    }
}

/// Builds the input from named arguments, a JSON object. Without arguments, the input is empty.
pub unsafe fn named(operation: &'static Operation, arguments: Document) -> CResult<CallInput> {
    Ok(CallInput::named(operation, unsafe { members(operation, arguments) }?)?)
}

/// Parses named arguments, a JSON object.
unsafe fn members(operation: &Operation, arguments: Document) -> CResult<Map<String, Value>> {
    let arguments = match arguments {
        Some((pointer, length)) => unsafe { data(pointer, length, "arguments") }?,
        None => None,
    };
    let parsed = |bytes| json(bytes, format_args!("{}: the JSON of the arguments", operation.id));
    match arguments.map(parsed).transpose()? {
        None => Ok(Map::new()),
        Some(Value::Object(arguments)) => Ok(arguments),
        Some(_) => {
            let message = format!("{}: the arguments are not a JSON object", operation.id);
            Err(Failure::new(ccm_status::CCM_BAD_REQUEST, message))
        }
    }
}

/// Finds an operation by name.
pub unsafe fn find(name: *const c_char) -> CResult<&'static Operation> {
    let name = unsafe { text(name, "operation") }?;
    operations::find(name).ok_or_else(|| unknown_operation(name).into())
}

/// Makes a call, and writes its response.
pub unsafe fn hand_over(
    response: *mut *mut ccm_response,
    call: impl FnOnce() -> CResult<PreparedCall>,
) -> CResult<ccm_status> {
    if !response.is_null() {
        // SAFETY: not NULL, and the caller provides space for one value, as the header requires.
        unsafe { response.write(ptr::null_mut()) };
    }
    let received = call()?.run()?;
    if !response.is_null() {
        // SAFETY: not NULL, and the caller provides space for one value, as the header requires.
        unsafe { response.write(give(received)) };
    }
    Ok(ccm_status::CCM_OK)
}

/// Starts a call, and writes its handle.
pub unsafe fn hand_pending(
    callback: ccm_callback,
    user_data: *mut c_void,
    pending: *mut *mut ccm_pending,
    call: impl FnOnce() -> CResult<PreparedCall>,
) -> CResult<ccm_status> {
    unsafe { hand_started(callback, user_data, pending, |callback| call()?.start(callback)) }
}

/// Starts something, and writes its handle.
pub unsafe fn hand_started(
    callback: ccm_callback,
    user_data: *mut c_void,
    pending: *mut *mut ccm_pending,
    start: impl FnOnce(Callback) -> CResult<ccm_pending>,
) -> CResult<ccm_status> {
    if !pending.is_null() {
        unsafe { hand_out(pending, "pending") }?;
    }
    let started = start(Callback::of(callback, user_data)?)?;
    if !pending.is_null() {
        // SAFETY: not NULL, and the caller provides space for one value, as the header requires.
        unsafe { pending.write(give(started)) };
    }
    Ok(ccm_status::CCM_OK)
}

/// Implements the typed functions that wait.
pub unsafe fn blocking(
    operation: &'static Operation,
    client: *const ccm_client,
    arguments: &[PathArgument],
    body: Document,
    params: *const ccm_params,
    response: *mut *mut ccm_response,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_over(response, || PreparedCall::typed(operation, client, arguments, body, params))
        })
    }
}

/// Implements the typed functions whose names end in `_start`.
#[allow(clippy::too_many_arguments, reason = "the parameters of a typed function")]
pub unsafe fn start(
    operation: &'static Operation,
    client: *const ccm_client,
    arguments: &[PathArgument],
    body: Document,
    params: *const ccm_params,
    callback: ccm_callback,
    user_data: *mut c_void,
    pending: *mut *mut ccm_pending,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            let call = || PreparedCall::typed(operation, client, arguments, body, params);
            hand_pending(callback, user_data, pending, call)
        })
    }
}

/// Calls an operation by name and waits for its response: for bindings to other languages, and for programs that choose the
/// operation at run time. ccm_describe() lists the operations.
///
/// @param client The client.
/// @param operation The name, such as "products.list", or the operation ID of the service ("get-products"). "settings.find" and
///        the like find the only item of a list with a name; see ccm_settings_find() and its arguments.
/// @param arguments A JSON object with the parameters by name (snake_case or wire name) and the fields of the body; a JSON
///        Patch is the member "patch", and the whole body may be the member "body" instead of single fields. NULL for none.
/// @param arguments_length Length in bytes, or CCM_NUL.
/// @param params Limits and further parameters; may be NULL.
/// @param response Receives the response, to be freed with ccm_response_free(); may be NULL.
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK, or the cause of the failure.
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
    let arguments = Some((arguments, arguments_length));
    unsafe {
        guard(error, || hand_over(response, || PreparedCall::named(client, operation, arguments, params)))
    }
}

/// Starts a call of an operation by name; see ccm_call().
///
/// @param callback Called once when the call has completed, perhaps before this function returns; not called if this function
///        fails.
/// @param user_data Passed to the callback unchanged.
/// @param pending Receives a handle to cancel the call, to be freed with ccm_pending_free(); may be NULL.
/// @return CCM_OK if the call was started.
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
    let arguments = Some((arguments, arguments_length));
    unsafe {
        guard(error, || {
            hand_pending(callback, user_data, pending, || {
                PreparedCall::named(client, operation, arguments, params)
            })
        })
    }
}

/// Makes a call and waits until it completes, for other modules.
pub fn run(client: Arc<ClientState>, input: CallInput, options: CallOptions) -> CResult<ccm_response> {
    PreparedCall { client, input: input.into(), options, queue: None, search: None }.run()
}
