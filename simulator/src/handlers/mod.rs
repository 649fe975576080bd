//! Handlers that perform the operations on the state, one file per resource.

mod audit_logs;
mod change_request_comments;
mod change_requests;
pub(crate) mod code_references;
mod configs;
mod environments;
mod flag_values;
mod integration_links;
mod integrations;
mod invitations;
mod me;
mod members;
mod organizations;
mod permission_groups;
mod predefined_variations;
mod products;
pub(crate) mod proxy_profiles;
mod sdk_keys;
mod segments;
pub(crate) mod settings;
mod stale_flags;
mod tags;
mod values;
mod webhooks;
