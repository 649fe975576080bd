//! Edits: read a state, change a draft of it, and send the changes

use super::call::{named, wait};
use super::client::{ClientState, ccm_client, shared};
use super::document::{ccm_document, document, typed_document};
use super::error::ccm_error;
use super::failure::{CResult, Failure, quiet};
use super::guard::{guard, hand_out};
use super::handle::{borrow, give, handle, optional, take};
use super::params::ccm_params;
use super::queue::QueueState;
use super::response::ccm_response;
use super::status::ccm_status;
use super::text::{json, required, text};
use super::value::{ccm_value, pointer};
use configcat_management::call::CallInput;
use configcat_management::edit::{EditOperation, NamedEdit, NamedEditError};
use configcat_management::{CallOptions, CallResponse, Client, find_edit, unknown_edit};
use serde_json::Value;
use std::ffi::c_char;
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An edit: a state that was read, and a draft of it that is changed before it is sent.
///
/// Created by ccm_edit_begin(), freed by ccm_edit_free(). One thread at a time may use it. Values that it returns are valid until
/// it is freed.
pub struct ccm_edit {
    pub(super) client: Arc<ClientState>,
    pub(super) state: SharedState,
}

handle!(ccm_edit, b"ccm_edit");

/// The state of an edit, which a call in progress shares with the handle.
pub(super) type SharedState = Arc<Mutex<EditState>>;

#[derive(Default)]
pub(super) struct EditState {
    /// `None` while a call is in progress, and if the first one failed.
    pub(super) edit: Option<NamedEdit>,
    pub(super) base: Option<ccm_response>,
    /// The state as others have changed it, after a conflict.
    pub(super) theirs: Option<ccm_response>,
    pub(super) is_committed: bool,
}

impl EditState {
    pub(super) fn edit(&mut self) -> CResult<&mut NamedEdit> {
        self.edit.as_mut().ok_or_else(unusable)
    }
}

fn unusable() -> Failure {
    Failure::misuse("a call of the edit is in progress, or its state could not be read")
}

pub(super) fn lock(state: &SharedState) -> MutexGuard<'_, EditState> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn parsed(response: CallResponse) -> CResult<ccm_response> {
    let tree = ccm_response::parse(&response)?;
    Ok(ccm_response::new((response, tree)))
}

/// An edit for the time of its last call; given back when it is dropped.
pub(super) struct Committing {
    edit: Option<NamedEdit>,
    state: SharedState,
}

impl Committing {
    pub(super) fn of(edit: &ccm_edit) -> CResult<Self> {
        let mut state = lock(&edit.state);
        if state.is_committed {
            return Err(Failure::misuse("the edit has been committed: begin another one"));
        }
        let taken = state.edit.take().ok_or_else(unusable)?;
        state.theirs = None;
        drop(state);
        Ok(Self { edit: Some(taken), state: Arc::clone(&edit.state) })
    }

    pub(super) async fn send(&self, client: &Client) -> Result<Option<CallResponse>, NamedEditError> {
        match &self.edit {
            Some(edit) => edit.commit(client).await,
            None => Ok(None),
        }
    }

    /// Notes the outcome. Returns the state after the change, if there is one.
    pub(super) fn end(
        self,
        outcome: Result<Option<CallResponse>, NamedEditError>,
    ) -> CResult<Option<ccm_response>> {
        match outcome {
            Ok(received) => {
                lock(&self.state).is_committed = true;
                received.filter(|received| !received.body().is_empty()).map(parsed).transpose()
            }
            Err(NamedEditError::Call(error)) => Err(error.into()),
            Err(NamedEditError::Conflict { error, theirs }) => {
                let theirs = parsed(*theirs)?;
                lock(&self.state).theirs = Some(theirs);
                Err(error.into())
            }
        }
    }
}

impl Drop for Committing {
    fn drop(&mut self) {
        lock(&self.state).edit = self.edit.take();
    }
}

/// Finds an edit by name.
pub unsafe fn edit(name: *const c_char) -> CResult<&'static EditOperation> {
    let name = unsafe { text(name, "edit_name") }?;
    find_edit(name).ok_or_else(|| unknown_edit(name).into())
}

