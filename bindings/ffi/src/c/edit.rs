//! Edits: read a state, change a draft of it, and send the changes

use super::call::{named, wait};
use super::client::{ClientState, ccm_client, shared};
use super::document::{ccm_document, document, typed_document};
use super::error::ccm_error;
use super::failure::{CResult, Failure, quiet};
use super::guard::{guard, hand_out};
use super::handle::{borrow, borrow_mut, give, handle, optional, take};
use super::params::ccm_params;
use super::response::ccm_response;
use super::status::ccm_status;
use super::text::{required, text};
use super::value::{ccm_value, pointer};
use configcat_management::edit::{EditOperation, NamedEdit, NamedEditError};
use configcat_management::{CallOptions, CallResponse, find_edit};
use serde_json::Value;
use std::ffi::c_char;
use std::ptr;
use std::sync::Arc;

/// An edit: a state that was read, and a draft of it that is changed before it is sent.
///
/// Created by ccm_edit_begin(), freed by ccm_edit_free(). One thread at a time may use it. Values that it returns are valid until
/// it is freed.
pub struct ccm_edit {
    client: Arc<ClientState>,
    edit: NamedEdit,
    base: ccm_response,
    /// The state as others have changed it, after a conflict.
    theirs: Option<ccm_response>,
    is_committed: bool,
}

handle!(ccm_edit, b"ccm_edit");

fn parsed(response: CallResponse) -> CResult<ccm_response> {
    let tree = ccm_response::parse(&response)?;
    Ok(ccm_response::new((response, tree)))
}

/// Finds an edit by name.
pub unsafe fn edit(name: *const c_char) -> CResult<&'static EditOperation> {
    let name = unsafe { text(name, "edit_name") }?;
    find_edit(name).ok_or_else(|| {
        let message = format!("unknown edit {name:?}; edits have names such as \"flag_values.edit\"");
        Failure::new(ccm_status::CCM_BAD_REQUEST, message)
    })
}

/// Changes the draft with a value that is JSON text.
unsafe fn change(
    edit: *mut ccm_edit,
    json: *const c_char,
    length: usize,
    error: *mut *mut ccm_error,
    change: impl FnOnce(&mut ccm_edit, Value) -> CResult<()>,
) -> ccm_status {
    unsafe {
        guard(error, || {
            let edit = borrow_mut(edit)?;
            let value = serde_json::from_slice(required(json, length, "json")?).map_err(|error| {
                Failure::new(ccm_status::CCM_BAD_REQUEST, format!("the value is not JSON: {error}"))
            })?;
            change(edit, value)?;
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
            change(&mut borrow_mut(edit)?.edit)?;
            Ok(ccm_status::CCM_OK)
        })
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
            let operation = self::edit(edit_name)?;
            let mut input = named(operation.patch, Some((arguments, arguments_length)))?;
            let options = match optional(params)? {
                Some(params) => params.apply(&mut input)?,
                None => CallOptions::default(),
            };
            let caller = client.client()?;
            let (begun, base) = wait(operation.id, NamedEdit::begin(&caller, operation, input, options))?;
            let base = parsed(base)?;
            edit.write(give(ccm_edit { client, edit: begun, base, theirs: None, is_committed: false }));
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
        unsafe { borrow_mut(edit) }?.edit.rebase = times;
        Ok(ccm_status::CCM_OK)
    })
}

/// Returns the state that was read.
///
/// @return A value that is valid as long as the edit; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_base(edit: *const ccm_edit) -> *const ccm_value {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(edit) }?.base.root())))
}

/// Returns the state as others have changed it, after ccm_edit_commit() has returned CCM_CONFLICT for that reason.
///
/// @return A value that is valid until the next commit and as long as the edit; NULL if there was no such conflict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_theirs(edit: *const ccm_edit) -> *const ccm_value {
    quiet(ptr::null(), || Ok(pointer(unsafe { borrow(edit) }?.theirs.as_ref().and_then(ccm_response::root))))
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
            let current = &borrow(edit)?.edit.draft;
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
    unsafe { change(edit, json, length, error, |edit, value| Ok(edit.edit.draft.replace(value)?)) }
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
        change(edit, json, length, error, |edit, value| {
            Ok(edit.edit.draft.set(text(path, "path")?, value)?)
        })
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
        change(edit, json, length, error, |edit, value| {
            Ok(edit.edit.draft.insert(text(path, "path")?, value)?)
        })
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
            borrow_mut(edit)?.edit.draft.remove(text(path, "path")?)?;
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
            let changes = borrow(edit)?.edit.changes()?;
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
            let edit = borrow_mut(edit)?;
            if edit.is_committed {
                return Err(Failure::misuse("the edit has been committed: begin another one"));
            }
            edit.theirs = None;
            let caller = edit.client.client()?;
            let committed = wait("ccm_edit_commit", async { Ok(edit.edit.commit(&caller).await) })?;
            let received = match committed {
                Ok(received) => received,
                Err(NamedEditError::Call(error)) => return Err(error.into()),
                Err(NamedEditError::Conflict { error, theirs }) => {
                    edit.theirs = Some(parsed(*theirs)?);
                    return Err(error.into());
                }
            };
            edit.is_committed = true;
            if let Some(received) = received.filter(|received| !received.body().is_empty())
                && !response.is_null()
            {
                response.write(give(parsed(received)?));
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
