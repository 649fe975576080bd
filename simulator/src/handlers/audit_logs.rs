//! The audit log.

use crate::assumed;
use crate::call::Call;
use crate::generated::audit_logs::{
    AuditLogs, ListForOrganizationQuery, ListForOrganizationV1Query, ListQuery, ListV1Query,
};
use crate::problem::Problem;
use crate::rules::paging::{self, page};
use crate::state::audit::Filter;
use crate::state::{State, clock};
use configcat_management::Timestamp;
use configcat_management::construct;
use configcat_management::models::{AuditLogEntry, AuditLogPage, OrganizationId, ProductId};

/// Returns the range of the V1 endpoints: at most 30 days, by default the last 7.
// Documented: V1: without a range, the entries of the last 7 days are returned; the range is at most 30 days.
// Assumed: V1: a longer range, or one that ends before it begins, is refused with 400.
// Assumed: V1: a range with only one end extends 30 days from it.
fn range(
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    now: Timestamp,
) -> Result<(Option<Timestamp>, Option<Timestamp>), Problem> {
    let days =
        |from: Timestamp, n: i64| Timestamp::from_unix_micros(from.unix_micros() + n * clock::MICROS_PER_DAY);
    match (from, to) {
        (None, None) => Ok((days(now, -assumed::AUDIT_DAYS), None)),
        (Some(from), None) => Ok((Some(from), days(from, assumed::LONGEST_AUDIT_DAYS))),
        (None, Some(to)) => Ok((days(to, -assumed::LONGEST_AUDIT_DAYS), Some(to))),
        (Some(from), Some(to)) => {
            let length = to.unix_micros() - from.unix_micros();
            if !(0..=assumed::LONGEST_AUDIT_DAYS * clock::MICROS_PER_DAY).contains(&length) {
                let message = format!("The range is 0 to {} days.", assumed::LONGEST_AUDIT_DAYS);
                return Err(Problem::field("toUtcDateTime", message));
            }
            Ok((Some(from), Some(to)))
        }
    }
}

impl AuditLogs for State {
    fn list_v1(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        query: ListV1Query,
    ) -> Result<Vec<AuditLogEntry>, Problem> {
        let organization = self.product(&product_id)?.organization.clone();
        let (from, to) = range(query.from_utc_date_time, query.to_utc_date_time, call.now)?;
        Ok(self.audit_entries(&Filter {
            product: Some(product_id),
            config: query.config_id,
            environment: query.environment_id,
            ty: query.audit_log_type,
            from,
            to,
            organization,
        }))
    }

    fn list(
        &mut self,
        _: &Call<'_>,
        product_id: ProductId,
        query: ListQuery,
    ) -> Result<AuditLogPage, Problem> {
        let organization = self.product(&product_id)?.organization.clone();
        let entries = self.audit_entries(&Filter {
            product: Some(product_id),
            config: query.config_id,
            environment: query.environment_id,
            ty: query.audit_log_type,
            from: query.from_utc_date_time,
            to: query.to_utc_date_time,
            organization,
        });
        let (info, data) = page(entries, query.page_number, query.page_size, paging::AUDIT_LOG);
        Ok(construct::AuditLogPageFields { paging: Some(info), data: Some(data) }.into())
    }

    fn list_for_organization_v1(
        &mut self,
        call: &Call<'_>,
        organization_id: OrganizationId,
        query: ListForOrganizationV1Query,
    ) -> Result<Vec<AuditLogEntry>, Problem> {
        self.organization(&organization_id)?;
        let (from, to) = range(query.from_utc_date_time, query.to_utc_date_time, call.now)?;
        Ok(self.audit_entries(&Filter {
            organization: organization_id,
            product: query.product_id,
            config: query.config_id,
            environment: query.environment_id,
            ty: query.audit_log_type,
            from,
            to,
        }))
    }

    fn list_for_organization(
        &mut self,
        _: &Call<'_>,
        organization_id: OrganizationId,
        query: ListForOrganizationQuery,
    ) -> Result<AuditLogPage, Problem> {
        self.organization(&organization_id)?;
        let entries = self.audit_entries(&Filter {
            organization: organization_id,
            product: query.product_id,
            config: query.config_id,
            environment: query.environment_id,
            ty: query.audit_log_type,
            from: query.from_utc_date_time,
            to: query.to_utc_date_time,
        });
        let (info, data) = page(entries, query.page_number, query.page_size, paging::AUDIT_LOG);
        Ok(construct::AuditLogPageFields { paging: Some(info), data: Some(data) }.into())
    }
}
