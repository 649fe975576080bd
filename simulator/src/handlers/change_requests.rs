//! Change requests: proposed values, approvals, schedules.

use crate::call::Call;
use crate::generated::change_requests::{
    ChangeRequests, GetProposedChangesQuery, ListQuery, UpdateProposedChangesQuery,
};
use crate::problem::Problem;
use crate::rules;
use crate::rules::paging::{self, page};
use crate::state::State;
use crate::state::entities::{Approval, ChangeRequest, Proposal};
use crate::state::views_values::wrong_version;
use configcat_management::construct;
use configcat_management::models::{
    self, AuditLogType, ChangeRequestActivityType, ChangeRequestApproveRequiredFilter, ChangeRequestId,
    ChangeRequestList, ChangeRequestProposedChanges, ChangeRequestScheduleFilter, ChangeRequestStatus,
    ConfigId, ConfigSettingFormula, CreateChangeRequest, EnvironmentApprovalPermissionType, EnvironmentId,
    EvaluationVersion, NeedsAttentionFilter, ProductId, ResolveChangeRequestSettingConflicts, SettingId,
    UpdateChangeRequest, UpdateChangeRequestProposedChanges,
};
use configcat_management::{Field, Timestamp};

impl State {
    /// Records a change in the activities and in the audit log. Returns the change request after the change.
    fn changed(
        &mut self,
        now: Timestamp,
        id: ChangeRequestId,
        (activity, entry): (ChangeRequestActivityType, AuditLogType),
        details: &str,
    ) -> Result<models::ChangeRequest, Problem> {
        self.add_activity(now, id, activity, details, None);
        self.record_change_request(now, id, entry, details);
        self.reviewed(now, id)
    }

    /// Re-evaluates the issues after a change, and returns the change request.
    fn reviewed(&mut self, now: Timestamp, id: ChangeRequestId) -> Result<models::ChangeRequest, Problem> {
        self.review_change_request(now, id);
        self.view_change_request(self.change_request(id)?)
    }

    fn listed(&self, request: &ChangeRequest, query: &ListQuery) -> bool {
        let needed = self.environments.get(&request.environment).is_some_and(|e| self.approve_required(e));
        let attention = request.open_issues().next().is_some();
        query.config_id.as_ref().is_none_or(|id| request.config == *id)
            && query.environment_id.as_ref().is_none_or(|id| request.environment == *id)
            && query
                .setting_id
                .is_none_or(|id| request.proposals.iter().any(|proposal| proposal.setting == id))
            && (query.change_request_status_filter.is_empty()
                || query.change_request_status_filter.contains(&request.status))
            && query.schedule_filter.as_ref().is_none_or(|filter| {
                request.apply_at.is_some() == (*filter == ChangeRequestScheduleFilter::Scheduled)
            })
            && query.approve_required_filter.as_ref().is_none_or(|filter| {
                needed == (*filter == ChangeRequestApproveRequiredFilter::ApproveRequired)
            })
            && query
                .needs_attention_filter
                .as_ref()
                .is_none_or(|filter| attention == (*filter == NeedsAttentionFilter::NeedsAttention))
    }
}

impl ChangeRequests for State {
    // Assumed: change requests are listed newest first, without those of environments that the caller does
    // not see.
    fn list(
        &mut self,
        _: &Call<'_>,
        product_id: ProductId,
        query: ListQuery,
    ) -> Result<ChangeRequestList, Problem> {
        self.product(&product_id)?;
        let seen: Vec<_> = self.visible_environments(&product_id).into_iter().map(|e| &e.id).collect();
        let newest_first = self.change_requests.of(&product_id).rev();
        let requests: Vec<_> = newest_first
            .filter(|request| seen.contains(&&request.environment) && self.listed(request, &query))
            .map(|request| self.view_change_request_summary(request))
            .collect();
        let (info, data) = page(requests, query.page_number, query.page_size, paging::CHANGE_REQUESTS);
        Ok(construct::ChangeRequestListFields {
            change_requests: construct::ChangeRequestPageFields { paging: Some(info), data: Some(data) }
                .into(),
        }
        .into())
    }

