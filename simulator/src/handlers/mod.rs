//! One file per resource: carries operations out on the state.

mod audit_logs;
mod configs;
mod environments;
mod flag_values;
mod me;
mod members;
mod organizations;
mod pending;
mod permission_groups;
mod predefined_variations;
mod products;
mod sdk_keys;
mod settings;
mod tags;
mod values;
