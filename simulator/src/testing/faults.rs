//! Fault injection.

use super::journal;
use crate::glob;
use crate::http::respond::{HttpResponse, TEXT};
use configcat_management::spec::Operation;
use http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// When a connection is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reset {
    /// Before the request is executed.
    Before,
    /// After the request was executed, before its response is sent.
    After,
}

/// A failure to inject into matching requests.
///
/// The first group of fields selects requests; an absent field matches every request. The second group defines the
/// failure; an absent field has no effect. With `status` or `reset: before` the request is not executed; all other
/// faults change the response after its execution.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Fault {
    /// Name. Default: generated.
    pub id: Option<String>,

    /// `resource.method`, or the service's name of the operation; `*` matches any characters.
    pub operation: Option<String>,
    /// HTTP method.
    pub method: Option<String>,
    /// Path; `*` matches any characters.
    pub path: Option<String>,
    /// User name of the caller.
    pub credential: Option<String>,
    /// Number of matching requests to let pass before the first failure.
    pub skip: u64,
    /// Maximum number of failures. Default: no limit.
    pub times: Option<u64>,
    /// Probability of the failure, from 0 to 1. Default: 1.
    pub probability: Option<f64>,
    /// Seed of the random numbers, so that the same requests fail in every run.
    pub seed: Option<u64>,

    /// Delay before anything else, in milliseconds.
    pub delay_ms: Option<u64>,
    /// Resets the connection.
    pub reset: Option<Reset>,
    /// Responds with this status; the request is not executed.
    pub status: Option<u16>,
    /// Seconds in the `Retry-After` header.
    pub retry_after: Option<u64>,
    /// Additional headers.
    pub headers: BTreeMap<String, String>,
    /// Responds with this body: a string is sent as is, anything else as JSON.
    pub body: Option<Value>,
    /// Overrides the `Content-Type` header.
    pub content_type: Option<String>,
    /// Breaks the connection after this number of bytes of the body.
    pub cut_body_at: Option<usize>,
    /// Truncates the body to half its length, so that it is not valid JSON.
    pub bad_json: bool,
}

impl Fault {
    /// Selects the requests of an operation; `*` matches any characters. What happens to them is for the caller to add.
    ///
    /// ```
    /// use configcat_simulator::Fault;
    ///
    /// let fault = Fault { status: Some(503), times: Some(1), ..Fault::of("settings.create") };
    /// ```
    #[must_use]
    pub fn of(operation: impl Into<String>) -> Self {
        Self { operation: Some(operation.into()), ..Self::default() }
    }

    fn matches(&self, request: &Seen<'_>) -> bool {
        self.operation.as_ref().is_none_or(|p| request.operation.is_some_and(|o| journal::is_named(o, p)))
            && self.method.as_ref().is_none_or(|method| request.method.eq_ignore_ascii_case(method))
            && self.path.as_ref().is_none_or(|pattern| glob::matches(pattern, request.path))
            && self.credential.as_ref().is_none_or(|name| request.credential == Some(name.as_str()))
    }

    /// Refuses a fault that could not happen, or that would change nothing.
    fn check(&self) -> Result<(), String> {
        journal::check_method(self.method.as_ref())?;
        journal::check_operation(self.operation.as_ref())?;
        if self.times == Some(0) {
            return Err("times: must be at least 1, not 0".into());
        }
        if let Some(probability) = self.probability.filter(|p| !(0.0..=1.0).contains(p)) {
            return Err(format!("probability: must be 0 to 1, not {probability}"));
        }
        if let Some(status) = self.status.filter(|status| !(200..=599).contains(status)) {
            return Err(format!("status: must be 200 to 599, not {status}"));
        }
        for (name, value) in &self.headers {
            if HeaderName::from_bytes(name.as_bytes()).is_err() || http::HeaderValue::from_str(value).is_err()
            {
                return Err(format!("headers.{name}: must be a valid header"));
            }
        }
        let nothing = Self {
            id: self.id.clone(),
            operation: self.operation.clone(),
            method: self.method.clone(),
            path: self.path.clone(),
            credential: self.credential.clone(),
            skip: self.skip,
            times: self.times,
            probability: self.probability,
            seed: self.seed,
            ..Self::default()
        };
        if *self == nothing {
            return Err("it has no effect: add one, such as a status, a delay or a reset".into());
        }
        Ok(())
    }

    /// Whether the fault prevents the execution of the request.
    #[must_use]
    pub fn comes_before(&self) -> bool {
        self.status.is_some() || self.reset == Some(Reset::Before)
    }

    /// Applies the fault to a response, or makes the response if the request was not executed.
    #[must_use]
    pub fn spoil(&self, response: Option<HttpResponse>) -> HttpResponse {
        let mut response = response.unwrap_or_else(|| {
            let status = self.status.unwrap_or(500);
            HttpResponse::new(status, TEXT, format!("Fault: {status}.").into_bytes())
        });
        if let Some(seconds) = self.retry_after {
            response.set(RETRY_AFTER, &seconds.to_string());
        }
        for (name, value) in &self.headers {
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                response.set(name, value);
            }
        }
        match &self.body {
            Some(Value::String(text)) => response.body = text.clone().into(),
            Some(json) => {
                let status = response.status;
                let headers = std::mem::take(&mut response.headers);
                response = HttpResponse::json(status, json);
                response.headers.extend(
                    headers.into_iter().filter_map(|(n, v)| Some((n?, v))).filter(|(n, _)| n != CONTENT_TYPE),
                );
            }
            None => {}
        }
        if self.bad_json {
            let half = (response.body.len() / 2).max(1).min(response.body.len());
            response.body = response.body.slice(..half);
        }
        if let Some(media) = &self.content_type {
            response.set(CONTENT_TYPE, media);
        }
        response.cut = self.cut_body_at;
        response
    }
}

