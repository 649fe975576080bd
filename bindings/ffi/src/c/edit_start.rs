//! Edits for event loops: the functions that wait, as functions that start

use super::call::{hand_started, start_call};
use super::client::{ccm_client, shared};
use super::completion::ccm_callback;
use super::edit::{Committing, EditArguments, EditState, ccm_edit, lock, parsed};
use super::error::ccm_error;
use super::failure::caught;
use super::guard::{guard, hand_out};
use super::handle::{borrow, give, optional, take};
use super::params::ccm_params;
use super::pending::ccm_pending;
use super::status::ccm_status;
use configcat_management::edit::NamedEdit;
use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::{Arc, Mutex};

/// Begins an edit without waiting: starts to read the state that is to be changed; see ccm_edit_begin().
///
/// Until the callback has received CCM_OK, the other functions of the edit return CCM_MISUSE, except ccm_edit_free().
///
/// @param edit Receives the edit, to be freed with ccm_edit_free(), also if the call fails. Freeing it earlier does not affect the
///        call.
/// @param callback Called once when the state was read, perhaps before this function returns; not called if this function fails. Its
///        response is the state that was read.
/// @param user_data Passed to the callback unchanged.
/// @param pending Receives a handle to cancel the call, to be freed with ccm_pending_free(); may be NULL.
/// @return CCM_OK if the call was started.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_begin_start(
    client: *const ccm_client,
    edit_name: *const c_char,
    arguments: *const c_char,
    arguments_length: usize,
    params: *const ccm_params,
    edit: *mut *mut ccm_edit,
    callback: ccm_callback,
    user_data: *mut c_void,
    pending: *mut *mut ccm_pending,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            hand_out(edit, "edit")?;
            let client = shared(client)?;
            let arguments = EditArguments::read(edit_name, (arguments, arguments_length), params)?;
            let EditArguments { operation, input, options, queue } = arguments;
            let state = Arc::new(Mutex::new(EditState::default()));
            let (caller, keep, begun) = (client.client()?, Arc::clone(&client), Arc::clone(&state));
            hand_started(callback, user_data, pending, |callback| {
                // Before the call starts, because the callback may need it.
                let handle = give(ccm_edit { client, state });
                edit.write(handle);
                let started = start_call(queue, callback, async move {
                    let outcome = match NamedEdit::begin(&caller, operation, input, options).await {
                        Ok((named, base)) => caught(|| {
                            let (base, shown) = (parsed(base.clone())?, parsed(base)?);
                            let mut state = lock(&begun);
                            (state.edit, state.base) = (Some(named), Some(base));
                            Ok(Some(shown))
                        }),
                        Err(error) => Err(error.into()),
                    };
                    (outcome, (caller, keep))
                });
                if started.is_err() {
                    edit.write(ptr::null_mut());
                    drop(take(handle));
                }
                started
            })
        })
    }
}

/// Sends the changes without waiting; see ccm_edit_commit().
///
/// Until the callback is called, the other functions of the edit return CCM_MISUSE, except ccm_edit_free(). Freeing the edit earlier
/// does not affect the call.
///
/// @param params The queue of the callback; may be NULL. The limits are those that the edit began with.
/// @param callback Called once when the changes were made, perhaps before this function returns; not called if this function fails.
///        Its response is the state after the change, or NULL if nothing changed.
/// @param user_data Passed to the callback unchanged.
/// @param pending Receives a handle to cancel the call, to be freed with ccm_pending_free(); may be NULL.
/// @return CCM_OK if the call was started.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_edit_commit_start(
    edit: *mut ccm_edit,
    params: *const ccm_params,
    callback: ccm_callback,
    user_data: *mut c_void,
    pending: *mut *mut ccm_pending,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        guard(error, || {
            let edit = borrow(edit.cast_const())?;
            let queue = optional(params)?.and_then(|params| params.queue.clone());
            let (caller, keep) = (edit.client.client()?, Arc::clone(&edit.client));
            hand_started(callback, user_data, pending, |callback| {
                let committing = Committing::of(edit)?;
                start_call(queue, callback, async move {
                    let outcome = committing.send(&caller).await;
                    (caught(|| committing.end(outcome)), (caller, keep))
                })
            })
        })
    }
}
