//! Operations that the simulator does not carry out yet: they answer 501 and say so.

use crate::generated::{
    change_request_comments, change_requests, code_references, integration_links, integrations, invitations,
    jira, proxy_profiles, segments, stale_flags, webhooks,
};
use crate::http::call::Call;
use crate::problem::Problem;
use crate::state::State;
use configcat_management::models;

impl segments::Segments for State {
    fn list(&mut self, call: &Call<'_>, _: models::ProductId) -> Result<Vec<models::SegmentList>, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        _: models::ProductId,
        _: models::CreateSegment,
    ) -> Result<models::Segment, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn get(&mut self, call: &Call<'_>, _: models::SegmentId) -> Result<models::Segment, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        _: models::SegmentId,
        _: models::UpdateSegment,
    ) -> Result<models::Segment, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete(&mut self, call: &Call<'_>, _: models::SegmentId) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }
}

impl invitations::Invitations for State {
    fn list_for_product(
        &mut self,
        call: &Call<'_>,
        _: models::ProductId,
    ) -> Result<Vec<models::Invitation>, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn list_for_organization(
        &mut self,
        call: &Call<'_>,
        _: models::OrganizationId,
    ) -> Result<Vec<models::OrganizationInvitation>, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete(&mut self, call: &Call<'_>, _: models::InvitationId) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }
}

impl webhooks::Webhooks for State {
    fn list(&mut self, call: &Call<'_>, _: models::ProductId) -> Result<Vec<models::Webhook>, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        _: models::ConfigId,
        _: models::EnvironmentId,
        _: models::WebhookInput,
    ) -> Result<models::Webhook, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn get(&mut self, call: &Call<'_>, _: models::WebhookId) -> Result<models::Webhook, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn patch(
        &mut self,
        call: &Call<'_>,
        _: models::WebhookId,
        _: models::JsonPatch,
    ) -> Result<models::Webhook, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn replace(
        &mut self,
        call: &Call<'_>,
        _: models::WebhookId,
        _: models::WebhookInput,
    ) -> Result<models::Webhook, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete(&mut self, call: &Call<'_>, _: models::WebhookId) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn get_signing_keys(
        &mut self,
        call: &Call<'_>,
        _: models::WebhookId,
    ) -> Result<models::WebhookSigningKeys, Problem> {
        Err(Problem::pending(call.operation.id))
    }
}

impl integrations::Integrations for State {
    fn list(&mut self, call: &Call<'_>, _: models::ProductId) -> Result<models::IntegrationList, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        _: models::ProductId,
        _: models::CreateIntegration,
    ) -> Result<models::Integration, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn get(&mut self, call: &Call<'_>, _: models::IntegrationId) -> Result<models::Integration, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        _: models::IntegrationId,
        _: models::UpdateIntegration,
    ) -> Result<models::Integration, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete(&mut self, call: &Call<'_>, _: models::IntegrationId) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }
}

impl integration_links::IntegrationLinks for State {
    fn get_details(
        &mut self,
        call: &Call<'_>,
        _: models::IntegrationLinkType,
        _: String,
    ) -> Result<models::IntegrationLinkDetails, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn add_or_update(
        &mut self,
        call: &Call<'_>,
        _: models::EnvironmentId,
        _: models::SettingId,
        _: models::IntegrationLinkType,
        _: String,
        _: Option<models::AddOrUpdateIntegrationLink>,
    ) -> Result<models::IntegrationLink, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete(
        &mut self,
        call: &Call<'_>,
        _: models::EnvironmentId,
        _: models::SettingId,
        _: models::IntegrationLinkType,
        _: String,
    ) -> Result<models::DeletedIntegrationLink, Problem> {
        Err(Problem::pending(call.operation.id))
    }
}

impl jira::Jira for State {
    fn add_or_update_link(
        &mut self,
        call: &Call<'_>,
        _: models::EnvironmentId,
        _: models::SettingId,
        _: String,
        _: Option<models::AddOrUpdateJiraIntegrationLink>,
    ) -> Result<models::IntegrationLink, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn connect(&mut self, call: &Call<'_>, _: Option<models::ConnectJira>) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }
}

impl proxy_profiles::ProxyProfiles for State {
    fn list(
        &mut self,
        call: &Call<'_>,
        _: models::OrganizationId,
    ) -> Result<models::ProxyProfileList, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        _: models::OrganizationId,
        _: models::ProxyProfileInput,
    ) -> Result<models::ProxyProfile, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn get(&mut self, call: &Call<'_>, _: models::ProxyProfileId) -> Result<models::ProxyProfile, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn patch(
        &mut self,
        call: &Call<'_>,
        _: models::ProxyProfileId,
        _: models::JsonPatch,
    ) -> Result<models::ProxyProfile, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn replace(
        &mut self,
        call: &Call<'_>,
        _: models::ProxyProfileId,
        _: models::ProxyProfileInput,
    ) -> Result<models::ProxyProfile, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete(&mut self, call: &Call<'_>, _: models::ProxyProfileId) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn get_sdk_keys(
        &mut self,
        call: &Call<'_>,
        _: models::ProxyProfileId,
    ) -> Result<models::ProxyProfileSdkKeys, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn select_sdk_keys(
        &mut self,
        call: &Call<'_>,
        _: models::ProxyProfileId,
        _: models::SelectSdkKeys,
    ) -> Result<models::ProxyProfileSdkKeys, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn deselect_sdk_keys(
        &mut self,
        call: &Call<'_>,
        _: models::ProxyProfileId,
        _: models::SelectSdkKeys,
    ) -> Result<models::ProxyProfileSdkKeys, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn generate_secret(
        &mut self,
        call: &Call<'_>,
        _: models::ProxyProfileId,
    ) -> Result<models::ProxyProfileSecret, Problem> {
        Err(Problem::pending(call.operation.id))
    }
}

impl code_references::CodeReferences for State {
    fn list(&mut self, call: &Call<'_>, _: models::SettingId) -> Result<Vec<models::CodeReference>, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn upload(&mut self, call: &Call<'_>, _: models::UploadCodeReferences) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete_reports(&mut self, call: &Call<'_>, _: models::DeleteRepositoryReports) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }
}

impl stale_flags::StaleFlags for State {
    fn get(
        &mut self,
        call: &Call<'_>,
        _: models::ProductId,
        _: stale_flags::GetQuery,
    ) -> Result<models::StaleFlagProduct, Problem> {
        Err(Problem::pending(call.operation.id))
    }
}

impl change_requests::ChangeRequests for State {
    fn list(
        &mut self,
        call: &Call<'_>,
        _: models::ProductId,
        _: change_requests::ListQuery,
    ) -> Result<models::ChangeRequestList, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        _: models::ConfigId,
        _: models::EnvironmentId,
        _: models::CreateChangeRequest,
    ) -> Result<models::ChangeRequest, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn get(&mut self, call: &Call<'_>, _: models::ChangeRequestId) -> Result<models::ChangeRequest, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestId,
        _: models::UpdateChangeRequest,
    ) -> Result<models::ChangeRequest, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn get_proposed_changes(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestId,
        _: change_requests::GetProposedChangesQuery,
    ) -> Result<models::ChangeRequestProposedChanges, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn update_proposed_changes(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestId,
        _: change_requests::UpdateProposedChangesQuery,
        _: models::UpdateChangeRequestProposedChanges,
    ) -> Result<models::ChangeRequest, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete_proposed_change(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestId,
        _: models::SettingId,
    ) -> Result<models::ChangeRequest, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn resolve_conflicts(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestId,
        _: models::SettingId,
        _: models::ResolveChangeRequestSettingConflicts,
    ) -> Result<models::ChangeRequest, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn apply(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestId,
    ) -> Result<models::ChangeRequest, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn approve(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestId,
    ) -> Result<models::ChangeRequest, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn remove_approval(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestId,
    ) -> Result<models::ChangeRequest, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn claim_ownership(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestId,
    ) -> Result<models::ChangeRequest, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn close(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestId,
    ) -> Result<models::ChangeRequest, Problem> {
        Err(Problem::pending(call.operation.id))
    }
}

impl change_request_comments::ChangeRequestComments for State {
    fn add(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestId,
        _: models::AddChangeRequestComment,
    ) -> Result<models::ChangeRequestComment, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        _: models::ChangeRequestCommentId,
        _: models::UpdateChangeRequestComment,
    ) -> Result<models::ChangeRequestComment, Problem> {
        Err(Problem::pending(call.operation.id))
    }

    fn delete(&mut self, call: &Call<'_>, _: models::ChangeRequestCommentId) -> Result<(), Problem> {
        Err(Problem::pending(call.operation.id))
    }
}
