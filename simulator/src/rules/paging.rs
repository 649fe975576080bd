//! Pagination.

use configcat_management::construct;
use configcat_management::models::Paging;

/// Default page size of the audit log.
pub const AUDIT_LOG: i32 = 100;
/// Default page size of change requests.
pub const CHANGE_REQUESTS: i32 = 25;

/// Returns one page of a list. Page numbers start at 1.
// Documented: a page has 1 to 100 items; by default 100 entries of the audit log, or 25 change requests. Page numbers start
// at 1.
// Assumed: a page after the last one is empty.
// Assumed: an empty list has 0 pages.
pub fn page<T>(items: Vec<T>, number: Option<i32>, size: Option<i32>, default: i32) -> (Paging, Vec<T>) {
    let (number, size) = (number.unwrap_or(1).max(1), size.unwrap_or(default).max(1));
    let total = i32::try_from(items.len()).unwrap_or(i32::MAX);
    let pages = total / size + i32::from(total % size > 0);
    let skip = usize::try_from(i64::from(number - 1) * i64::from(size)).unwrap_or(usize::MAX);
    let take = usize::try_from(size).unwrap_or(0);
    let paging = construct::PagingFields {
        current_page: number,
        total_pages: pages,
        page_size: size,
        total_count: total,
        has_previous: number > 1,
        has_next: number < pages,
    }
    .into();
    (paging, items.into_iter().skip(skip).take(take).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_start_at_one_and_last_page_has_no_next() {
        let (paging, items) = page((1..=5).collect(), Some(3), Some(2), AUDIT_LOG);
        assert_eq!(
            (items, paging.total_pages, paging.has_previous, paging.has_next),
            (vec![5], 3, true, false)
        );
        let (paging, items) = page((1..=5).collect::<Vec<i32>>(), Some(9), Some(2), AUDIT_LOG);
        assert_eq!((items.len(), paging.total_count, paging.has_next), (0, 5, false));
        let (paging, _) = page(Vec::<i32>::new(), None, None, AUDIT_LOG);
        assert_eq!((paging.current_page, paging.total_pages), (1, 0));
    }
}
