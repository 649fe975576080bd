//! Plants change requests.

use super::{At as _, Planter, check_uuid, parse_body};
use crate::problem::Problem;
use crate::rules;
use crate::seed::mistakes;
use crate::seed::{ChangeRequestSeed, DoneSeed, ProposedChangeSeed};
use crate::state::entities::{
    Activity, Approval, ChangeRequest, Comment, Content, Formula, Issue, Person, Proposal,
};
use configcat_management::models::{
    ChangeRequestCommentId, ChangeRequestStatus, ConfigId, EnvironmentId, EvaluationVersion, ProductId,
    UpdateEvaluationFormula, VersionId,
};
use configcat_management::spec::Type;
use configcat_management::{Timestamp, schema};
use serde_json::Value;
use std::collections::BTreeSet;

impl Planter<'_> {
    pub(super) fn change_request(
        &mut self,
        seed: &ChangeRequestSeed,
        config: &ConfigId,
        product: &ProductId,
    ) -> Result<(), Problem> {
        rules::named("title", &seed.title)?;
        if self.state.config(config)?.version != EvaluationVersion::V2 {
            return Err(Problem::field("", "Change requests are for V2 configs only."));
        }
        let environment = self.named_environment(product, &seed.environment)?;
        let status = seed.change_request_status.clone().unwrap_or(ChangeRequestStatus::Open);
        if let Some(id) = seed.change_request_id {
            self.state.ids.reserve("changeRequestId", id.get())?;
        }
        let id = seed.change_request_id.unwrap_or_else(|| self.state.ids.change_request());
        if self.state.change_requests.contains(&id) {
            return Err(Problem::field("changeRequestId", "It already exists."));
        }
        let creator = self.person_or_me("creatorUserEmail", seed.creator_user_email.as_ref())?;
        let owner = match &seed.owner_user_email {
            None => Some(creator.clone()),
            Some(email) => email.as_ref().map(|email| self.person(email)).transpose()?,
        };
        let open = status == ChangeRequestStatus::Open;
        let proposals = self.proposals(seed, config, &environment, open)?;
        let request = ChangeRequest {
            id,
            product: product.clone(),
            config: config.clone(),
            environment: environment.clone(),
            status,
            title: seed.title.clone(),
            reason: seed.reason.clone(),
            apply_at: seed.apply_at,
            bypass_approval: seed.bypass_approval,
            created_at: seed.created_at.unwrap_or(self.now),
            creator,
            owner,
            proposals,
            comments: self.comments(seed)?,
            approvals: distinct("approvals", self.approvals(seed)?, |approval| approval.id)?,
            activities: distinct("activities", self.activities(seed)?, |activity| activity.id)?,
            issues: distinct("changeRequestIssues", self.issues(seed)?, |issue| issue.id)?,
            applied: self.done(seed.applied.as_ref()).at(|| "applied".into())?,
            closed: self.done(seed.closed.as_ref()).at(|| "closed".into())?,
        };
        self.state.change_requests.insert(request);
        Ok(())
    }

    fn proposals(
        &self,
        seed: &ChangeRequestSeed,
        config: &ConfigId,
        environment: &EnvironmentId,
        open: bool,
    ) -> Result<Vec<Proposal>, Problem> {
        let mut proposals: Vec<Proposal> = Vec::new();
        for (i, proposed) in seed.proposed_changes.iter().enumerate() {
            let at = || format!("proposedChanges[{i}]");
            let proposal = self.proposed(proposed, config, environment, open).at(at)?;
            if proposals.iter().any(|other| other.setting == proposal.setting) {
                return Err(Problem::field(format!("{}.settingKey", at()), "Duplicate flag."));
            }
            proposals.push(proposal);
        }
        Ok(proposals)
    }

    fn proposed(
        &self,
        seed: &ProposedChangeSeed,
        config: &ConfigId,
        environment: &EnvironmentId,
        open: bool,
    ) -> Result<Proposal, Problem> {
        check_uuid("latestVersionId", seed.latest_version_id.as_ref())?;
        let missing =
            || Problem::field("settingKey", format!("The config has no flag {}.", seed.setting_key));
        let setting = self.state.by_key(config, &seed.setting_key).ok_or_else(missing)?;
        let (setting, config, environment) = self.state.flag_in(environment, setting.id)?;
        let value = self.state.value(setting, environment)?;
        let Content::V2(current) = &value.content else { return Err(Problem::not_found()) };
        let json = Value::Object(seed.proposed.clone());
        // What was proposed in the past may refer to what no longer exists.
        let proposed = if open {
            let schema = &schema::flag_values::UPDATE_EVALUATION_FORMULA;
            let body: UpdateEvaluationFormula = parse_body(json, schema).at(|| "proposed".into())?;
            self.state.formula(setting, config, body).at(|| "proposed".into())?
        } else {
            past_formula(json).at(|| "proposed".into())?
        };
        let original = seed.original.clone().map(past_formula).transpose().at(|| "original".into())?;
        let base = seed.latest_version_id.as_deref().map_or_else(|| value.version.clone(), VersionId::new);
        Ok(Proposal {
            setting: setting.id,
            proposed,
            original: original.unwrap_or_else(|| current.clone()),
            base,
        })
    }

    fn comments(&mut self, seed: &ChangeRequestSeed) -> Result<Vec<Comment>, Problem> {
        let mut comments = Vec::new();
        for (i, comment) in seed.comments.iter().enumerate() {
            let at = || format!("comments[{i}]");
            rules::named("body", &comment.body).at(at)?;
            let given = comment.change_request_comment_id.map(ChangeRequestCommentId::get);
            let id = ChangeRequestCommentId::new(self.number("changeRequestCommentId", given).at(at)?);
            if self.state.commented(id).is_some() || comments.iter().any(|other: &Comment| other.id == id) {
                return Err(Problem::field("changeRequestCommentId", "It already exists.")).at(at);
            }
            comments.push(Comment {
                id,
                body: comment.body.clone(),
                at: comment.created_at.unwrap_or(self.now),
                by: self.person_or_me("creatorUserEmail", comment.creator_user_email.as_ref()).at(at)?,
                edited: comment.edited_at,
            });
        }
        Ok(comments)
    }

    fn approvals(&mut self, seed: &ChangeRequestSeed) -> Result<Vec<Approval>, Problem> {
        let mut approvals = Vec::new();
        for (i, approval) in seed.approvals.iter().enumerate() {
            let at = || format!("approvals[{i}]");
            approvals.push(Approval {
                id: self.number("id", approval.id).at(at)?,
                by: self.person(&approval.user_email).at(at)?,
                at: approval.created_at.unwrap_or(self.now),
                dismissed: approval.dismissed_at,
            });
        }
        Ok(approvals)
    }

    fn activities(&mut self, seed: &ChangeRequestSeed) -> Result<Vec<Activity>, Problem> {
        let mut activities = Vec::new();
        for (i, activity) in seed.activities.iter().enumerate() {
            let at = || format!("activities[{i}]");
            let by = activity.user_email.as_ref().map(|email| self.person(email)).transpose().at(at)?;
            activities.push(Activity {
                id: self.number("id", activity.id).at(at)?,
                ty: activity.ty.clone(),
                at: activity.created_at.unwrap_or(self.now),
                by,
                details: activity.details.clone(),
                error: activity.error.clone(),
            });
        }
        Ok(activities)
    }

    fn issues(&mut self, seed: &ChangeRequestSeed) -> Result<Vec<Issue>, Problem> {
        let mut issues = Vec::new();
        for (i, issue) in seed.change_request_issues.iter().enumerate() {
            issues.push(Issue {
                id: self.number("id", issue.id).at(|| format!("changeRequestIssues[{i}]"))?,
                ty: issue.ty.clone(),
                details: issue.details.clone(),
                detected: issue.detected_at.unwrap_or(self.now),
                fixed: issue.fixed_at,
            });
        }
        Ok(issues)
    }

    fn done(&self, seed: Option<&DoneSeed>) -> Result<Option<(Timestamp, Person)>, Problem> {
        seed.map(|done| Ok((done.at, self.person(&done.user_email)?))).transpose()
    }

    /// Returns a number of the seed, or the next one.
    fn number(&mut self, field: &str, given: Option<i64>) -> Result<i64, Problem> {
        let Some(number) = given else { return Ok(self.state.ids.number()) };
        self.state.ids.reserve(field, number)?;
        Ok(number)
    }
}

