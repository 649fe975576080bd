//! Conversion of change requests to API models.

use super::State;
use super::entities::{
    Activity, Approval, ChangeRequest, Comment, Content, Formula, Issue, Person, Proposal, Setting,
    formula_prerequisites,
};
use crate::problem::Problem;
use configcat_management::construct;
use configcat_management::models::{
    self, ChangeRequestStatus, Condition, ConditionType, FlagValue, SettingId, TargetingRule,
};

impl ChangeRequest {
    /// Returns whether it is neither applied nor closed.
    pub(crate) fn is_open(&self) -> bool {
        self.status == ChangeRequestStatus::Open
    }

    /// Returns the issues that prevent it from being applied.
    pub(crate) fn open_issues(&self) -> impl Iterator<Item = &Issue> {
        self.issues.iter().filter(|issue| issue.fixed.is_none())
    }

    /// Returns the approvals that are not dismissed.
    pub(crate) fn standing_approvals(&self) -> impl Iterator<Item = &Approval> {
        self.approvals.iter().filter(|approval| approval.dismissed.is_none())
    }

    /// Returns whether it has the approvals that it needs.
    pub(crate) fn is_approved(&self) -> bool {
        self.standing_approvals().count() >= crate::assumed::APPROVALS
    }
}

/// Returns the name of a value's predefined variation.
fn variation_name(setting: Option<&Setting>, value: &FlagValue) -> Option<String> {
    let id = value.predefined_variation_id.as_ref()?;
    setting?.variations.iter().find(|variation| variation.id == *id)?.name.clone()
}

fn when<T: Copy>(done: Option<&(T, Person)>) -> (Option<T>, Option<&Person>) {
    done.map_or((None, None), |(at, by)| (Some(*at), Some(by)))
}

pub(crate) fn view_comment(comment: &Comment) -> models::ChangeRequestComment {
    construct::ChangeRequestCommentFields {
        change_request_comment_id: comment.id,
        body: comment.body.clone(),
        created_at: comment.at,
        user_email: comment.by.email.clone(),
        user_full_name: comment.by.full_name.clone(),
        edited_at: comment.edited,
    }
    .into()
}

fn view_approval(approval: &Approval) -> models::ChangeRequestApproval {
    construct::ChangeRequestApprovalFields {
        change_request_approval_id: approval.id,
        user_email: approval.by.email.clone(),
        user_full_name: approval.by.full_name.clone(),
        approved_at: approval.at,
        dismissed_at: approval.dismissed,
    }
    .into()
}

fn view_activity(activity: &Activity) -> models::ChangeRequestActivity {
    let by = activity.by.as_ref();
    construct::ChangeRequestActivityFields {
        change_request_activity_id: activity.id,
        change_request_activity_type: activity.ty.clone(),
        date: activity.at,
        user_id: by.map(|by| by.id.clone()),
        user_full_name: by.map(|by| by.full_name.clone()).unwrap_or_default(),
        user_email: by.map(|by| by.email.clone()),
        details: activity.details.clone(),
        error: activity.error.clone(),
    }
    .into()
}

fn view_issue(issue: &Issue) -> models::ChangeRequestIssue {
    construct::ChangeRequestIssueFields {
        change_request_issue_id: issue.id,
        issue_type: issue.ty.clone(),
        issue_details: issue.details.clone(),
        issue_detected_at: issue.detected,
        issue_fixed_at: issue.fixed,
    }
    .into()
}

impl State {
    /// Returns whether the flag was changed after a proposal was made. Always false if the change request is not open.
    // Documented: a proposal is in conflict if its flag was changed after the version that the proposal is
    // based on.
    // Assumed: a proposal is in conflict if a prerequisite that it refers to was deleted.
    // Assumed: an applied or closed change request has no conflicts.
    pub(crate) fn in_conflict(&self, request: &ChangeRequest, proposal: &Proposal) -> bool {
        let value = self.values.get(&(proposal.setting, request.environment.clone()));
        let changed = value.is_none_or(|value| value.version != proposal.base);
        // A flag that the proposal depends on may have been deleted since then.
        let unknown = || formula_prerequisites(&proposal.proposed).any(|id| !self.settings.contains(&id));
        request.is_open() && (changed || unknown())
    }

