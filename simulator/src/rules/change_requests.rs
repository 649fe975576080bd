//! Life cycle of a change request: issues appear and are fixed, approvals are dismissed, the request is applied.

use crate::problem::Problem;
use crate::state::entities::{
    Activity, ChangeRequest, Content, Formula, Issue, Person, Proposal, formula_prerequisites,
};
use crate::state::{Event, State};
use configcat_management::Timestamp;
use configcat_management::models::{
    AuditLogType, ChangeRequestActivityType, ChangeRequestId, ChangeRequestIssueType, ChangeRequestStatus,
    EnvironmentAccessType, EnvironmentApprovalPermissionType, ProductId, SettingId,
};

impl State {
    /// Returns a change request, or a problem if it is already applied or closed.
    // Documented: a change request is open until it is applied or closed.
    // Assumed: an applied or closed change request can no longer be changed; this is refused with 400.
    pub(crate) fn open_change_request(&self, id: ChangeRequestId) -> Result<&ChangeRequest, Problem> {
        let request = self.change_request(id)?;
        if request.is_open() {
            return Ok(request);
        }
        Err(Problem::field("changeRequestId", format!("The change request is {}.", request.status)))
    }

    /// Writes an audit log entry about a change request.
    pub(crate) fn record_change_request(
        &mut self,
        now: Timestamp,
        id: ChangeRequestId,
        ty: AuditLogType,
        details: &str,
    ) {
        let Some(request) = self.change_requests.get(&id) else { return };
        let (product, config, environment, title, why) = (
            request.product.clone(),
            request.config.clone(),
            request.environment.clone(),
            request.title.clone(),
            request.reason.clone(),
        );
        let event =
            Event::new(ty, &product, &title, details).config(&config).environment(&environment).why(why);
        self.record(now, event);
    }

    /// Adds an activity to a change request.
    pub(crate) fn add_activity(
        &mut self,
        now: Timestamp,
        id: ChangeRequestId,
        ty: ChangeRequestActivityType,
        details: impl Into<String>,
        error: Option<String>,
    ) {
        let activity = Activity {
            id: self.ids.number(),
            ty,
            at: now,
            by: Some(self.me.clone()),
            details: details.into(),
            error,
        };
        if let Some(request) = self.change_requests.get_mut(&id) {
            request.activities.push(activity);
        }
    }

    /// Dismisses the approvals of a change request whose proposals changed, because the new ones need new approvals.
    // Assumed: a change of the proposals dismisses all approvals.
    pub(crate) fn dismiss_approvals(&mut self, now: Timestamp, id: ChangeRequestId) {
        let Some(request) = self.change_requests.get(&id) else { return };
        if request.standing_approvals().next().is_none() {
            return;
        }
        if let Some(request) = self.change_requests.get_mut(&id) {
            for approval in request.approvals.iter_mut().filter(|approval| approval.dismissed.is_none()) {
                approval.dismissed = Some(now);
            }
        }
        self.record_change_request(
            now,
            id,
            AuditLogType::ChangeRequestApprovalDismissed,
            "Approvals dismissed.",
        );
    }

    /// Returns the issues that prevent a change request from being applied.
    // Documented: a change request needs attention without an owner or a required reason, if the owner lacks
    // a permission, after a later change of its flags, and if it would form a cycle.
    // Assumed: the owner of a change request needs full access to the environment.
    fn obstacles(&self, request: &ChangeRequest) -> Vec<(ChangeRequestIssueType, String)> {
        let mut found = Vec::new();
        let environment = self.environments.get(&request.environment);
        match &request.owner {
            None => found.push((ChangeRequestIssueType::NoOwner, "The change request has no owner.".into())),
            Some(owner) => {
                let access = environment.map(|environment| self.access_of(&owner.id, environment));
                if access != Some(EnvironmentAccessType::Full) {
                    let details = format!("{} may not change values here.", owner.email);
                    found.push((ChangeRequestIssueType::OwnerPermissionIssue, details));
                }
            }
        }
        let reason = request.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
        if environment.is_some_and(|environment| self.reason_required(environment)) && !reason {
            found.push((ChangeRequestIssueType::ReasonRequired, "A reason is required here.".into()));
        }
        let conflicts: Vec<String> = request
            .proposals
            .iter()
            .filter(|proposal| self.in_conflict(request, proposal))
            .filter_map(|proposal| self.settings.get(&proposal.setting).map(|setting| setting.key.clone()))
            .collect();
        if !conflicts.is_empty() {
            let details = format!("Changed since the proposal: {}.", conflicts.join(", "));
            found.push((ChangeRequestIssueType::SettingConflict, details));
        }
        if self.refuse_cycle(&formulas(request), &request.environment).is_err() {
            let details = "The prerequisites would form a cycle.".into();
            found.push((ChangeRequestIssueType::CircularDependency, details));
        }
        found
    }

