//! Proposals of change requests: what may be proposed, and when it may be applied.

use super::change_requests::formulas;
use crate::problem::Problem;
use crate::state::State;
use crate::state::entities::{Content, Proposal};
use crate::state::views_values::wrong_version;
use configcat_management::Timestamp;
use configcat_management::models::{
    ChangeRequestId, ConfigId, EnvironmentId, UpdateEvaluationFormula,
    UpdateEvaluationFormulaWithLatestVersion,
};

impl State {
    /// Validates a proposed change and converts it to a proposal based on the latest version. A version in the request
    /// must be the latest one, unless `forced`.
    // Documented: a proposal with a `latestVersionId` that is not the latest is refused with 409.
    // Assumed: a proposal for a flag of another config is refused with 400.
    pub(crate) fn proposal(
        &self,
        at: &str,
        environment: &EnvironmentId,
        config: &ConfigId,
        input: UpdateEvaluationFormulaWithLatestVersion,
        forced: bool,
    ) -> Result<Proposal, Problem> {
        let setting = input.setting_id.and_then(|id| self.settings.get(&id)).filter(|s| s.config == *config);
        let setting = setting
            .ok_or_else(|| Problem::field(format!("{at}.settingId"), "The config has no such flag."))?;
        let (setting, config, environment) = self.flag_in(environment, setting.id)?;
        let value = self.value(setting, environment)?;
        if !forced && input.latest_version_id.as_ref().value().is_some_and(|base| *base != value.version) {
            let message = "The value has changed since that version.";
            return Err(Problem { status: 409, ..Problem::field(format!("{at}.latestVersionId"), message) });
        }
        let Content::V2(original) = &value.content else { return Err(wrong_version(&config.version)) };
        let mut formula = UpdateEvaluationFormula::new(input.default_value);
        formula.targeting_rules = input.targeting_rules;
        formula.percentage_evaluation_attribute = input.percentage_evaluation_attribute;
        let proposed = self.formula(setting, config, formula).map_err(|problem| problem.below(at))?;
        Ok(Proposal {
            setting: setting.id,
            proposed,
            original: original.clone(),
            base: value.version.clone(),
        })
    }

    // Assumed: a schedule in the past is refused with 400.
    pub(crate) fn check_apply_at(now: Timestamp, at: Option<Timestamp>) -> Result<(), Problem> {
        if at.is_some_and(|at| at <= now) {
            return Err(Problem::field("applyAt", "The time must be in the future."));
        }
        Ok(())
    }

    // Assumed: `bypassApproval` of a user without that right is refused with 403.
    pub(crate) fn check_bypass(&self, environment: &EnvironmentId, wanted: bool) -> Result<(), Problem> {
        if wanted && !self.can_bypass(self.environment(environment)?) {
            return Err(Problem::forbidden("Your group may not skip the approval here."));
        }
        Ok(())
    }

    /// Adds proposals, replacing those for the same flags. All proposals together must be free of cycles. Returns whether
    /// any proposed value is new.
    // Assumed: proposals replace those for the same flags; proposals for other flags stay.
    // Assumed: proposals that form a cycle of prerequisites together are refused with 400.
    pub(crate) fn put_proposals(
        &mut self,
        id: ChangeRequestId,
        proposals: Vec<Proposal>,
    ) -> Result<bool, Problem> {
        let request = self.change_request_mut(id)?;
        let mut is_new = false;
        for proposal in proposals {
            let same = |old: &Proposal| old.setting == proposal.setting && old.proposed == proposal.proposed;
            is_new |= !request.proposals.iter().any(same);
            match request.proposals.iter_mut().find(|old| old.setting == proposal.setting) {
                Some(old) => *old = proposal,
                None => request.proposals.push(proposal),
            }
        }
        let request = self.change_request(id)?;
        self.refuse_cycle(&formulas(request), &request.environment)?;
        Ok(is_new)
    }
}
