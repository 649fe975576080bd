//! URLs that the service would call.

use crate::problem::Problem;

/// Rejects anything but an absolute http or https URL.
pub fn http(field: &str, text: &str) -> Result<(), Problem> {
    let uri: Option<http::Uri> = text.parse().ok();
    let good = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    });
    if good { Ok(()) } else { Err(Problem::field(field, "It must be an http or https URL.")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_accepts_only_absolute_http_and_https_urls() {
        for good in ["http://localhost", "https://example.com/hook?x=1", "http://127.0.0.1:8080/a"] {
            assert!(http("url", good).is_ok(), "{good}");
        }
        for bad in ["", "example.com", "ftp://example.com", "/path", "http://", "javascript:alert(1)"] {
            assert!(http("url", bad).is_err(), "{bad}");
        }
    }
}