    // Assumed: change requests are for V2 configs only; others are refused with 400.
    // Assumed: the user who creates a change request owns it.
    // Assumed: two proposals for the same flag are refused with 400.
    // Assumed: a change request may be created without proposals.
    fn create(
        &mut self,
        call: &Call<'_>,
        config_id: ConfigId,
        environment_id: EnvironmentId,
        body: CreateChangeRequest,
    ) -> Result<models::ChangeRequest, Problem> {
        let (config, _) = self.pair(&config_id, &environment_id)?;
        if config.version != EvaluationVersion::V2 {
            return Err(wrong_version(&config.version));
        }
        let product = config.product.clone();
        rules::named("title", &body.title)?;
        Self::check_apply_at(call.now, body.apply_at.as_ref().value().copied())?;
        let bypass = body.bypass_approval.unwrap_or(false);
        self.check_bypass(&environment_id, bypass)?;
        let mut proposals: Vec<Proposal> = Vec::new();
        for (i, input) in body.proposed_changes.unwrap_or_default().into_iter().enumerate() {
            let at = format!("proposedChanges[{i}].proposedChange");
            let proposal = self.proposal(&at, &environment_id, &config_id, input.proposed_change, false)?;
            if proposals.iter().any(|other| other.setting == proposal.setting) {
                return Err(Problem::field(format!("{at}.settingId"), "Duplicate flag."));
            }
            proposals.push(proposal);
        }
        let id = self.ids.change_request();
        self.change_requests.insert(ChangeRequest {
            id,
            product,
            config: config_id,
            environment: environment_id,
            status: ChangeRequestStatus::Open,
            title: body.title,
            reason: body.reason.value(),
            apply_at: body.apply_at.value(),
            bypass_approval: bypass,
            created_at: call.now,
            creator: self.me.clone(),
            owner: Some(self.me.clone()),
            proposals: Vec::new(),
            comments: Vec::new(),
            approvals: Vec::new(),
            activities: Vec::new(),
            issues: Vec::new(),
            applied: None,
            closed: None,
        });
        self.put_proposals(id, proposals)?;
        self.add_activity(call.now, id, ChangeRequestActivityType::Created, "Created.", None);
        self.record_change_request(
            call.now,
            id,
            AuditLogType::ChangeRequestCreated,
            "Change request created.",
        );
        self.reviewed(call.now, id)
    }

    fn get(
        &mut self,
        _: &Call<'_>,
        change_request_id: ChangeRequestId,
    ) -> Result<models::ChangeRequest, Problem> {
        self.view_change_request(self.change_request(change_request_id)?)
    }

    // Assumed: null as reason or schedule removes it; absent changes nothing.
    fn update(
        &mut self,
        call: &Call<'_>,
        change_request_id: ChangeRequestId,
        body: UpdateChangeRequest,
    ) -> Result<models::ChangeRequest, Problem> {
        let mut request = self.open_change_request(change_request_id)?.clone();
        rules::named("title", &body.title)?;
        request.title = body.title;
        let mut activities = Vec::new();
        if let Some(reason) = cleared(body.reason)
            && reason != request.reason
        {
            request.reason = reason;
            activities.push((ChangeRequestActivityType::ReasonChanged, "Reason changed."));
        }
        if let Some(at) = cleared(body.apply_at)
            && at != request.apply_at
        {
            Self::check_apply_at(call.now, at)?;
            request.apply_at = at;
            activities.push((ChangeRequestActivityType::ApplyAtChanged, "Schedule changed."));
        }
        if let Some(bypass) = body.bypass_approval.value().filter(|bypass| *bypass != request.bypass_approval)
        {
            self.check_bypass(&request.environment, bypass)?;
            request.bypass_approval = bypass;
            activities.push(if bypass {
                (ChangeRequestActivityType::BypassApprovalEnabled, "The approval is to be skipped.")
            } else {
                (ChangeRequestActivityType::BypassApprovalDisabled, "The approval is not to be skipped.")
            });
        }
        self.change_requests.insert(request);
        for (ty, details) in activities {
            self.add_activity(call.now, change_request_id, ty, details, None);
        }
        let ty = AuditLogType::ChangeRequestUpdated;
        self.record_change_request(call.now, change_request_id, ty, "Change request changed.");
        self.reviewed(call.now, change_request_id)
    }

