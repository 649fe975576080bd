//! Calls: operations by name, and what the typed functions have in common

use super::client::{Shared, ccm_client, shared};
use super::error::ccm_error;
use super::guard::{Failure, Outcome, caught, guard, hand_out, quiet};
use super::handle::{Tag, borrow, give, handle, optional, take};
use super::params::ccm_params;
use super::queue::Shared as Queue;
use super::response::ccm_response;
use super::runtime::runtime;
use super::status::ccm_status;
use super::text::{data, text};
use configcat_management::Error;
use configcat_management::describe::Operation;
use configcat_management::dynamic::{Answer, Arguments};
use serde_json::Value;
use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// An answer larger than this, in bytes, is read aside, so that other calls need not wait for it.
const LARGE: usize = 256 << 10;

/// Is told once that an asynchronous call has ended, whatever came of it.
///
/// Runs on a thread of the library, or where the queue of the call is emptied. On a thread of the library: return quickly,
/// and call no function that waits. It must not throw nor jump out.
///
/// @param user_data What was given with the call.
/// @param status CCM_OK, or why there is no response.
/// @param response The answer, to be freed with ccm_response_free(); NULL on failure.
/// @param error Why it failed, to be freed with ccm_error_free(); NULL on success.
pub type ccm_callback = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        status: ccm_status,
        response: *mut ccm_response,
        error: *mut ccm_error,
    ),