    fn view_condition(&self, condition: &Condition) -> models::EvaluationFormulaCondition {
        let mut view: models::EvaluationFormulaCondition = construct::EvaluationFormulaConditionFields {
            condition_type: ConditionType::UserCondition,
            comparison_attribute: None,
            user_comparator: None,
            comparison_value: None,
            segment_comparator: None,
            segment_id: None,
            segment_name: None,
            prerequisite_comparator: None,
            prerequisite_setting_id: None,
            prerequisite_setting_key: None,
            prerequisite_comparison_value: None,
            prerequisite_comparison_value_predefined_variation_name: None,
        }
        .into();
        match condition {
            Condition::User(user) => {
                view.comparison_attribute = Some(user.comparison_attribute.clone());
                view.user_comparator = Some(user.comparator.clone());
                view.comparison_value = Some(user.comparison_value.clone());
            }
            Condition::Segment(segment) => {
                view.condition_type = ConditionType::SegmentCondition;
                view.segment_comparator = Some(segment.comparator.clone());
                view.segment_id = Some(segment.segment_id.clone());
                view.segment_name =
                    self.segments.get(&segment.segment_id).map(|segment| segment.name.clone());
            }
            Condition::PrerequisiteFlag(needed) => {
                let setting = self.settings.get(&needed.prerequisite_setting_id);
                view.condition_type = ConditionType::PrerequisiteFlagCondition;
                view.prerequisite_comparator = Some(needed.comparator.clone());
                view.prerequisite_setting_id = Some(needed.prerequisite_setting_id);
                view.prerequisite_setting_key = setting.map(|setting| setting.key.clone());
                view.prerequisite_comparison_value_predefined_variation_name =
                    variation_name(setting, &needed.prerequisite_comparison_value);
                view.prerequisite_comparison_value = Some(needed.prerequisite_comparison_value.clone());
            }
            _ => {}
        }
        view
    }

    fn view_targeting_rule(
        &self,
        setting: &Setting,
        rule: &TargetingRule,
    ) -> models::EvaluationFormulaTargetingRule {
        let options = rule.percentage_options.iter().map(|option| {
            construct::EvaluationFormulaPercentageOptionFields {
                percentage: option.percentage,
                value: option.value.clone(),
                value_predefined_variation_name: variation_name(Some(setting), &option.value),
            }
            .into()
        });
        construct::EvaluationFormulaTargetingRuleFields {
            value: rule.value.clone(),
            value_predefined_variation_name: rule
                .value
                .as_ref()
                .and_then(|v| variation_name(Some(setting), v)),
            conditions: rule.conditions.iter().map(|condition| self.view_condition(condition)).collect(),
            percentage_options: options.collect(),
        }
        .into()
    }

    fn view_evaluation(&self, setting: &Setting, formula: &Formula) -> models::EvaluationFormula {
        construct::EvaluationFormulaFields {
            default_value: formula.default.clone(),
            default_value_predefined_variation_name: variation_name(Some(setting), &formula.default),
            targeting_rules: formula
                .rules
                .iter()
                .map(|rule| self.view_targeting_rule(setting, rule))
                .collect(),
            percentage_evaluation_attribute: formula.percentage_attribute.clone(),
        }
        .into()
    }

    // Assumed: the original value of an open change request is the current one, that of others the value when
    // it was proposed.
    fn view_proposal(
        &self,
        request: &ChangeRequest,
        proposal: &Proposal,
    ) -> Result<models::ChangeRequestProposedChange, Problem> {
        let setting = self.setting(proposal.setting)?;
        let current = self.values.get(&(proposal.setting, request.environment.clone()));
        let original = match current.map(|value| &value.content) {
            Some(Content::V2(formula)) if request.is_open() => formula,
            _ => &proposal.original,
        };
        Ok(construct::ChangeRequestProposedChangeFields {
            setting_id: setting.id,
            setting_key: setting.key.clone(),
            setting_name: setting.name.clone(),
            setting_hint: setting.hint.clone(),
            setting_type: setting.ty.clone(),
            has_conflict: self.in_conflict(request, proposal),
            original_evaluation_formula: self.view_evaluation(setting, original),
            proposed_evaluation_formula: self.view_evaluation(setting, &proposal.proposed),
        }
        .into())
    }

