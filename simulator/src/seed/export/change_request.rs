//! Change requests.

use super::{Exporter, pruned};
use crate::seed::{
    ActivitySeed, ApprovalSeed, ChangeRequestSeed, CommentSeed, DoneSeed, IssueSeed, ProposedChangeSeed,
};
use crate::state::entities::{Activity, Approval, ChangeRequest, Comment, Formula, Issue, Person, Proposal};
use configcat_management::Timestamp;
use serde_json::{Map, Value};

impl Exporter<'_> {
    pub(super) fn change_request(&self, request: &ChangeRequest) -> ChangeRequestSeed {
        let owner = request.owner.as_ref().map(|owner| owner.email.clone());
        ChangeRequestSeed {
            change_request_id: Some(request.id),
            environment: self.environment(&request.product, &request.environment),
            title: request.title.clone(),
            reason: request.reason.clone(),
            apply_at: request.apply_at,
            bypass_approval: request.bypass_approval,
            change_request_status: Some(request.status.clone()),
            created_at: Some(request.created_at),
            creator_user_email: Some(request.creator.email.clone()),
            owner_user_email: Some(owner),
            proposed_changes: request.proposals.iter().filter_map(|p| self.proposal(p)).collect(),
            comments: request.comments.iter().map(comment).collect(),
            approvals: request.approvals.iter().map(approval).collect(),
            activities: request.activities.iter().map(activity).collect(),
            change_request_issues: request.issues.iter().map(issue).collect(),
            applied: request.applied.as_ref().map(done),
            closed: request.closed.as_ref().map(done),
        }
    }

    fn proposal(&self, proposal: &Proposal) -> Option<ProposedChangeSeed> {
        Some(ProposedChangeSeed {
            setting_key: self.state.settings.get(&proposal.setting)?.key.clone(),
            latest_version_id: Some(proposal.base.to_string()),
            proposed: formula(&proposal.proposed),
            original: Some(Value::Object(formula(&proposal.original))),
        })
    }
}

fn formula(formula: &Formula) -> Map<String, Value> {
    let mut members = Map::from_iter([
        ("defaultValue".to_owned(), pruned(&formula.default)),
        ("targetingRules".to_owned(), pruned(&formula.rules)),
    ]);
    if let Some(attribute) = &formula.percentage_attribute {
        members.insert("percentageEvaluationAttribute".into(), attribute.as_str().into());
    }
    members
}

fn comment(comment: &Comment) -> CommentSeed {
    CommentSeed {
        change_request_comment_id: Some(comment.id),
        body: comment.body.clone(),
        created_at: Some(comment.at),
        creator_user_email: Some(comment.by.email.clone()),
        edited_at: comment.edited,
    }
}

fn approval(approval: &Approval) -> ApprovalSeed {
    ApprovalSeed {
        id: Some(approval.id),
        user_email: approval.by.email.clone(),
        created_at: Some(approval.at),
        dismissed_at: approval.dismissed,
    }
}

fn activity(activity: &Activity) -> ActivitySeed {
    ActivitySeed {
        id: Some(activity.id),
        ty: activity.ty.clone(),
        created_at: Some(activity.at),
        user_email: activity.by.as_ref().map(|by| by.email.clone()),
        details: activity.details.clone(),
        error: activity.error.clone(),
    }
}

fn issue(issue: &Issue) -> IssueSeed {
    IssueSeed {
        id: Some(issue.id),
        ty: issue.ty.clone(),
        details: issue.details.clone(),
        detected_at: Some(issue.detected),
        fixed_at: issue.fixed,
    }
}

fn done((at, by): &(Timestamp, Person)) -> DoneSeed {
    DoneSeed { at: *at, user_email: by.email.clone() }
}