>;

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
    operation: &'static Operation,
    arguments: Arguments,
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
        let mut arguments = Arguments::default();
        for (parameter, given) in operation.path_parameters().zip(given) {
            let value: Value = match given {
                Given::Text(pointer) => unsafe { text(*pointer, parameter.name) }?.into(),
                Given::Integer(number) => (*number).into(),
            };
            arguments.parameter(operation, parameter.name, &value)?;
        }
        if let Some((pointer, length)) = body
            && let Some(bytes) = unsafe { data(pointer, length, "body") }?
        {
            let json = serde_json::from_slice(bytes).map_err(|e| bad_json(operation, "the body", &e))?;
            arguments.set_body(operation, json)?;
        }
        unsafe { Self::finish(client, operation, arguments, params) }
    }

    unsafe fn named(
        client: *const ccm_client,
        operation: *const c_char,
        given: Document,
        params: *const ccm_params,
    ) -> Outcome<Self> {
        let client = unsafe { shared(client) }?;
        let operation = unsafe { find(operation) }?;
        let arguments = unsafe { arguments(operation, given) }?;
        unsafe { Self::finish(client, operation, arguments, params) }
    }

    unsafe fn finish(
        client: Arc<Shared>,
        operation: &'static Operation,
        mut arguments: Arguments,
        params: *const ccm_params,
    ) -> Outcome<Self> {
        let mut queue = None;
        if let Some(params) = unsafe { optional(params) }? {
            params.apply(operation, &mut arguments)?;
            queue.clone_from(&params.queue);
        }
        Ok(Self { client, operation, arguments, queue })
    }

    /// Makes the call and waits for its end.
    fn run(self) -> Outcome<ccm_response> {
        if Handle::try_current().is_ok() {
            return Err(Failure::misuse(format!(
                "{} was called inside a callback on a thread of the library, which would wait for itself: start it",
                self.operation.id
            )));
        }
        let client = self.client.client()?;
        let (told, end) = mpsc::sync_channel(1);
        // The threads of the library do what may raise a signal; this one only waits.
        runtime()?.spawn(async move {
            let _ = told.send(client.call(self.operation, self.arguments).await);
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
        let promise = Promise { callback: Some(callback), end: Arc::clone(&end), ticket };
        // The client lives until its calls have ended.
        let keep = self.client;
        let running = runtime.spawn(async move {
            let outcome = match client.call(self.operation, self.arguments).await {
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
        Ok(ccm_pending { tag: Tag::of::<ccm_pending>(), abort, end })
    }
}

async fn read(answer: Answer) -> Outcome<ccm_response> {
    if answer.body().len() <= LARGE {
        return caught(|| ccm_response::of(answer));
    }
    let reading = tokio::task::spawn_blocking(|| caught(|| ccm_response::of(answer)));
    reading.await.unwrap_or_else(|_| Err(Error::cancelled("the library was shut down").into()))
}

/// Arguments by name, as a JSON object; none when there is none.
pub unsafe fn arguments(operation: &'static Operation, given: Document) -> Outcome<Arguments> {
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
    Ok(Arguments::named(operation, given)?)
}

/// Finds an operation by name.
pub unsafe fn find(name: *const c_char) -> Outcome<&'static Operation> {
    let name = unsafe { text(name, "operation") }?;
    Operation::find(name).ok_or_else(|| {
        let message = format!("there is no operation {name:?}; ccm_describe(NULL, ...) lists them");
        Failure::new(ccm_status::CCM_BAD_REQUEST, message)
    })
}

/// Whom to tell of the end.
#[derive(Debug, Clone, Copy)]
struct Callback {
    call: unsafe extern "C" fn(*mut c_void, ccm_status, *mut ccm_response, *mut ccm_error),
    user_data: *mut c_void,
}

// SAFETY: what the pointer leads to is the caller's, who has been told that callbacks come from other threads.
unsafe impl Send for Callback {}

impl Callback {
    fn of(callback: ccm_callback, user_data: *mut c_void) -> Outcome<Self> {
        let call = callback.ok_or_else(|| Failure::misuse("callback is NULL"))?;
        Ok(Self { call, user_data })
    }
}

/// Whether a call has ended.
#[derive(Debug, Default)]
struct End {
    told: Mutex<bool>,
    changed: Condvar,
}

/// The end of a call that has not been told yet: it is told once, even if the call is dropped.
struct Promise {
    callback: Option<Callback>,
    end: Arc<End>,
    ticket: Option<(u64, Arc<Queue>)>,
}

impl Promise {
    fn keep(mut self, outcome: Outcome<ccm_response>) {
        self.tell(outcome);
    }

    fn tell(&mut self, outcome: Outcome<ccm_response>) {
        let Some(callback) = self.callback.take() else { return };
        let (status, response, error) = match outcome {
            Ok(response) => (ccm_status::CCM_OK, give(response), ptr::null_mut()),
            Err(failure) => (failure.status, ptr::null_mut(), ccm_error::of(failure)),
        };
        let completion = Completion { callback, status, response, error, end: Arc::clone(&self.end) };
        match self.ticket.take() {
            Some((number, queue)) => queue.push(number, completion),
            None => completion.deliver(),
        }
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        self.tell(Err(Error::cancelled("the call was cancelled").into()));
    }
}

/// The end of a call, to be told by its callback.
#[derive(Debug)]
pub struct Completion {
    callback: Callback,
    status: ccm_status,
    response: *mut ccm_response,
    error: *mut ccm_error,
    end: Arc<End>,
}

// SAFETY: response and error are handed over as a whole.
unsafe impl Send for Completion {}

impl Completion {
    /// Runs the callback.
    pub fn deliver(self) {
        let Callback { call, user_data } = self.callback;
        unsafe { call(user_data, self.status, self.response, self.error) };
        *self.end.told.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.end.changed.notify_all();
    }
}

/// An asynchronous call that is under way.
///
/// Handed out by functions whose names end in _start; freed by ccm_pending_free() at any time, which leaves the call alone.
/// Any thread may use it.
pub struct ccm_pending {
    tag: Tag,
    abort: AbortHandle,
    end: Arc<End>,
}

handle!(ccm_pending, b"ccmpendg");

/// Ends a call that is under way. Its callback is told CCM_CANCELLED, unless the end had come already. What has not been
/// sent is not sent any more; what has been sent may have been carried out.
///
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_pending_cancel(pending: *mut ccm_pending) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || {
        unsafe { borrow(pending) }?.abort.abort();
        Ok(ccm_status::CCM_OK)
    })
}

/// Waits until the callback of a call has run. With a queue, another thread has to empty it meanwhile.
///
/// @param timeout_ms How long to wait at most, in milliseconds; -1 for as long as it takes.
/// @return CCM_OK; CCM_TIMEOUT; CCM_MISUSE, also inside a callback on a thread of the library, which would wait for itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_pending_wait(pending: *const ccm_pending, timeout_ms: i64) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || {
        let end = Arc::clone(&unsafe { borrow(pending) }?.end);
        let mut told = end.told.lock().unwrap_or_else(PoisonError::into_inner);
        if Handle::try_current().is_ok() && !*told {
            return Ok(ccm_status::CCM_MISUSE);
        }
        let wait = u64::try_from(timeout_ms).ok().map(Duration::from_millis);
        let until = wait.and_then(|wait| Instant::now().checked_add(wait));
        while !*told {
            told = match until.map(|until| until.saturating_duration_since(Instant::now())) {
                Some(Duration::ZERO) => return Ok(ccm_status::CCM_TIMEOUT),
                Some(left) => end.changed.wait_timeout(told, left).unwrap_or_else(PoisonError::into_inner).0,
                None => end.changed.wait(told).unwrap_or_else(PoisonError::into_inner),
            };
        }
        Ok(ccm_status::CCM_OK)
    })
}

/// Gives up the handle of a call; the call goes on, and its callback is told. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_pending_free(pending: *mut ccm_pending) {
    drop(unsafe { take(pending) });
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
pub fn run(
    client: Arc<Shared>,
    operation: &'static Operation,
    arguments: Arguments,
) -> Outcome<ccm_response> {
    Call { client, operation, arguments, queue: None }.run()
}