/// The properties of a request that faults match.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Its operation, if the route has one.
    pub operation: Option<&'static Operation>,
    /// HTTP method.
    pub method: &'a str,
    /// Path.
    pub path: &'a str,
    /// User name of the caller, if it is known.
    pub credential: Option<&'a str>,
}

#[derive(Debug)]
struct Armed {
    fault: Fault,
    met: u64,
    happened: u64,
    random: fastrand::Rng,
}

/// A fault with its counters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The fault.
    pub fault: Fault,
    /// Number of requests that it matched.
    pub met: u64,
    /// Number of requests that it made fail.
    pub happened: u64,
}

/// All faults, in the order in which they are tried.
#[derive(Debug, Default)]
pub struct Faults {
    armed: Vec<Armed>,
    named: u64,
}

impl Faults {
    /// Adds a fault and returns its name. Replaces a fault with the same name.
    ///
    /// # Errors
    /// Reports what is wrong with the fault, by field.
    pub fn add(&mut self, mut fault: Fault) -> Result<String, String> {
        fault.check()?;
        self.named += 1;
        let id = fault.id.get_or_insert_with(|| format!("fault-{}", self.named)).clone();
        let random = fault.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        self.armed.retain(|armed| armed.fault.id.as_ref() != Some(&id));
        self.armed.push(Armed { fault, met: 0, happened: 0, random });
        Ok(id)
    }

    /// Removes a fault; returns whether it existed.
    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.fault.id.as_deref() != Some(id));
        self.armed.len() < before
    }

    /// Removes all faults.
    pub fn clear(&mut self) {
        self.armed.clear();
    }

    /// Returns the faults with their counters.
    #[must_use]
    pub fn list(&self) -> Vec<Report> {
        let report = |a: &Armed| Report { fault: a.fault.clone(), met: a.met, happened: a.happened };
        self.armed.iter().map(report).collect()
    }

    /// Returns the fault to apply to a request: the first that matches and is due. Updates the counters.
    pub fn strike(&mut self, request: &Seen<'_>) -> Option<Fault> {
        for armed in &mut self.armed {
            if !armed.fault.matches(request) {
                continue;
            }
            armed.met += 1;
            let spent = armed.fault.times.is_some_and(|times| armed.happened >= times);
            if armed.met <= armed.fault.skip || spent {
                continue;
            }
            let chance = armed.fault.probability;
            if chance.is_none_or(|chance| armed.random.f64() < chance) {
                armed.happened += 1;
                return Some(armed.fault.clone());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: Seen<'_> = Seen { operation: None, method: "GET", path: "/v1/me", credential: Some("u") };

    #[test]
    fn fault_honours_skip_and_times() {
        let mut faults = Faults::default();
        let fault = Fault { skip: 1, times: Some(2), status: Some(503), ..Fault::default() };
        faults.add(fault).unwrap();
        let failed: Vec<bool> = (0..5).map(|_| faults.strike(&REQUEST).is_some()).collect();
        assert_eq!(failed, [false, true, true, false, false]);
        assert_eq!((faults.list()[0].met, faults.list()[0].happened), (5, 2));
    }

    #[test]
    fn same_seed_fails_the_same_requests() {
        let failures = |seed| {
            let mut faults = Faults::default();
            let fault =
                Fault { probability: Some(0.5), seed: Some(seed), status: Some(500), ..Fault::default() };
            faults.add(fault).unwrap();
            (0..50).map(|_| faults.strike(&REQUEST).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(failures(7), failures(7));
        assert_ne!(failures(7), failures(8));
        assert!(failures(7).contains(&true) && failures(7).contains(&false));
    }

    #[test]
    fn fault_matches_path_method_credential_and_operation() {
        let hits = |fault: Fault| fault.matches(&REQUEST);
        assert!(hits(Fault { path: Some("/v1/*".into()), method: Some("get".into()), ..Fault::default() }));
        assert!(!hits(Fault { path: Some("/v2/*".into()), ..Fault::default() }));
        assert!(!hits(Fault { credential: Some("other".into()), ..Fault::default() }));
        assert!(!hits(Fault { operation: Some("me.get".into()), ..Fault::default() }));
    }

    #[test]
    fn invalid_faults_are_rejected() {
        let mut faults = Faults::default();
        for fault in [
            Fault { probability: Some(1.5), ..Fault::default() },
            Fault { status: Some(99), ..Fault::default() },
            Fault { headers: BTreeMap::from([("a b".into(), "x".into())]), ..Fault::default() },
            Fault { times: Some(0), status: Some(503), ..Fault::default() },
            Fault { method: Some("GTE".into()), status: Some(503), ..Fault::default() },
            Fault { operation: Some("tags.lst".into()), status: Some(503), ..Fault::default() },
            Fault { operation: Some("tags.list".into()), times: Some(1), ..Fault::default() },
        ] {
            assert!(faults.add(fault.clone()).is_err(), "{fault:?}");
        }
    }
}