    /// Re-evaluates the issues of an open change request, and records new and fixed ones.
    pub(crate) fn review_change_request(&mut self, now: Timestamp, id: ChangeRequestId) {
        let Some(request) = self.change_requests.get(&id).filter(|request| request.is_open()) else { return };
        let obstacles = self.obstacles(request);
        let active = |ty: &ChangeRequestIssueType| obstacles.iter().any(|(found, _)| found == ty);
        let fixed = request.open_issues().any(|issue| !active(&issue.ty));
        let new: Vec<_> = obstacles
            .iter()
            .filter(|(ty, _)| !request.open_issues().any(|issue| issue.ty == *ty))
            .cloned()
            .collect();
        if new.is_empty() && !fixed {
            return;
        }
        let issues: Vec<Issue> = new
            .into_iter()
            .map(|(ty, details)| Issue { id: self.ids.number(), ty, details, detected: now, fixed: None })
            .collect();
        let added = !issues.is_empty();
        if let Some(request) = self.change_requests.get_mut(&id) {
            for issue in request.issues.iter_mut().filter(|issue| issue.fixed.is_none() && !active(&issue.ty))
            {
                issue.fixed = Some(now);
            }
            request.issues.extend(issues);
        }
        if added {
            self.record_change_request(
                now,
                id,
                AuditLogType::ChangeRequestNeedsAttention,
                "Needs attention.",
            );
        }
        if fixed {
            let ty = AuditLogType::ChangeRequestNeedsAttentionFixed;
            self.record_change_request(now, id, ty, "Needs less attention.");
        }
    }

    /// Re-evaluates the issues of every open change request, because any change may cause one.
    // Assumed: issues are detected and fixed with every change, not only when a change request is read.
    pub(crate) fn review_change_requests(&mut self, now: Timestamp) {
        let open: Vec<ChangeRequestId> = self
            .change_requests
            .values()
            .filter(|request| request.is_open())
            .map(|request| request.id)
            .collect();
        open.into_iter().for_each(|id| self.review_change_request(now, id));
    }

    /// Returns whether a proposal of an open change request depends on a flag.
    pub(crate) fn is_proposed_prerequisite(&self, setting: SettingId, product: &ProductId) -> bool {
        let open = self.change_requests.of(product).filter(|request| request.is_open());
        let others = open.flat_map(|request| &request.proposals).filter(|other| other.setting != setting);
        others.flat_map(|other| formula_prerequisites(&other.proposed)).any(|needed| needed == setting)
    }

    /// Removes a deleted flag from all change requests.
    // Assumed: a deleted flag is removed from all change requests.
    pub(crate) fn drop_from_change_requests(&mut self, now: Timestamp, setting: SettingId) {
        let touched: Vec<ChangeRequestId> = self
            .change_requests
            .values()
            .filter(|request| request.proposals.iter().any(|proposal| proposal.setting == setting))
            .map(|request| request.id)
            .collect();
        for id in touched {
            let open = self.change_requests.get(&id).is_some_and(ChangeRequest::is_open);
            if let Some(request) = self.change_requests.get_mut(&id) {
                request.proposals.retain(|proposal| proposal.setting != setting);
            }
            if open {
                let ty = ChangeRequestActivityType::SettingDeletedFromChangeRequest;
                self.add_activity(now, id, ty, "The flag was deleted.", None);
                self.record_change_request(
                    now,
                    id,
                    AuditLogType::ChangeRequestSettingDeleted,
                    "Flag deleted.",
                );
            }
        }
    }