/// Changes the draft with a value that is JSON text.
unsafe fn change(
    edit: *mut ccm_edit,
    value: *const c_char,
    length: usize,
    error: *mut *mut ccm_error,
    change: impl FnOnce(&mut NamedEdit, Value) -> CResult<()>,
) -> ccm_status {
    unsafe {
        guard(error, || {
            let edit = borrow(edit.cast_const())?;
            let value = json(required(value, length, "json")?, format_args!("the value"))?;
            change(lock(&edit.state).edit()?, value)?;
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Changes the draft of a flag's values.
unsafe fn change_flag(
    edit: *mut ccm_edit,
    error: *mut *mut ccm_error,
    change: impl FnOnce(&mut NamedEdit) -> configcat_management::Result<()>,
) -> ccm_status {
    unsafe {
        guard(error, || {
            change(lock(&borrow(edit.cast_const())?.state).edit()?)?;
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// What an edit needs to begin.
pub(super) struct EditArguments {
    pub(super) operation: &'static EditOperation,
    pub(super) input: CallInput,
    pub(super) options: CallOptions,
    pub(super) queue: Option<Arc<QueueState>>,
}

impl EditArguments {
    pub(super) unsafe fn read(
        name: *const c_char,
        arguments: (*const c_char, usize),
        params: *const ccm_params,
    ) -> CResult<Self> {
        let operation = unsafe { edit(name) }?;
        let mut input = unsafe { named(operation.patch, Some(arguments)) }?;
        let (mut options, mut queue) = (CallOptions::default(), None);
        if let Some(params) = unsafe { optional(params) }? {
            options = params.apply(&mut input)?;
            queue.clone_from(&params.queue);
        }
        Ok(Self { operation, input, options, queue })
    }
}

/// Begins an edit: reads the state that is to be changed, and waits for it.
///
/// Change the draft with ccm_edit_set() and its like, then send the changes with ccm_edit_commit().
///
/// @param client The client.
/// @param edit_name "flag_values.edit", "flag_values_by_sdk_key.edit", "values.edit", "values_by_sdk_key.edit",
///        "settings.edit", "webhooks.edit" or "proxy_profiles.edit".
/// @param arguments A JSON object with the parameters of the operation that patches the state, by name, such as
///        {"environment_id": "...", "setting_id": 1, "reason": "Launch"}.
/// @param arguments_length Length in bytes, or CCM_NUL.
/// @param params Limits of each call, and further parameters; may be NULL.
/// @param edit Receives the edit, to be freed with ccm_edit_free().
/// @return CCM_OK; CCM_BAD_REQUEST if there is no such edit; otherwise the cause of the failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_begin(
    client: *const ccm_client,
    edit_name: *const c_char,
    arguments: *const c_char,
    arguments_length: usize,
    params: *const ccm_params,
    edit: *mut *mut ccm_edit,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(edit, "edit")?;
            let client = shared(client)?;
            let arguments = EditArguments::read(edit_name, (arguments, arguments_length), params)?;
            let EditArguments { operation, input, options, .. } = arguments;
            let caller = client.client()?;
            let (begun, base) = wait(operation.id, NamedEdit::begin(&caller, operation, input, options))?;
            let state = EditState { edit: Some(begun), base: Some(parsed(base)?), ..EditState::default() };
            edit.write(give(ccm_edit { client, state: Arc::new(Mutex::new(state)) }));
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Sets how often the changes are sent again for a newer version, if others have changed only other members of the state in the
/// meantime. Default: 0. States without versions are not affected.
///
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_set_rebase(edit: *mut ccm_edit, times: u32) -> ccm_status {
    quiet(ccm_status::CCM_MISUSE, || {
        lock(&unsafe { borrow(edit.cast_const()) }?.state).edit()?.rebase = times;
        Ok(ccm_status::CCM_OK)
    })
}

/// Returns the state that was read.
///
/// @return A value that is valid as long as the edit; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_base(edit: *const ccm_edit) -> *const ccm_value {
    quiet(ptr::null(), || {
        let state = lock(&unsafe { borrow(edit) }?.state);
        Ok(pointer(state.base.as_ref().and_then(ccm_response::root)))
    })
}

/// Returns the state as others have changed it, after ccm_edit_commit() has returned CCM_CONFLICT for that reason.
///
/// @return A value that is valid until the next commit and as long as the edit; NULL if there was no such conflict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_theirs(edit: *const ccm_edit) -> *const ccm_value {
    quiet(ptr::null(), || {
        let state = lock(&unsafe { borrow(edit) }?.state);
        Ok(pointer(state.theirs.as_ref().and_then(ccm_response::root)))
    })
}

/// Returns a copy of the draft as it is now: what the service accepts as the state, which has fewer members than the state.
///
/// @param draft Receives the draft, to be freed with ccm_document_free().
/// @return CCM_OK or CCM_MISUSE; CCM_DECODE if the draft lacks a required member.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_draft(
    edit: *const ccm_edit,
    draft: *mut *mut ccm_document,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(draft, "draft")?;
            let mut state = lock(&borrow(edit)?.state);
            let current = &state.edit()?.draft;
            draft.write(typed_document(current.json().to_string(), &current.ty())?);
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Replaces the whole draft.
///
/// @param json JSON text; names are those of C or wire names, and flag values may be plain.
/// @param length Length in bytes, or CCM_NUL.
/// @return CCM_OK; CCM_BAD_REQUEST if a name is unknown, or a value has another type; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_replace(
    edit: *mut ccm_edit,
    json: *const c_char,
    length: usize,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe { change(edit, json, length, error, |edit, value| Ok(edit.draft.replace(value)?)) }
}

/// Sets a member of the draft, or replaces an item of a list.
///
/// @param path JSON Pointer with names of C or wire names, such as "/targeting_rules/0/value"; "-" as its last part adds an item
///        at the end of a list.
/// @param json The value as JSON text; the value of a flag may be plain, such as true.
/// @param length Length in bytes, or CCM_NUL.
/// @return CCM_OK; CCM_BAD_REQUEST if the draft has no such place, or the value has another type; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_set(
    edit: *mut ccm_edit,
    path: *const c_char,
    json: *const c_char,
    length: usize,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        change(edit, json, length, error, |edit, value| Ok(edit.draft.set(text(path, "path")?, value)?))
    }
}

/// Inserts an item into a list of the draft.
///
/// @param path JSON Pointer to the item before which the new one is inserted; see ccm_edit_set().
/// @param json The item as JSON text.
/// @param length Length in bytes, or CCM_NUL.
/// @return CCM_OK; CCM_BAD_REQUEST if the draft has no such place, or the value has another type; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_insert(
    edit: *mut ccm_edit,
    path: *const c_char,
    json: *const c_char,
    length: usize,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        change(edit, json, length, error, |edit, value| Ok(edit.draft.insert(text(path, "path")?, value)?))
    }
}

/// Removes a member of the draft, or an item of a list.
///
/// @param path JSON Pointer; see ccm_edit_set().
/// @return CCM_OK; CCM_BAD_REQUEST if the draft has no such place; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_remove(
    edit: *mut ccm_edit,
    path: *const c_char,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            lock(&borrow(edit.cast_const())?.state).edit()?.draft.remove(text(path, "path")?)?;
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Turns a boolean flag on in the draft: every user whom no rule with a condition matches gets true. Rules with conditions stay;
/// percentage options without a condition are removed.
///
/// @return CCM_OK; CCM_BAD_REQUEST if the flag is not boolean: the message has its key and type; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_turn_on(edit: *mut ccm_edit, error: *mut *mut ccm_error) -> ccm_status {
    unsafe { change_flag(edit, error, |edit| edit.turn(true)) }
}

