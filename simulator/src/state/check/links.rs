//! Webhooks, integrations, links, proxy profiles, code references, change requests and the audit log.

use super::super::State;
use super::super::entities::ChangeRequest;
use super::{Checked, each, ensure, exists, invalid, same};
use crate::rules::urls;
use configcat_management::models::{ConfigId, EnvironmentId, OrganizationId, ProductId};

impl State {
    pub(super) fn check_links(&self) -> Result<(), String> {
        each("webhooks", self.webhooks.values(), |webhook| {
            self.check_pair(&webhook.config, &webhook.environment, &webhook.product)?;
            urls::http("url", &webhook.url).map_err(|problem| invalid("url", problem))
        })?;
        each("integrations", self.integrations.values(), |integration| {
            exists(self.products.get(&integration.product), "product", &integration.product)?;
            for id in &integration.environments {
                let environment = exists(self.environments.get(id), "environments", id)?;
                same("environments", &environment.product, &integration.product)?;
            }
            for id in &integration.configs {
                let config = exists(self.configs.get(id), "configs", id)?;
                same("configs", &config.product, &integration.product)?;
            }
            Ok(())
        })?;
        each("integration_links", self.integration_links.values(), |link| {
            let setting = exists(self.settings.get(&link.setting), "setting", link.setting)?;
            let config = exists(self.configs.get(&setting.config), "setting", &setting.config)?;
            self.check_pair(&config.id, &link.environment, &config.product)
        })?;
        each("proxy_profiles", self.proxy_profiles.values(), |profile| {
            exists(self.organizations.get(&profile.organization), "organization", &profile.organization)?;
            for (config, environment) in &profile.selected {
                self.check_selection(config, environment, &profile.organization)?;
            }
            Ok(())
        })?;
        each("code_reports", self.code_reports.values(), |report| {
            let setting = exists(self.settings.get(&report.setting), "setting", report.setting)?;
            same("config", &report.config, &setting.config)
        })?;
        each("change_requests", self.change_requests.values(), |request| self.check_request(request))?;
        each("audit", self.audit.values(), |entry| {
            exists(self.organizations.get(&entry.organization), "organization", &entry.organization).map(drop)
        })
    }

    fn check_pair(&self, config: &ConfigId, environment: &EnvironmentId, product: &ProductId) -> Checked {
        let config = exists(self.configs.get(config), "config", config)?;
        same("config", &config.product, product)?;
        let environment = exists(self.environments.get(environment), "environment", environment)?;
        same("environment", &environment.product, product)
    }

    fn check_selection(
        &self,
        config: &ConfigId,
        environment: &EnvironmentId,
        organization: &OrganizationId,
    ) -> Checked {
        let found = exists(self.configs.get(config), "selected", config)?;
        let product = exists(self.products.get(&found.product), "selected", &found.product)?;
        same("selected", &product.organization, organization)?;
        self.check_pair(config, environment, &product.id)
    }

    fn check_request(&self, request: &ChangeRequest) -> Checked {
        self.check_pair(&request.config, &request.environment, &request.product)?;
        for proposal in &request.proposals {
            let setting = exists(self.settings.get(&proposal.setting), "proposals", proposal.setting)?;
            same("proposals", &setting.config, &request.config)?;
        }
        let mut flags: Vec<_> = request.proposals.iter().map(|proposal| proposal.setting).collect();
        flags.sort_unstable();
        flags.dedup();
        ensure(flags.len() == request.proposals.len(), "proposals", || "a flag is there twice".into())
    }
}
