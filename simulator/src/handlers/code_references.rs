//! Code references.

use crate::call::Call;
use crate::generated::code_references::CodeReferences;
use crate::problem::Problem;
use crate::state::entities::CodeReport;
use crate::state::lookup::sorted;
use crate::state::{Event, State, ids};
use configcat_management::construct;
use configcat_management::models::{
    AuditLogType, CodeReference, ConfigId, DeleteRepositoryReports, ReferenceLine, ReferenceLines, SettingId,
    UploadCodeReferences, UploadReferenceLine, UploadReferenceLines,
};

fn line(input: UploadReferenceLine) -> ReferenceLine {
    construct::ReferenceLineFields { line_text: input.line_text.value(), line_number: input.line_number }
        .into()
}

pub(crate) fn lines(input: UploadReferenceLines) -> ReferenceLines {
    construct::ReferenceLinesFields {
        file: input.file,
        file_url: input.file_url.value(),
        pre_lines: input.pre_lines.unwrap_or_default().into_iter().map(line).collect(),
        post_lines: input.post_lines.unwrap_or_default().into_iter().map(line).collect(),
        reference_line: line(input.reference_line),
    }
    .into()
}

impl State {
    /// Removes the reports of a config for which `picked` returns true. Returns the number of removed reports.
    fn remove_reports(&mut self, config: &ConfigId, picked: impl Fn(&CodeReport) -> bool) -> usize {
        let ids: Vec<String> = self
            .settings
            .of(config)
            .flat_map(|setting| self.code_reports.of(&setting.id))
            .filter(|report| picked(report))
            .map(|report| report.id.clone())
            .collect();
        ids.iter().for_each(|id| drop(self.code_reports.remove(id)));
        ids.len()
    }
}

impl CodeReferences for State {
    fn list(&mut self, _: &Call<'_>, setting_id: SettingId) -> Result<Vec<CodeReference>, Problem> {
        self.setting(setting_id)?;
        let reports = sorted(self.code_reports.of(&setting_id), |report| report.created).into_iter();
        Ok(reports
            .map(|report| {
                construct::CodeReferenceFields {
                    branch: Some(report.branch.clone()),
                    references: Some(report.references.clone()),
                    commit_url: report.commit_url.clone(),
                    commit_hash: report.commit_hash.clone(),
                    synced_at: report.synced_at,
                    repository: Some(report.repository.clone()),
                    code_reference_id: report.id.clone(),
                    uploader: report.uploader.clone(),
                }
                .into()
            })
            .collect())
    }

    // Assumed: an upload replaces the reports of its repository and branch.
    // Assumed: an upload for a flag of another config is refused with 400, and nothing is changed.
    // Documented: the reports of branches that are not in `activeBranches` are deleted.
    // Assumed: if `activeBranches` is absent, no other branch is deleted.
    // Assumed: every member of the product may upload and delete reports; other callers get 404.
    fn upload(&mut self, call: &Call<'_>, body: UploadCodeReferences) -> Result<(), Problem> {
        let config = self.config(&body.config_id)?;
        let (product, config) = (config.product.clone(), config.id.clone());
        self.check_sees(&product)?;
        let found = body.flag_references.unwrap_or_default();
        for (i, flag) in found.iter().enumerate() {
            if self.settings.get(&flag.setting_id).is_none_or(|setting| setting.config != config) {
                let field = format!("flagReferences[{i}].settingId");
                return Err(Problem::field(field, "The config has no such flag."));
            }
        }
        // An upload is complete for its branch, so it replaces the earlier reports.
        self.remove_reports(&config, |report| {
            report.repository == body.repository && report.branch == body.branch
        });
        for flag in found {
            let report = CodeReport {
                id: ids::uuid(),
                setting: flag.setting_id,
                config: config.clone(),
                repository: body.repository.clone(),
                branch: body.branch.clone(),
                commit_url: body.commit_url.as_ref().value().cloned(),
                commit_hash: body.commit_hash.as_ref().value().cloned(),
                uploader: body.uploader.as_ref().value().cloned(),
                references: flag.references.into_iter().map(lines).collect(),
                synced_at: call.now,
                created: self.ids.created(),
            };
            self.code_reports.insert(report);
        }
        let target = format!("{} {}", body.repository, body.branch);
        let event =
            Event::new(AuditLogType::CodeReferencesUploaded, &product, &target, "Code references uploaded.");
        self.record(call.now, event.config(&config));
        if let Some(active) = body.active_branches {
            let removed = self.remove_reports(&config, |report| {
                report.repository == body.repository
                    && report.branch != body.branch
                    && !active.contains(&report.branch)
            });
            if removed > 0 {
                let ty = AuditLogType::CodeReferenceStaleBranchDeleted;
                let event = Event::new(ty, &product, &body.repository, "Reports of gone branches deleted.");
                self.record(call.now, event.config(&config));
            }
        }
        Ok(())
    }

    // Documented: branch and flag restrict which reports of a repository are deleted.
    // Assumed: deleting reports succeeds if there are none.
    fn delete_reports(&mut self, call: &Call<'_>, body: DeleteRepositoryReports) -> Result<(), Problem> {
        let config = self.config(&body.config_id)?;
        let (product, config) = (config.product.clone(), config.id.clone());
        self.check_sees(&product)?;
        let (branch, setting) = (body.branch.value(), body.setting_id.value());
        self.remove_reports(&config, |report| {
            report.repository == body.repository
                && branch.as_ref().is_none_or(|branch| report.branch == *branch)
                && setting.is_none_or(|setting| report.setting == setting)
        });
        let event = Event::new(
            AuditLogType::CodeReferenceDeleted,
            &product,
            &body.repository,
            "Code references deleted.",
        );
        self.record(call.now, event.config(&config));
        Ok(())
    }
}
