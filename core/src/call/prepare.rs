//! Checks the input of a call, and encodes it as a request.

use super::input::{CallInput, PATCH};
use crate::error::{Error, Result};
use crate::spec::validate::{self, Enums, Violation};
use crate::spec::{Location, Parameter, Type};
use crate::transport::message::PreparedRequest;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the characters that RFC 3986 calls unreserved.
pub(super) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl CallInput {
    /// Builds the request, if the input satisfies the spec.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) with every violation.
    pub(crate) fn prepare(mut self) -> Result<PreparedRequest> {
        let operation = self.operation;
        self.check();
        let headers = self.headers();
        if !self.violations.is_empty() {
            return Err(Error::invalid(&self.violations).with_operation(operation));
        }
        Ok(PreparedRequest {
            endpoint: operation.into(),
            target: self.target(),
            headers,
            body: self.body.map(|body| body.json),
        })
    }

    /// Returns the strings of a parameter.
    fn texts(&self, parameter: &'static Parameter) -> impl Iterator<Item = &str> {
        let own = self.parameters.iter().filter(move |(other, _)| std::ptr::eq(*other, parameter));
        own.map(|(_, text)| text.as_str())
    }

    /// Records every violation of the parameters and the body, in the order of the spec.
    fn check(&mut self) {
        let mut found = Vec::new();
        for parameter in self.operation.parameters {
            self.texts(parameter).for_each(|text| check_parameter(parameter, text, &mut found));
            if parameter.location == Location::Path && self.texts(parameter).next().is_none() {
                found.push(violation(parameter.wire, "is required"));
            }
        }
        match &mut self.body {
            Some(body) => {
                found.append(&mut body.violations);
                self.name_patch(&mut found);
            }
            None if self.operation.body_required => found.push(violation("", "a body is required")),
            None => {}
        }
        self.violations.extend(found);
    }

    /// Names the argument of a body that is not a JSON Patch at all: its path is empty.
    fn name_patch(&self, found: &mut [Violation]) {
        if matches!(self.operation.body, Some(Type::Patch(_))) {
            found.iter_mut().filter(|violation| violation.path.is_empty()).for_each(|violation| {
                PATCH.clone_into(&mut violation.path);
            });
        }
    }

    fn headers(&mut self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (parameter, text) in self.parameters.iter().filter(|(p, _)| p.location == Location::Header) {
            let parsed = (HeaderName::try_from(parameter.wire), HeaderValue::try_from(text));
            if let (Ok(name), Ok(mut value)) = parsed {
                value.set_sensitive(true);
                headers.insert(name, value);
            } else {
                self.violations.push(violation(parameter.wire, "has characters that a header cannot carry"));
            }
        }
        headers
    }

    /// Returns path and query, with parameters in the order of the spec.
    fn target(&self) -> String {
        let mut target = String::with_capacity(self.operation.path.len() + 64);
        let mut in_path = self.operation.path_parameters();
        for segment in self.operation.path.split('/').skip(1) {
            target.push('/');
            if segment.starts_with('{') {
                let text = in_path.next().and_then(|parameter| self.texts(parameter).next());
                target.extend(utf8_percent_encode(text.unwrap_or_default(), ENCODED));
            } else {
                target.push_str(segment);
            }
        }
        let mut separator = '?';
        for parameter in self.operation.parameters.iter().filter(|p| p.location == Location::Query) {
            for text in self.texts(parameter) {
                target.push(separator);
                target.push_str(parameter.wire);
                target.push('=');
                target.extend(utf8_percent_encode(text, ENCODED));
                separator = '&';
            }
        }
        target
    }
}

fn violation(path: &str, message: &str) -> Violation {
    Violation { path: path.to_owned(), message: message.to_owned() }
}

fn check_parameter(parameter: &'static Parameter, text: &str, found: &mut Vec<Violation>) {
    match parameter.location {
        // An empty or dotted segment would select another route.
        Location::Path if matches!(text, "" | "." | "..") => {
            found.push(violation(parameter.wire, &format!("must not be {text:?}")));
            return;
        }
        Location::Header => return,
        Location::Path | Location::Query => {}
    }
    found.extend(validate::check_text(parameter.wire, text, &parameter.ty, Enums::Open));
}
