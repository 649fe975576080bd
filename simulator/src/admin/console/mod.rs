//! What the console shows, below `/__simulator/console`.

mod grid;
mod lists;
mod overview;

use super::request::AdminRequest;
use crate::backend::Backend;
use crate::http::query::query;
use crate::http::respond::HttpResponse;
use crate::problem::Problem;
use crate::testing::code::{self, Language};
use configcat_management::models::{ConfigId, SettingId};

/// Number of requests that are shown as code if the query names none.
const REQUESTS: usize = 20;

/// Handles `/console`.
pub fn console(backend: &Backend, request: &AdminRequest<'_>) -> Result<HttpResponse, Problem> {
    if request.method != "GET" {
        return Err(Problem::not_found());
    }
    match request.path {
        [_] => Ok(HttpResponse::json(200, &overview::overview(backend))),
        [_, "grid", config] => {
            grid::grid(backend, &ConfigId::new(*config), parameter(request, "flags").as_deref())
        }
        [_, "flags", setting] => {
            let setting = setting.parse().map_err(|_| Problem::not_found())?;
            grid::flag(backend, SettingId::new(setting))
        }
        [_, "budgets"] => Ok(HttpResponse::json(200, &overview::budgets(backend))),
        [_, "webhooks"] => Ok(HttpResponse::json(200, &lists::webhooks(backend))),
        [_, "change-requests"] => Ok(HttpResponse::json(200, &lists::change_requests(backend))),
        [_, "code"] => as_code(backend, request),
        _ => Err(Problem::not_found()),
    }
}

/// Returns the last writes of the journal as a program.
fn as_code(backend: &Backend, request: &AdminRequest<'_>) -> Result<HttpResponse, Problem> {
    let language = parameter(request, "language").unwrap_or_default();
    let language: Language =
        language.parse().map_err(|message: String| Problem::field("language", message))?;
    let count = match parameter(request, "limit") {
        Some(limit) => limit.parse().map_err(|_| Problem::field("limit", "It is a whole number."))?,
        None => REQUESTS,
    };
    let text = code::last_writes(&crate::backend::lock(&backend.journal), count, language);
    Ok(HttpResponse::new(200, crate::http::respond::TEXT, text))
}

fn parameter(request: &AdminRequest<'_>, name: &str) -> Option<String> {
    query(request.query).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}
