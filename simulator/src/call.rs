//! A request as handlers receive it: arguments by name, validated against the spec.

use crate::assumed;
use crate::canonical;
use crate::problem::Problem;
use configcat_management::Timestamp;
use configcat_management::spec::validate::{self, Enums, Violation};
use configcat_management::spec::{Location, Operation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::str::FromStr;

/// A request that has been authenticated.
#[derive(Debug)]
pub struct Call<'a> {
    pub operation: &'static Operation,
    /// Values in the path, in order.
    pub path: Vec<String>,
    pub query: Vec<(String, String)>,
    pub sdk_key: Option<&'a str>,
    pub body: Option<Value>,
    pub now: Timestamp,
}

/// A successful response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandlerResponse {
    pub status: u16,
    pub body: Option<Vec<u8>>,
}

impl HandlerResponse {
    pub fn empty(status: u16) -> Result<Self, Problem> {
        Ok(Self { status, body: None })
    }

    pub fn json(status: u16, value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|e| Problem::text(400, e.to_string()))?;
        Ok(Self { status, body: Some(body) })
    }

    pub fn json_or_empty(status: u16, value: Option<&impl Serialize>) -> Result<Self, Problem> {
        value.map_or_else(|| Self::empty(204), |value| Self::json(status, value))
    }
}

impl Call<'_> {
    /// Converts the arguments to their canonical form.
    pub fn canonicalize(&mut self) {
        for (parameter, text) in self.operation.path_parameters().zip(&mut self.path) {
            canonical::parameter(text, &parameter.ty);
        }
        for parameter in self.operation.parameters.iter().filter(|p| p.location == Location::Query) {
            let named = self.query.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case(parameter.wire));
            named.for_each(|(_, text)| canonical::parameter(text, &parameter.ty));
        }
        if let (Some(ty), Some(body)) = (&self.operation.body, &mut self.body) {
            canonical::body(body, ty);
        }
    }

    /// Validates every argument against the spec and reports all violations at once.
    pub fn check(&self) -> Result<(), Problem> {
        let mut found = Vec::new();
        for (parameter, text) in self.operation.path_parameters().zip(&self.path) {
            found.extend(validate::check_text(parameter.wire, text, &parameter.ty, Enums::Closed));
        }
        if !found.is_empty() {
            let status = assumed::MALFORMED_ID;
            return Err(
                Problem::violations(found).map_or_else(Problem::not_found, |p| Problem { status, ..p })
            );
        }
        for parameter in self.operation.parameters.iter().filter(|p| p.location == Location::Query) {
            for (_, text) in self.query.iter().filter(|(name, _)| name.eq_ignore_ascii_case(parameter.wire)) {
                found.extend(validate::check_text(parameter.wire, text, &parameter.ty, Enums::Closed));
            }
        }
        match (&self.operation.body, &self.body) {
            (Some(ty), Some(body)) => {
                found.extend(validate::check(body, ty, Enums::Closed));
            }
            (Some(_), None) if self.operation.body_required => {
                found.push(Violation { path: String::new(), message: "A body is required.".into() });
            }
            _ => {}
        }
        Problem::violations(found).map_or(Ok(()), Err)
    }

    fn query_values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.query
            .iter()
            .filter(move |(n, v)| n.eq_ignore_ascii_case(name) && !v.is_empty())
            .map(|(_, v)| v.as_str())
    }

    /// Returns a path parameter.
    pub fn path<T: FromStr>(&self, name: &str) -> Result<T, Problem> {
        let position = self.operation.path_parameters().position(|p| p.wire == name);
        let text = position.and_then(|i| self.path.get(i)).ok_or_else(Problem::not_found)?;
        text.parse().map_err(|_| malformed(name, text))
    }

    /// Returns a parameter of the query, or of a header.
    pub fn query<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let header =
            self.operation.parameters.iter().any(|p| p.wire == name && p.location == Location::Header);
        let text = if header { self.sdk_key } else { self.query_values(name).last() };
        text.map(|text| parse(name, text)).transpose()
    }

    /// Returns all values of a query parameter.
    pub fn query_list<T: FromStr>(&self, name: &str) -> Result<Vec<T>, Problem> {
        self.query_values(name).map(|text| parse(name, text)).collect()
    }

    /// Parses the body.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let body = self.body.clone().unwrap_or_default();
        serde_json::from_value(body).map_err(|e| Problem::field("", e.to_string()))
    }

    /// Parses the body, if it is present.
    pub fn optional_body<T: DeserializeOwned>(&self) -> Result<Option<T>, Problem> {
        self.body.as_ref().map(|_| self.body()).transpose()
    }
}

fn malformed(name: &str, text: &str) -> Problem {
    let text: String = text.chars().take(64).collect();
    Problem {
        status: assumed::MALFORMED_ID,
        ..Problem::field(name, format!("The value '{text}' is not valid."))
    }
}

/// Parses a value; booleans in any case, because .NET clients send `True`.
fn parse<T: FromStr>(name: &str, text: &str) -> Result<T, Problem> {
    let lower = text.to_ascii_lowercase();
    let plain = if lower == "true" || lower == "false" { lower.as_str() } else { text };
    plain.parse().map_err(|_| malformed(name, text))
}
