//! Faults: what goes wrong on purpose.

use super::{glob, journal};
use crate::http::respond::{Reply, TEXT};
use configcat_management::spec::Operation;
use http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// When a connection is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reset {
    /// Before the request is carried out.
    Before,
    /// After the request was carried out, before its answer is sent.
    After,
}

/// Something that goes wrong with some requests.
///
/// What is left out in the first part fits every request; in the second it does not happen. A fault with a `status`
/// or `reset: before` keeps the request from being carried out; all others change what is sent afterwards.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Fault {
    /// Name; made up when left out.
    pub id: Option<String>,

    /// `resource.method`, or the service's name of the operation; `*` stands for any characters.
    pub operation: Option<String>,
    /// HTTP method.
    pub method: Option<String>,
    /// Path; `*` stands for any characters.
    pub path: Option<String>,
    /// User name of the caller.
    pub credential: Option<String>,
    /// Leaves the first so many requests that fit alone.
    pub skip: u64,
    /// Happens to so many requests, then no more.
    pub times: Option<u64>,
    /// Happens with this probability, 0 to 1.
    pub probability: Option<f64>,
    /// Seed of the probability, so that the same requests fail again.
    pub seed: Option<u64>,

    /// Waits so long before anything else, in milliseconds.
    pub delay_ms: Option<u64>,
    /// Resets the connection.
    pub reset: Option<Reset>,
    /// Answers with this status; the request is not carried out.
    pub status: Option<u16>,
    /// Seconds in the `Retry-After` header.
    pub retry_after: Option<u64>,
    /// More headers.
    pub headers: BTreeMap<String, String>,
    /// Answers with this body: a text as it is, anything else as JSON.
    pub body: Option<Value>,
    /// Says that the body is of this type.
    pub content_type: Option<String>,
    /// Breaks the connection after so many bytes of the body.
    pub cut_body_at: Option<usize>,
    /// Ends the body in the middle, so that it is not JSON.
    pub bad_json: bool,
}

impl Fault {
    fn fits(&self, request: &Seen<'_>) -> bool {
        self.operation.as_ref().is_none_or(|p| request.operation.is_some_and(|o| journal::is_named(o, p)))
            && self.method.as_ref().is_none_or(|method| request.method.eq_ignore_ascii_case(method))
            && self.path.as_ref().is_none_or(|pattern| glob::matches(pattern, request.path))
            && self.credential.as_ref().is_none_or(|name| request.credential == Some(name.as_str()))
    }

    /// Whether the request is not to be carried out.
    #[must_use]
    pub fn comes_before(&self) -> bool {
        self.status.is_some() || self.reset == Some(Reset::Before)
    }

    /// What is sent in place of, or made of, an answer.
    #[must_use]
    pub fn spoil(&self, answer: Option<Reply>) -> Reply {
        let mut reply = answer.unwrap_or_else(|| {
            let status = self.status.unwrap_or(500);
            Reply::new(status, TEXT, format!("Fault: {status}.").into_bytes())
        });
        if let Some(seconds) = self.retry_after {
            reply.set(RETRY_AFTER, &seconds.to_string());
        }
        for (name, value) in &self.headers {
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                reply.set(name, value);
            }
        }
        match &self.body {
            Some(Value::String(text)) => reply.body = text.clone().into(),
            Some(json) => {
                let status = reply.status;
                let headers = std::mem::take(&mut reply.headers);
                reply = Reply::json(status, json);
                reply.headers.extend(
                    headers.into_iter().filter_map(|(n, v)| Some((n?, v))).filter(|(n, _)| n != CONTENT_TYPE),
                );
            }
            None => {}
        }
        if self.bad_json {
            let half = (reply.body.len() / 2).max(1).min(reply.body.len());
            reply.body = reply.body.slice(..half);
        }
        if let Some(media) = &self.content_type {
            reply.set(CONTENT_TYPE, media);
        }
        reply.cut = self.cut_body_at;
        reply
    }
}

/// A request as faults look at it.
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