/// Turns a boolean flag off in the draft: every user whom no rule with a condition matches gets false. Rules with conditions
/// stay; percentage options without a condition are removed.
///
/// @return As ccm_edit_turn_on().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_turn_off(edit: *mut ccm_edit, error: *mut *mut ccm_error) -> ccm_status {
    unsafe { change_flag(edit, error, |edit| edit.turn(false)) }
}

/// Serves true to a percentage of the users whom no rule with a condition matches, and false to the others of them. Rules with
/// conditions and the default value stay.
///
/// @param percentage 0 to 100.
/// @return CCM_OK; CCM_BAD_REQUEST for another percentage, or if the flag is not boolean; CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_set_percentage(
    edit: *mut ccm_edit,
    percentage: i32,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe { change_flag(edit, error, |edit| edit.set_percentage(percentage)) }
}

/// Returns the changes so far: the JSON Patch that ccm_edit_commit() sends.
///
/// @param patch Receives a list of operations, to be freed with ccm_document_free(); empty if nothing changed.
/// @return CCM_OK or CCM_MISUSE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_changes(
    edit: *const ccm_edit,
    patch: *mut *mut ccm_document,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(patch, "patch")?;
            let changes = lock(&borrow(edit)?.state).edit()?.changes()?;
            patch.write(document(serde_json::to_vec(&changes).unwrap_or_default())?);
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Sends the changes, and waits until they are made. Sends nothing if nothing changed.
///
/// The changes apply only to the version that was read, for states with versions (flag values of V2 configs). After CCM_CONFLICT,
/// ccm_edit_base(), ccm_edit_theirs(), ccm_edit_draft() and ccm_edit_changes() return what is needed to decide what to do.
///
/// @param response Receives the state after the change, to be freed with ccm_response_free(), or NULL if nothing changed; may be
///        NULL.
/// @return CCM_OK; CCM_CONFLICT if others have changed the state in the meantime; otherwise the cause of the failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_commit(
    edit: *mut ccm_edit,
    response: *mut *mut ccm_response,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            if !response.is_null() {
                hand_out(response, "response")?;
            }
            let edit = borrow(edit.cast_const())?;
            let caller = edit.client.client()?;
            let committing = Committing::of(edit)?;
            let outcome = wait("ccm_edit_commit", async { Ok(committing.send(&caller).await) })?;
            if let Some(received) = committing.end(outcome)?
                && !response.is_null()
            {
                response.write(give(received));
            }
            Ok(ccm_status::CCM_OK)
        })
    }
}

/// Frees an edit and its values. The changes are not sent. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_free(edit: *mut ccm_edit) {
    drop(unsafe { take(edit) });
}