    pub(crate) fn view_change_request(
        &self,
        request: &ChangeRequest,
    ) -> Result<models::ChangeRequest, Problem> {
        let (applied_at, applied_by) = when(request.applied.as_ref());
        let (closed_at, closed_by) = when(request.closed.as_ref());
        let proposals = request.proposals.iter().map(|proposal| self.view_proposal(request, proposal));
        Ok(construct::ChangeRequestFields {
            change_request_id: request.id,
            config_id: request.config.clone(),
            environment_id: request.environment.clone(),
            change_request_status: request.status.clone(),
            needs_attention: request.open_issues().next().is_some(),
            title: request.title.clone(),
            reason: request.reason.clone(),
            apply_at: request.apply_at,
            created_at: request.created_at,
            creator_user_email: request.creator.email.clone(),
            creator_user_full_name: request.creator.full_name.clone(),
            creator_user_id: Some(request.creator.id.clone()),
            setting_values: proposals.collect::<Result<_, _>>()?,
            comments: request.comments.iter().map(view_comment).collect(),
            approved: request.is_approved(),
            approvals: request.approvals.iter().map(view_approval).collect(),
            activities: request.activities.iter().map(view_activity).collect(),
            change_request_issues: request.issues.iter().map(view_issue).collect(),
            applied_at,
            applied_by_user_id: applied_by.map(|by| by.id.clone()),
            applied_by_user_email: applied_by.map(|by| by.email.clone()),
            applied_by_user_full_name: applied_by.map(|by| by.full_name.clone()),
            closed_at,
            closed_by_user_id: closed_by.map(|by| by.id.clone()),
            closed_by_user_email: closed_by.map(|by| by.email.clone()),
            closed_by_user_full_name: closed_by.map(|by| by.full_name.clone()),
            bypass_approval: request.bypass_approval,
        }
        .into())
    }

    pub(crate) fn view_change_request_summary(
        &self,
        request: &ChangeRequest,
    ) -> models::ChangeRequestSummary {
        let (applied_at, applied_by) = when(request.applied.as_ref());
        let (closed_at, closed_by) = when(request.closed.as_ref());
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let key = |id: SettingId| self.settings.get(&id).map(|setting| setting.key.clone());
        construct::ChangeRequestSummaryFields {
            change_request_id: request.id,
            change_request_status: request.status.clone(),
            needs_attention: request.open_issues().next().is_some(),
            title: request.title.clone(),
            reason: request.reason.clone(),
            apply_at: request.apply_at,
            created_at: request.created_at,
            creator_user_email: request.creator.email.clone(),
            creator_user_full_name: request.creator.full_name.clone(),
            creator_user_id: Some(request.creator.id.clone()),
            affected_setting_keys: request.proposals.iter().filter_map(|p| key(p.setting)).collect(),
            comment_count: count(request.comments.len()),
            approved: request.is_approved(),
            conflict_count: count(request.proposals.iter().filter(|p| self.in_conflict(request, p)).count()),
            bypass_approval: request.bypass_approval,
            applied_at,
            applied_by_user_id: applied_by.map(|by| by.id.clone()),
            applied_by_user_email: applied_by.map(|by| by.email.clone()),
            applied_by_user_full_name: applied_by.map(|by| by.full_name.clone()),
            closed_at,
            closed_by_user_id: closed_by.map(|by| by.id.clone()),
            closed_by_user_email: closed_by.map(|by| by.email.clone()),
            closed_by_user_full_name: closed_by.map(|by| by.full_name.clone()),
        }
        .into()
    }
}