/// Rejects a list in which a number is used twice.
fn distinct<T>(field: &str, list: Vec<T>, number: impl Fn(&T) -> i64) -> Result<Vec<T>, Problem> {
    let mut seen = BTreeSet::new();
    match list.iter().map(number).find(|number| !seen.insert(*number)) {
        Some(number) => Err(Problem::field(field, format!("The number {number} is used twice."))),
        None => Ok(list),
    }
}

/// Reads a formula that is only shown, so that what it refers to need not exist.
fn past_formula(json: Value) -> Result<Formula, Problem> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct PastFormula {
        default_value: configcat_management::models::FlagValue,
        #[serde(default)]
        targeting_rules: Vec<configcat_management::models::TargetingRule>,
        #[serde(default)]
        percentage_evaluation_attribute: Option<String>,
    }
    let schema = Type::Object(&schema::flag_values::UPDATE_EVALUATION_FORMULA);
    if let Some(problem) = Problem::violations(mistakes::unknown_fields(&json, &schema, &[])) {
        return Err(problem);
    }
    let past: PastFormula =
        serde_path_to_error::deserialize(json).map_err(|error| Problem::unreadable(&error))?;
    Ok(Formula {
        default: past.default_value,
        rules: past.targeting_rules,
        percentage_attribute: past.percentage_evaluation_attribute,
    })
}
