//! Permission groups, members and invitations.

use super::Exporter;
use crate::assumed;
use crate::seed::{Body, FirstGroupSeed, InvitationSeed, PermissionGroupSeed, Reference};
use crate::state::entities::{Invitation, PermissionGroup, Product};
use crate::state::lookup::sorted;
use configcat_management::Field;
use configcat_management::models::{
    AccessType, ApprovalPermissionType, EnvironmentAccessInput, EnvironmentAccessType,
    EnvironmentApprovalPermissionInput, EnvironmentApprovalPermissionType,
};
use std::collections::BTreeMap;

/// Returns the accesses of a custom group.
fn accesses(group: &PermissionGroup) -> Field<Vec<EnvironmentAccessInput>> {
    let granted = group.environments.iter().filter(|right| right.access != EnvironmentAccessType::None);
    let inputs = sorted(granted, |right| right.environment.clone()).into_iter().map(|right| {
        let mut input = EnvironmentAccessInput::new();
        input.environment_id = Some(right.environment.clone());
        input.environment_access_type = Some(right.access.clone());
        input
    });
    if group.access == AccessType::Custom { Field::Value(inputs.collect()) } else { Field::Absent }
}

/// Returns the approval permissions of a group with custom ones.
fn approvals(group: &PermissionGroup) -> Field<Vec<EnvironmentApprovalPermissionInput>> {
    let none = EnvironmentApprovalPermissionType::CannotApprove;
    let granted = group.environments.iter().filter(|right| right.approval != none);
    let inputs = sorted(granted, |right| right.environment.clone()).into_iter().map(|right| {
        let mut input = EnvironmentApprovalPermissionInput::new();
        input.environment_id = Some(right.environment.clone());
        input.environment_approval_permission_type = Some(right.approval.clone());
        input
    });
    if group.approval == ApprovalPermissionType::Custom {
        Field::Value(inputs.collect())
    } else {
        Field::Absent
    }
}

pub(super) fn first_group(group: &PermissionGroup) -> FirstGroupSeed {
    fn changed<T: PartialEq + Clone>(value: &T, default: &T) -> Field<T> {
        if value == default { Field::Absent } else { Field::Value(value.clone()) }
    }
    let mut body = group.rights.as_update();
    body.name = changed(&group.name, &assumed::FIRST_GROUP.to_owned());
    body.access_type = changed(&group.access, &AccessType::Full);
    body.new_environment_access_type = changed(&group.new_access, &EnvironmentAccessType::Full);
    body.approval_permission_type = changed(&group.approval, &ApprovalPermissionType::CanBypassApproval);
    body.new_environment_approval_permission_type =
        changed(&group.new_approval, &EnvironmentApprovalPermissionType::CanBypassApproval);
    body.environment_accesses = accesses(group);
    body.environment_approval_permissions = approvals(group);
    FirstGroupSeed {
        permission_group_id: Some(group.id),
        environments: BTreeMap::new(),
        approvals: BTreeMap::new(),
        group: Body(body),
    }
}

pub(super) fn group(group: &PermissionGroup) -> PermissionGroupSeed {
    let mut body = group.rights.as_new(&group.name);
    body.access_type = Some(group.access.clone());
    body.new_environment_access_type = Some(group.new_access.clone());
    body.approval_permission_type = Some(group.approval.clone());
    body.new_environment_approval_permission_type = Some(group.new_approval.clone());
    body.environment_accesses = accesses(group);
    body.environment_approval_permissions = approvals(group);
    PermissionGroupSeed {
        permission_group_id: Some(group.id),
        environments: BTreeMap::new(),
        approvals: BTreeMap::new(),
        group: Body(body),
    }
}

impl Exporter<'_> {
    /// Returns the members of a product. Its creator has null instead of a group if it is no member.
    pub(super) fn members(&self, product: &Product, creator: &str) -> BTreeMap<String, Option<Reference>> {
        let members = self.state.members.of(&product.id).filter_map(|member| {
            let email = self.state.person(&member.user)?.email.clone();
            Some((email, Some(self.group(&product.id, member.group))))
        });
        let mut members: BTreeMap<_, _> = members.collect();
        members.entry(creator.to_owned()).or_insert(None);
        members
    }

    pub(super) fn invitation(&self, invitation: &Invitation) -> InvitationSeed {
        InvitationSeed {
            invitation_id: Some(invitation.id.clone()),
            email: invitation.email.clone(),
            permission_group: self.group(&invitation.product, invitation.group),
            created_at: Some(invitation.created_at),
            expires: Some(invitation.expires),
        }
    }
}
