//! Planning

use super::super::call::wait;
use super::super::client::{ccm_client, shared};
use super::super::error::ccm_error;
use super::super::failure::CResult;
use super::super::guard::handing_out;
use super::super::handle::borrow;
use super::super::status::ccm_status;
use super::super::text::{optional, text};
use super::plan::ccm_plan;
use super::product_document::ccm_product_document;
use configcat_management::changes::{Plan, PlanOptions, Promotion};
use configcat_management::{Client, Error};
use std::ffi::c_char;

pub(super) unsafe fn plan_options(options: *const c_char) -> CResult<PlanOptions> {
    match unsafe { optional(options, "options") }? {
        None => Ok(PlanOptions::new()),
        Some(text) => Ok(PlanOptions::from_members(text.as_bytes())?),
    }
}

/// Waits for a plan that a client makes, and hands it out.
unsafe fn planned(
    function: &str,
    client: *const ccm_client,
    make: impl AsyncFnOnce(&Client) -> Result<Plan, Error>,
) -> CResult<*mut ccm_plan> {
    let client = unsafe { shared(client) }?.client()?;
    Ok(ccm_plan::hand(wait(function, make(&client))?))
}

/// Compares a document with its product, and returns the steps from one to the other with their price. Only reads, and waits for it.
///
/// @param client The client.
/// @param document The desired state.
/// @param options A JSON object; NULL for none. Its members, all optional:
///        "reason": the reason of the changes, which environments may require.
///        "approval": what happens in environments that require an approval: "refuse" (default), "request" (creates change
///        requests) or "bypass".
///        "prune": a list of sections, such as "tags", of which everything is deleted that the document does not have.
///        "allow_replace": whether to delete and create again what cannot be changed: the type of a flag, the evaluation version of
///        a config.
///        "strict": whether to write each value by a request of its own, with the version that it builds on.
/// @param plan Receives the plan, to be freed with ccm_plan_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK; CCM_BAD_REQUEST with every name that does not exist, by their places in the document, or for an unknown option;
///         or the cause of the failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_plan_new(
    client: *const ccm_client,
    document: *const ccm_product_document,
    options: *const c_char,
    plan: *mut *mut ccm_plan,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(plan, "plan", error, || {
            let document = &borrow(document)?.document;
            let options = plan_options(options)?;
            planned("ccm_plan_new()", client, async |client| client.plan(document, &options).await)
        })
    }
}

/// Plans to give flags of an environment the values that they have in another one, and waits for it.
///
/// @param client The client.
/// @param promotion A JSON object. Required members: "product" (name or id), "config", "from" and "to" (environments). Optional
///        ones: "flags", a list of keys (default: all), and "aspects", the parts of values that are promoted: "values" (what is
///        served if no rule matches), "rules" and "percentages" (default: all).
/// @param options Options of ccm_plan_new(); NULL for none.
/// @param plan Receives the plan, to be freed with ccm_plan_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK; CCM_NOT_FOUND with a similar name for a product, config, environment or flag that does not exist;
///         CCM_BAD_REQUEST for an unknown or missing member; or the cause of the failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_promote(
    client: *const ccm_client,
    promotion: *const c_char,
    options: *const c_char,
    plan: *mut *mut ccm_plan,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(plan, "plan", error, || {
            let promotion = Promotion::from_members(text(promotion, "promotion")?.as_bytes())?;
            let options = plan_options(options)?;
            planned("ccm_promote()", client, async |client| client.promote(&promotion, &options).await)
        })
    }
}

/// Returns what differs between two products: the steps that would make the second one like the first one. Waits for it.
///
/// @param client The client.
/// @param from Name or id of the product to be like.
/// @param to Name or id of the product that the steps would change.
/// @param plan Receives the plan, to be freed with ccm_plan_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK; CCM_NOT_FOUND with a similar name; or the cause of the failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_compare(
    client: *const ccm_client,
    from: *const c_char,
    to: *const c_char,
    plan: *mut *mut ccm_plan,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(plan, "plan", error, || {
            let (from, to) = (text(from, "from")?, text(to, "to")?);
            planned("ccm_compare()", client, async |client| client.compare(from, to).await)
        })
    }
}

/// Plans to create a copy of a product under another name, or in another organization, and waits for it. Members and secrets are not
/// copied.
///
/// @param client The client.
/// @param product Name or id of the product.
/// @param name Name of the copy.
/// @param organization Name or id of the organization of the copy; NULL if there is only one.
/// @param plan Receives the plan, to be freed with ccm_plan_free().
/// @param error Receives the cause of a failure; may be NULL.
/// @return CCM_OK; CCM_CONFLICT if a product has the name already; or the cause of the failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ccm_clone_product(
    client: *const ccm_client,
    product: *const c_char,
    name: *const c_char,
    organization: *const c_char,
    plan: *mut *mut ccm_plan,
    error: *mut *mut ccm_error,
) -> ccm_status {
    unsafe {
        handing_out(plan, "plan", error, || {
            let (product, name) = (text(product, "product")?, text(name, "name")?);
            let organization = optional(organization, "organization")?;
            planned("ccm_clone_product()", client, async |client| {
                client.clone_product(product, name, organization).await
            })
        })
    }
}