    fn get_proposed_changes(
        &mut self,
        _: &Call<'_>,
        change_request_id: ChangeRequestId,
        query: GetProposedChangesQuery,
    ) -> Result<ChangeRequestProposedChanges, Problem> {
        let request = self.change_request(change_request_id)?;
        let environment = self.environment(&request.environment)?;
        let relations = self.relations(&request.config, environment);
        let wanted = |proposal: &&Proposal| query.setting_id.is_none_or(|id| proposal.setting == id);
        let mut proposed_changes: Vec<ConfigSettingFormula> = Vec::new();
        for proposal in request.proposals.iter().filter(wanted) {
            let setting = self.setting(proposal.setting)?;
            let value = self.value(setting, environment)?;
            proposed_changes.push(self.view_formula_of(
                setting,
                environment,
                value,
                &proposal.proposed,
                &relations,
            ));
        }
        Ok(construct::ChangeRequestProposedChangesFields {
            feature_flag_limitations: Self::limitations(),
            proposed_changes,
        }
        .into())
    }

    // Documented: `forced` skips the check of `latestVersionId`.
    // Assumed: a proposal for another flag than `settingId` of the query, or two for the same flag, are
    // refused with 400.
    fn update_proposed_changes(
        &mut self,
        call: &Call<'_>,
        change_request_id: ChangeRequestId,
        query: UpdateProposedChangesQuery,
        body: UpdateChangeRequestProposedChanges,
    ) -> Result<models::ChangeRequest, Problem> {
        let request = self.open_change_request(change_request_id)?;
        let (environment, config) = (request.environment.clone(), request.config.clone());
        let mut proposals: Vec<Proposal> = Vec::new();
        for (i, mut input) in body.proposed_changes.unwrap_or_default().into_iter().enumerate() {
            let at = format!("proposedChanges[{i}]");
            input.setting_id = input.setting_id.or(query.setting_id);
            if query.setting_id.is_some_and(|only| input.setting_id != Some(only)) {
                let message = "The request is about another flag.";
                return Err(Problem::field(format!("{at}.settingId"), message));
            }
            let forced = body.forced == Some(true);
            let proposal = self.proposal(&at, &environment, &config, input, forced)?;
            if proposals.iter().any(|other| other.setting == proposal.setting) {
                return Err(Problem::field(format!("{at}.settingId"), "Duplicate flag."));
            }
            proposals.push(proposal);
        }
        // Assumed: approvals stay if what was proposed is sent again.
        if self.put_proposals(change_request_id, proposals)? {
            self.dismiss_approvals(call.now, change_request_id);
        }
        let types = (
            ChangeRequestActivityType::ProposedChangesUpdated,
            AuditLogType::ChangeRequestSettingValuesUpdated,
        );
        self.changed(call.now, change_request_id, types, "Proposals changed.")
    }

    // Assumed: removing a flag that is not in the change request is refused with 404.
    fn delete_proposed_change(
        &mut self,
        call: &Call<'_>,
        change_request_id: ChangeRequestId,
        setting_id: SettingId,
    ) -> Result<models::ChangeRequest, Problem> {
        let mut request = self.open_change_request(change_request_id)?.clone();
        let before = request.proposals.len();
        request.proposals.retain(|proposal| proposal.setting != setting_id);
        if request.proposals.len() == before {
            return Err(Problem::not_found());
        }
        self.change_requests.insert(request);
        self.dismiss_approvals(call.now, change_request_id);
        let types = (
            ChangeRequestActivityType::SettingDeletedFromChangeRequest,
            AuditLogType::ChangeRequestSettingDeleted,
        );
        self.changed(call.now, change_request_id, types, "A flag was taken out.")
    }

    // Documented: a new proposal, based on the latest version, resolves the conflict of its flag.
    // Assumed: a flag that is not in the change request is refused with 404, a proposal for another flag with
    // 400.
    fn resolve_conflicts(
        &mut self,
        call: &Call<'_>,
        change_request_id: ChangeRequestId,
        setting_id: SettingId,
        body: ResolveChangeRequestSettingConflicts,
    ) -> Result<models::ChangeRequest, Problem> {
        let request = self.open_change_request(change_request_id)?;
        if !request.proposals.iter().any(|proposal| proposal.setting == setting_id) {
            return Err(Problem::not_found());
        }
        let (environment, config) = (request.environment.clone(), request.config.clone());
        let mut input = body.proposed_change;
        if input.setting_id.is_some_and(|id| id != setting_id) {
            return Err(Problem::field("proposedChange.settingId", "The request is about another flag."));
        }
        input.setting_id = Some(setting_id);
        let proposal = self.proposal("proposedChange", &environment, &config, input, false)?;
        self.put_proposals(change_request_id, vec![proposal])?;
        self.dismiss_approvals(call.now, change_request_id);
        let types =
            (ChangeRequestActivityType::ConflictsResolved, AuditLogType::ChangeRequestSettingValueRebased);
        self.changed(call.now, change_request_id, types, "A conflict was settled.")
    }

