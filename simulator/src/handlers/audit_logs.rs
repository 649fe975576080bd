//! The audit log.

use crate::assumed;
use crate::generated::audit_logs::{
    AuditLogs, ListForOrganizationQuery, ListForOrganizationV1Query, ListQuery, ListV1Query,
};
use crate::http::call::Call;
use crate::problem::Problem;
use crate::state::State;
use crate::state::audit::Filter;
use configcat_management::Timestamp;
use configcat_management::models::{AuditLogEntry, AuditLogPage, OrganizationId, Paging, ProductId};

const MICROS_PER_DAY: i64 = 86_400_000_000;
const PAGE_SIZE: i32 = 100;

/// The range of the V1 endpoints: at most 30 days, the last 7 when nothing is said.
fn range(
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    now: Timestamp,
) -> Result<(Option<Timestamp>, Option<Timestamp>), Problem> {
    let days = |from: Timestamp, n: i64| Timestamp::from_unix_micros(from.unix_micros() + n * MICROS_PER_DAY);
    match (from, to) {
        (None, None) => Ok((days(now, -assumed::AUDIT_DAYS), None)),
        (Some(from), None) => Ok((Some(from), days(from, assumed::LONGEST_AUDIT_DAYS))),
        (None, Some(to)) => Ok((days(to, -assumed::LONGEST_AUDIT_DAYS), Some(to))),
        (Some(from), Some(to)) => {
            let length = to.unix_micros() - from.unix_micros();
            if !(0..=assumed::LONGEST_AUDIT_DAYS * MICROS_PER_DAY).contains(&length) {
                let message = format!("The range is 0 to {} days.", assumed::LONGEST_AUDIT_DAYS);
                return Err(Problem::field("toUtcDateTime", message));
            }
            Ok((Some(from), Some(to)))
        }
    }
}

fn page(entries: Vec<AuditLogEntry>, number: Option<i32>, size: Option<i32>) -> AuditLogPage {
    let (number, size) = (number.unwrap_or(1), size.unwrap_or(PAGE_SIZE));
    let total = i32::try_from(entries.len()).unwrap_or(i32::MAX);
    let pages = total / size + i32::from(total % size > 0);
    let skip = usize::try_from(i64::from(number - 1) * i64::from(size)).unwrap_or(usize::MAX);
    let take = usize::try_from(size).unwrap_or(0);
    AuditLogPage {
        paging: Some(Paging {
            current_page: number,
            total_pages: pages,
            page_size: size,
            total_count: total,
            has_previous: number > 1,
            has_next: number < pages,
        }),
        data: Some(entries.into_iter().skip(skip).take(take).collect()),
    }
}

impl AuditLogs for State {
    fn list_v1(
        &mut self,
        call: &Call<'_>,
        product_id: ProductId,
        query: ListV1Query,
    ) -> Result<Vec<AuditLogEntry>, Problem> {
        self.product(&product_id)?;
        let (from, to) = range(query.from_utc_date_time, query.to_utc_date_time, call.now)?;
        Ok(self.audit_entries(&Filter {
            product: Some(product_id),
            config: query.config_id,
            environment: query.environment_id,
            ty: query.audit_log_type,
            from,
            to,
            ..Filter::default()
        }))
    }

    fn list(
        &mut self,
        _: &Call<'_>,
        product_id: ProductId,
        query: ListQuery,
    ) -> Result<AuditLogPage, Problem> {
        self.product(&product_id)?;
        let entries = self.audit_entries(&Filter {
            product: Some(product_id),
            config: query.config_id,
            environment: query.environment_id,
            ty: query.audit_log_type,
            from: query.from_utc_date_time,
            to: query.to_utc_date_time,
            ..Filter::default()
        });
        Ok(page(entries, query.page_number, query.page_size))
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
            organization: Some(organization_id),
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
            organization: Some(organization_id),
            product: query.product_id,
            config: query.config_id,
            environment: query.environment_id,
            ty: query.audit_log_type,
            from: query.from_utc_date_time,
            to: query.to_utc_date_time,
        });
        Ok(page(entries, query.page_number, query.page_size))
    }
}
