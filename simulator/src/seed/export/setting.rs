//! Flags with their values.

use super::{Exporter, Orders, pruned};
use crate::rules::{formulas, rollouts};
use crate::seed::{CodeReferenceSeed, LinkSeed, SettingSeed, SettingTagSeed};
use crate::state::entities::{CodeReport, Config, Content, IntegrationLink, Setting, SettingValueState};
use crate::state::lookup::sorted;
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Exporter<'_> {
    pub(super) fn setting(&self, setting: &Setting, config: &Config, orders: &mut Orders) -> SettingSeed {
        let state = self.state;
        let tags = setting.tags.iter().filter_map(|attached| {
            let tag = self.tag(state.tags.get(&attached.tag)?);
            Some(SettingTagSeed::Attached { tag, setting_tag_id: attached.id })
        });
        let mut values = BTreeMap::new();
        let mut integration_links: BTreeMap<String, Vec<LinkSeed>> = BTreeMap::new();
        for value in state.values_of(setting.id) {
            let name = self.environment(&config.product, &value.environment);
            values.insert(name, self.value(value));
        }
        let first = (setting.id, String::new().into(), String::new(), String::new());
        for row in state.integration_links.range(first..).take_while(|row| row.setting == setting.id) {
            let name = self.environment(&config.product, &row.environment);
            integration_links.entry(name).or_default().push(link(row));
        }
        SettingSeed {
            setting_id: Some(setting.id),
            key: setting.key.clone(),
            name: setting.name.clone(),
            setting_type: setting.ty.clone(),
            hint: setting.hint.clone(),
            order: orders.given(setting.place),
            is_json: setting.is_json,
            created_at: Some(setting.created_at),
            creator_email: Some(setting.creator.email.clone()),
            tags: tags.collect(),
            predefined_variations: setting
                .variations
                .iter()
                .map(|variation| pruned(&crate::state::State::view_variation(variation)))
                .collect(),
            values,
            integration_links,
            code_references: sorted(state.code_reports.of(&setting.id), |report| report.created)
                .into_iter()
                .map(code_reference)
                .collect(),
        }
    }

    fn value(&self, value: &SettingValueState) -> Value {
        let mut body = match &value.content {
            Content::V1(rollout) => pruned(&rollouts::as_input(rollout)),
            Content::V2(formula) => pruned(&formulas::as_input(formula)),
        };
        if let Value::Object(members) = &mut body {
            members.retain(|_, member| member.as_array().is_none_or(|list| !list.is_empty()));
            members.insert("lastVersionId".into(), json!(value.version));
            members.insert("updatedAt".into(), json!(value.updated));
            let updater = value.updater.as_ref().map(|updater| json!(updater.email));
            members.extend(updater.map(|email| ("lastUpdaterUserEmail".into(), email)));
        }
        body
    }
}

fn link(link: &IntegrationLink) -> LinkSeed {
    LinkSeed {
        integration_link_type: link.ty.clone(),
        key: link.key.clone(),
        description: link.description.clone(),
        url: link.url.clone(),
    }
}

fn code_reference(report: &CodeReport) -> CodeReferenceSeed {
    CodeReferenceSeed {
        code_reference_id: Some(report.id.clone()),
        repository: report.repository.clone(),
        branch: report.branch.clone(),
        commit_url: report.commit_url.clone(),
        commit_hash: report.commit_hash.clone(),
        uploader: report.uploader.clone(),
        synced_at: Some(report.synced_at),
        references: report.references.iter().map(pruned).collect(),
    }
}