    /// Applies a change request on behalf of `by`.
    // Documented: applying a change request publishes its proposed changes immediately.
    // Assumed: a change request with an open issue is not applied; this is refused with 400.
    // Assumed: applying a change request without a required approval is refused with 400, unless it has
    // `bypassApproval` and the user the right to it.
    pub(crate) fn apply_change_request(
        &mut self,
        now: Timestamp,
        id: ChangeRequestId,
        by: &Person,
        scheduled: bool,
    ) -> Result<(), Problem> {
        self.review_change_request(now, id);
        let request = self.open_change_request(id)?.clone();
        if let Some(issue) = request.open_issues().next() {
            return Err(Problem::field("changeRequestId", format!("{}: {}", issue.ty, issue.details)));
        }
        let environment = self.environment(&request.environment)?;
        if self.approve_required(environment) && !request.is_approved() {
            let may =
                self.approval_of(&by.id, environment) == EnvironmentApprovalPermissionType::CanBypassApproval;
            if !(request.bypass_approval && may) {
                return Err(Problem::field("changeRequestId", "The change request needs an approval."));
            }
        }
        for proposal in &request.proposals {
            let content = Content::V2(proposal.proposed.clone());
            self.store(now, &request.environment, proposal.setting, content, request.reason.clone())?;
        }
        let request = self.change_request_mut(id)?;
        request.status = ChangeRequestStatus::Applied;
        request.applied = Some((now, by.clone()));
        let ty = if scheduled {
            AuditLogType::ChangeRequestAppliedOnSchedule
        } else {
            AuditLogType::ChangeRequestApplied
        };
        self.record_change_request(now, id, ty, "Change request applied.");
        Ok(())
    }

    /// Applies the scheduled change requests that are due, each at its scheduled time and on behalf of its owner. One
    /// that cannot be applied stays open without a schedule, and has to be applied manually.
    // Documented: a scheduled change request is applied at its time.
    // Assumed: a scheduled change request is applied on behalf of its owner.
    // Assumed: a scheduled change request that cannot be applied stays open without a schedule, with an
    // activity that tells why.
    pub(crate) fn apply_due(&mut self, now: Timestamp) {
        let mut due: Vec<(Timestamp, ChangeRequestId)> = self
            .change_requests
            .values()
            .filter(|request| request.is_open())
            .filter_map(|request| Some((request.apply_at.filter(|at| *at <= now)?, request.id)))
            .collect();
        due.sort_unstable();
        let caller = self.me.clone();
        for (at, id) in due {
            self.review_change_request(at, id);
            let owner = self.change_requests.get(&id).and_then(|request| request.owner.clone());
            let result = match &owner {
                Some(owner) => {
                    self.me = owner.clone();
                    self.apply_change_request(at, id, owner, true)
                }
                None => Err(Problem::field("changeRequestId", "The change request has no owner.")),
            };
            if let Err(problem) = result {
                if let Some(request) = self.change_requests.get_mut(&id) {
                    request.apply_at = None;
                }
                let ty = ChangeRequestActivityType::ScheduledApplyFailed;
                self.add_activity(
                    at,
                    id,
                    ty,
                    "It could not be applied on schedule.",
                    Some(problem.to_string()),
                );
            }
        }
        self.me = caller;
        self.review_change_requests(now);
    }

    /// Returns whether any change request is due.
    pub(crate) fn has_due(&self, now: Timestamp) -> bool {
        self.change_requests.values().any(|r| r.is_open() && r.apply_at.is_some_and(|at| at <= now))
    }

    /// Returns the change request that a comment belongs to.
    pub(crate) fn commented(
        &self,
        id: configcat_management::models::ChangeRequestCommentId,
    ) -> Option<ChangeRequestId> {
        let mut requests = self.change_requests.values();
        requests
            .find(|request| request.comments.iter().any(|comment| comment.id == id))
            .map(|request| request.id)
    }
}

/// Returns the formulas that a change request proposes, with their flags.
pub(crate) fn formulas(request: &ChangeRequest) -> Vec<(SettingId, Formula)> {
    request.proposals.iter().map(|Proposal { setting, proposed, .. }| (*setting, proposed.clone())).collect()
}