/// A fault with what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The fault.
    pub fault: Fault,
    /// Requests that it fitted.
    pub met: u64,
    /// Requests that it happened to.
    pub happened: u64,
}

/// All faults, in the order in which they are tried.
#[derive(Debug, Default)]
pub struct Faults {
    armed: Vec<Armed>,
    named: u64,
}

impl Faults {
    /// Adds a fault, or puts it in place of the one with its name.
    ///
    /// # Errors
    /// What is wrong with it, by field.
    pub fn add(&mut self, mut fault: Fault) -> Result<String, String> {
        if fault.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return Err("probability: it is 0 to 1".into());
        }
        if fault.status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Err("status: it is 200 to 599".into());
        }
        for (name, value) in &fault.headers {
            if HeaderName::from_bytes(name.as_bytes()).is_err() || http::HeaderValue::from_str(value).is_err()
            {
                return Err(format!("headers.{name}: it is not a header"));
            }
        }
        self.named += 1;
        let id = fault.id.get_or_insert_with(|| format!("fault-{}", self.named)).clone();
        let random = fault.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        self.armed.retain(|armed| armed.fault.id.as_ref() != Some(&id));
        self.armed.push(Armed { fault, met: 0, happened: 0, random });
        Ok(id)
    }

    /// Takes a fault away; whether there was one.
    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.fault.id.as_deref() != Some(id));
        self.armed.len() < before
    }

    /// Takes all faults away.
    pub fn clear(&mut self) {
        self.armed.clear();
    }

    /// The faults with what became of them.
    #[must_use]
    pub fn list(&self) -> Vec<Report> {
        let report = |a: &Armed| Report { fault: a.fault.clone(), met: a.met, happened: a.happened };
        self.armed.iter().map(report).collect()
    }

    /// The fault that happens to a request, if one does: the first that fits and is due.
    pub fn strike(&mut self, request: &Seen<'_>) -> Option<Fault> {
        for armed in &mut self.armed {
            if !armed.fault.fits(request) {
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
    fn a_fault_is_skipped_and_spent() {
        let mut faults = Faults::default();
        let fault = Fault { skip: 1, times: Some(2), status: Some(503), ..Fault::default() };
        faults.add(fault).unwrap();
        let struck: Vec<bool> = (0..5).map(|_| faults.strike(&REQUEST).is_some()).collect();
        assert_eq!(struck, [false, true, true, false, false]);
        assert_eq!((faults.list()[0].met, faults.list()[0].happened), (5, 2));
    }

    #[test]
    fn the_same_seed_strikes_the_same_requests() {
        let strikes = |seed| {
            let mut faults = Faults::default();
            let fault = Fault { probability: Some(0.5), seed: Some(seed), ..Fault::default() };
            faults.add(fault).unwrap();
            (0..50).map(|_| faults.strike(&REQUEST).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(strikes(7), strikes(7));
        assert_ne!(strikes(7), strikes(8));
        assert!(strikes(7).contains(&true) && strikes(7).contains(&false));
    }

    #[test]
    fn a_fault_fits_what_it_names() {
        let fits = |fault: Fault| fault.fits(&REQUEST);
        assert!(fits(Fault { path: Some("/v1/*".into()), method: Some("get".into()), ..Fault::default() }));
        assert!(!fits(Fault { path: Some("/v2/*".into()), ..Fault::default() }));
        assert!(!fits(Fault { credential: Some("other".into()), ..Fault::default() }));
        assert!(!fits(Fault { operation: Some("me.get".into()), ..Fault::default() }));
    }

    #[test]
    fn impossible_faults_are_refused() {
        let mut faults = Faults::default();
        for fault in [
            Fault { probability: Some(1.5), ..Fault::default() },
            Fault { status: Some(99), ..Fault::default() },
            Fault { headers: BTreeMap::from([("a b".into(), "x".into())]), ..Fault::default() },
        ] {
            assert!(faults.add(fault.clone()).is_err(), "{fault:?}");
        }
    }
}
