//! URLs that the service would call.

use crate::problem::Problem;

/// Rejects anything but an absolute http or https URL.
///
/// Documented: the URL of a webhook is an http or https URL; anything else is refused with 400.
/// Observed (infrastructure provider): the text about another URL contains `Url is invalid`.
pub fn http(path: &str, text: &str) -> Result<(), Problem> {
    if absolute(text).is_some() { Ok(()) } else { Err(Problem::property(path, "Url is invalid.")) }
}

/// Rejects anything but the URL of an incoming webhook of Slack.
///
/// Observed (infrastructure provider): a Slack integration takes an `incoming_webhook.url` at a host of slack.com only; anything
/// else is refused with 400.
pub fn slack(parameter: &str, text: &str) -> Result<(), Problem> {
    let refused =
        |what: &str| Err(Problem::property("parameters", format!("'{parameter}' is not a valid {what}.")));
    let Some(uri) = absolute(text) else { return refused("URL") };
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    if host == "slack.com" || host.ends_with(".slack.com") {
        return Ok(());
    }
    refused("Slack Incoming Webhook URL")
}

/// Parses an absolute http or https URL.
fn absolute(text: &str) -> Option<http::Uri> {
    let uri: http::Uri = text.parse().ok()?;
    let good = matches!(uri.scheme_str(), Some("http" | "https"));
    (good && uri.host().is_some_and(|host| !host.is_empty())).then_some(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_accepts_only_absolute_http_and_https_urls() {
        for good in ["http://localhost", "https://example.com/hook?x=1", "http://127.0.0.1:8080/a"] {
            assert!(http("url", good).is_ok(), "{good}");
        }
        for good in ["https://test.slack.com/hook", "https://HOOKS.slack.com/services/a"] {
            assert!(slack("url", good).is_ok(), "{good}");
        }
        for bad in ["https://example.com/slack.com", "https://notslack.com/", "slack.com"] {
            assert!(slack("url", bad).is_err(), "{bad}");
        }
        for bad in ["", "example.com", "ftp://example.com", "/path", "http://", "javascript:alert(1)"] {
            assert!(http("url", bad).is_err(), "{bad}");
        }
    }
}
