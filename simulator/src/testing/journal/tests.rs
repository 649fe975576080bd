//! Tests of the journal.

use super::*;

fn raw(size: usize) -> Raw {
    Raw {
        at: Timestamp::now(),
        order: None,
        credential: None,
        method: Method::GET,
        uri: Uri::from_static("/v1/me"),
        operation: None,
        request_headers: HeaderMap::new(),
        request_body: None,
        status: 200,
        response_body: Bytes::from(vec![b'1'; size]),
        fault: None,
        is_lost: false,
        taken: Duration::ZERO,
    }
}

#[test]
fn journal_evicts_entries_beyond_its_limits() {
    let mut journal = Journal::new(3);
    (0..5).for_each(|_| journal.add(raw(10)));
    assert_eq!(journal.find(&Query::default()).iter().map(|e| e.id).collect::<Vec<_>>(), [3, 4, 5]);
    let mut journal = Journal::new(1_000);
    (0..700).for_each(|_| journal.add(raw(BODY)));
    assert_eq!(journal.count(&Query::default()), MEMORY / raw(BODY).memory());
    journal.add(raw(BODY + 1));
    let last = journal.find(&Query { limit: Some(1), ..Query::default() });
    assert_eq!(last[0].response_body, Some(Value::from(format!("{} bytes", BODY + 1))));
}

#[test]
fn journal_counts_targets_and_headers() {
    let mut journal = Journal::new(100_000);
    for _ in 0..300 {
        let mut raw = raw(0);
        raw.uri = format!("/{}", "x".repeat(60_000)).parse().unwrap();
        raw.request_headers.insert("x-long", HeaderValue::from_str(&"x".repeat(1 << 20)).unwrap());
        journal.add(raw);
    }
    assert!((100..=128).contains(&journal.count(&Query::default())));
}

#[test]
fn operation_that_does_not_exist_is_refused() {
    let verified = |operation: &str| Journal::new(1).verify(&Expectation::exactly(0, operation));
    for known in ["tags.list", "get-tags", "tags.*", "*"] {
        assert_eq!(verified(known), Ok(0), "{known}");
    }
    let message = "operation: unknown operation \"tags.lst\"; did you mean tags.list?";
    assert_eq!(verified("tags.lst"), Err(message.into()));
    let message = "operation: tags.find sends the request of tags.list; use that name";
    assert_eq!(verified("tags.find"), Err(message.into()));
}

#[test]
fn method_that_does_not_exist_is_refused() {
    let checked = |method: &str| Query { method: Some(method.into()), ..Query::default() }.check();
    assert_eq!(checked("patch"), Ok(()));
    let message = "method: must be one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, not \"GTE\"";
    assert_eq!(checked("GTE"), Err(message.into()));
}

#[test]
fn failed_verification_names_the_filter_and_the_calls() {
    let mut journal = Journal::new(100);
    let expected = Expectation {
        calls: Query { operation: Some("tags.*".into()), status: Some(200), ..Query::default() },
        at_least: Some(1),
        ..Expectation::default()
    };
    let problem = |journal: &Journal| journal.verify(&expected).unwrap_err();
    let wanted = "expected at least 1 call with operation \"tags.*\", status 200, found 0; ";
    assert_eq!(problem(&journal), format!("{wanted}nothing was called"));
    journal.add(raw(1));
    journal.add(Raw { status: 500, ..raw(1) });
    assert_eq!(problem(&journal), format!("{wanted}called were GET /v1/me 2x (200, 500)"));
    assert_eq!(problem(&Journal::new(0)), format!("{wanted}the journal is off"));
}

#[test]
fn summaries_after_a_position_count_what_is_missed() {
    let mut journal = Journal::new(3);
    let page = |journal: &Journal, after| {
        let page = journal.summaries(after);
        (page.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), page.missed, page.last)
    };
    assert_eq!(page(&journal, 0), (vec![], 0, 0));
    (0..5).for_each(|_| journal.add(raw(10)));
    assert_eq!(page(&journal, 4), (vec![5], 0, 5));
    assert_eq!(page(&journal, 1), (vec![3, 4, 5], 1, 5));
    assert_eq!(page(&journal, 9), (vec![3, 4, 5], 2, 5), "the position is of another simulator");
    journal.clear();
    journal.add(raw(10));
    assert_eq!(page(&journal, 1), (vec![6], 0, 6), "what was cleared is not missed");
    let mut journal = Journal::new(1_000);
    (0..900).for_each(|_| journal.add(raw(10)));
    let page = journal.summaries(100);
    assert_eq!((page.entries.len(), page.missed), (500, 300));
}

#[test]
fn request_after_a_failed_one_is_a_further_attempt() {
    let mut journal = Journal::new(10);
    for (path, status) in [("/a", 503), ("/b", 200), ("/a", 429), ("/a", 200), ("/a", 200)] {
        journal.add(Raw { uri: Uri::from_static(path), status, ..raw(1) });
    }
    let page = serde_json::to_value(journal.summaries(0).entries).unwrap();
    let attempts: Vec<_> = page.as_array().unwrap().iter().map(|entry| entry["attempt"].clone()).collect();
    assert_eq!(attempts, [1, 1, 2, 3, 1]);
}