    fn apply(
        &mut self,
        call: &Call<'_>,
        change_request_id: ChangeRequestId,
    ) -> Result<models::ChangeRequest, Problem> {
        let me = self.me.clone();
        self.apply_change_request(call.now, change_request_id, &me, false)?;
        self.view_change_request(self.change_request(change_request_id)?)
    }

    // Assumed: a user who may approve the change requests of others gets 403 for their own.
    // Assumed: a user with the permission `canBypassApproval` may approve their own change requests.
    // Assumed: a second approval by the same user is refused with 400.
    fn approve(
        &mut self,
        call: &Call<'_>,
        change_request_id: ChangeRequestId,
    ) -> Result<models::ChangeRequest, Problem> {
        let request = self.open_change_request(change_request_id)?;
        let right = self.approval_of(&self.me.id, self.environment(&request.environment)?);
        let own = request.creator.id == self.me.id;
        match right {
            EnvironmentApprovalPermissionType::CanBypassApproval => {}
            EnvironmentApprovalPermissionType::CanApproveOthers if !own => {}
            EnvironmentApprovalPermissionType::CanApproveOthers => {
                return Err(Problem::forbidden("Your group may approve the change requests of others only."));
            }
            _ => return Err(Problem::forbidden("Your group may not approve here.")),
        }
        if request.standing_approvals().any(|approval| approval.by.id == self.me.id) {
            return Err(Problem::field("changeRequestId", "You have approved it already."));
        }
        let approval = Approval { id: self.ids.number(), by: self.me.clone(), at: call.now, dismissed: None };
        self.change_request_mut(change_request_id)?.approvals.push(approval);
        let ty = AuditLogType::ChangeRequestApproved;
        self.record_change_request(call.now, change_request_id, ty, "Change request approved.");
        self.reviewed(call.now, change_request_id)
    }

    // Assumed: removing an approval that the user has not given is refused with 400.
    fn remove_approval(
        &mut self,
        call: &Call<'_>,
        change_request_id: ChangeRequestId,
    ) -> Result<models::ChangeRequest, Problem> {
        self.open_change_request(change_request_id)?;
        let me = self.me.id.clone();
        let request = self.change_request_mut(change_request_id)?;
        let approval = request.approvals.iter_mut().find(|a| a.dismissed.is_none() && a.by.id == me);
        let Some(approval) = approval else {
            return Err(Problem::field("changeRequestId", "You have not approved it."));
        };
        approval.dismissed = Some(call.now);
        let ty = AuditLogType::ChangeRequestApprovalDismissed;
        self.record_change_request(call.now, change_request_id, ty, "Approval taken back.");
        self.reviewed(call.now, change_request_id)
    }

    // Assumed: every user with full access to the environment may claim a change request, also one that has
    // an owner.
    fn claim_ownership(
        &mut self,
        call: &Call<'_>,
        change_request_id: ChangeRequestId,
    ) -> Result<models::ChangeRequest, Problem> {
        self.open_change_request(change_request_id)?;
        let me = self.me.clone();
        self.change_request_mut(change_request_id)?.owner = Some(me);
        let types =
            (ChangeRequestActivityType::OwnershipClaimed, AuditLogType::ChangeRequestOwnershipClaimed);
        self.changed(call.now, change_request_id, types, "Ownership claimed.")
    }

    // Assumed: every user with full access to the environment may close a change request.
    fn close(
        &mut self,
        call: &Call<'_>,
        change_request_id: ChangeRequestId,
    ) -> Result<models::ChangeRequest, Problem> {
        self.open_change_request(change_request_id)?;
        let me = self.me.clone();
        let request = self.change_request_mut(change_request_id)?;
        request.status = ChangeRequestStatus::Closed;
        request.closed = Some((call.now, me));
        let ty = AuditLogType::ChangeRequestClosed;
        self.record_change_request(call.now, change_request_id, ty, "Change request closed.");
        self.view_change_request(self.change_request(change_request_id)?)
    }
}

/// Returns the new value of an optional field, if it changes: null clears it, absent leaves it unchanged.
fn cleared<T>(input: Field<T>) -> Option<Option<T>> {
    match input {
        Field::Absent => None,
        Field::Null => Some(None),
        Field::Value(value) => Some(Some(value)),
    }
}
