//! Webhooks with their deliveries, and change requests.

use crate::backend::{Backend, lock};
use crate::state::State;
use crate::state::entities::{ChangeRequest, Proposal};
use serde_json::{Value, json};

/// Returns the webhooks and the log of their deliveries. Keys and secret headers are left out.
pub fn webhooks(backend: &Backend) -> Value {
    let shared = lock(&backend.state);
    let state = &shared.state;
    let webhooks = state.webhooks.values().map(|webhook| {
        json!({
            "webhookId": webhook.id,
            "product": state.products.get(&webhook.product).map(|product| &product.name),
            "config": state.configs.get(&webhook.config).map(|config| &config.name),
            "environment": state.environments.get(&webhook.environment).map(|environment| &environment.name),
            "url": webhook.url,
            "method": webhook.method,
            "keys": usize::from(webhook.key1.is_some()) + usize::from(webhook.key2.is_some()),
        })
    });
    let webhooks: Vec<Value> = webhooks.collect();
    drop(shared);
    json!({ "webhooks": webhooks, "deliveries": backend.dispatcher.log() })
}

/// Returns all change requests, newest first.
pub fn change_requests(backend: &Backend) -> Vec<Value> {
    let shared = lock(&backend.state);
    let state = &shared.state;
    state.change_requests.values().rev().map(|request| change_request(state, request)).collect()
}

fn change_request(state: &State, request: &ChangeRequest) -> Value {
    let issues = request.open_issues().map(|issue| json!({ "type": issue.ty, "details": issue.details }));
    let comments = request
        .comments
        .iter()
        .map(|comment| json!({ "at": comment.at, "by": comment.by.full_name, "body": comment.body }));
    let approvals = request
        .standing_approvals()
        .map(|approval| json!({ "at": approval.at, "by": approval.by.full_name }));
    json!({
        "changeRequestId": request.id,
        "title": request.title,
        "status": request.status,
        "product": state.products.get(&request.product).map(|product| &product.name),
        "config": state.configs.get(&request.config).map(|config| &config.name),
        "environment": state.environments.get(&request.environment).map(|environment| &environment.name),
        "reason": request.reason,
        "applyAt": request.apply_at,
        "createdAt": request.created_at,
        "creator": request.creator.full_name,
        "issues": issues.collect::<Vec<_>>(),
        "comments": comments.collect::<Vec<_>>(),
        "approvals": approvals.collect::<Vec<_>>(),
        "proposals": request.proposals.iter().map(|proposal| proposed(state, proposal)).collect::<Vec<_>>(),
    })
}

fn proposed(state: &State, proposal: &Proposal) -> Value {
    json!({
        "settingId": proposal.setting,
        "flag": state.settings.get(&proposal.setting).map(|setting| &setting.key),
        "from": { "value": proposal.original.default.value, "rules": proposal.original.rules.len() },
        "to": { "value": proposal.proposed.default.value, "rules": proposal.proposed.rules.len() },
    })
}
