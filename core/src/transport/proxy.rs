//! Chooses the proxy. A setting that cannot be used is an error: ignoring it would send requests directly.

use super::http_options::{ProxyChoice, is_loopback};
use crate::error::{Error, Result};
use crate::redaction::{Redactor, without_credentials};
use percent_encoding::percent_decode_str;
use url::Url;
use zeroize::Zeroizing;

/// Supported schemes.
const SCHEMES: &[&str] = if cfg!(feature = "socks") {
    &["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
} else {
    &["http", "https"]
};

/// Settings of the proxy, from the builder.
#[derive(Clone, Default)]
pub(crate) struct ProxySettings {
    pub(crate) url: Option<Zeroizing<String>>,
    /// Whether to ignore the settings of the system.
    pub(crate) none: bool,
}

/// The proxy of a client.
pub(crate) struct ChosenProxy {
    pub(crate) choice: ProxyChoice,
    /// Masks the credentials of the proxy.
    pub(crate) redactor: Redactor,
}

impl ProxySettings {
    /// Chooses the proxy for a service. `read` reads an environment variable.
    pub(crate) fn choose(
        &self,
        base_url: &Url,
        read: impl Fn(&str) -> Option<String>,
    ) -> Result<ChosenProxy> {
        let none = |choice| ChosenProxy { choice, redactor: Redactor::default() };
        if let Some(url) = &self.url {
            if self.none {
                return Err(Error::configuration("proxy and no_proxy exclude each other"));
            }
            let url = check("proxy", url)?;
            return Ok(ChosenProxy { redactor: redactor(&url), choice: ProxyChoice::Url(url) });
        }
        // This machine is reached directly: a proxy elsewhere would get the credentials, and could not reach it.
        if self.none || is_loopback(base_url) {
            return Ok(none(ProxyChoice::None));
        }
        let Some((variable, value)) = of_system(base_url, read) else { return Ok(none(ProxyChoice::System)) };
        check(variable, &value)?;
        Ok(ChosenProxy { choice: ProxyChoice::System, redactor: redactor(&value) })
    }
}

/// Returns the environment variable that sets the proxy for a URL, in the order in which the HTTP client reads them.
fn of_system(
    base_url: &Url,
    read: impl Fn(&str) -> Option<String>,
) -> Option<(&'static str, Zeroizing<String>)> {
    let own = if base_url.scheme() == "https" {
        ["HTTPS_PROXY", "https_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy"]
    };
    // A CGI program gets `HTTP_PROXY` from the header `Proxy` of a request.
    if read("REQUEST_METHOD").is_some() {
        return None;
    }
    let first = |names: [&'static str; 2]| {
        let set = names.into_iter().find_map(|name| Some((name, read(name)?)))?;
        Some((set.0, Zeroizing::new(set.1))).filter(|(_, value)| !value.is_empty())
    };
    first(own).or_else(|| first(["ALL_PROXY", "all_proxy"]))
}

/// Checks that the HTTP client supports the URL of a proxy, because it ignores one that it does not support. Returns the URL
/// with its scheme.
fn check(name: &str, value: &str) -> Result<Zeroizing<String>> {
    let refused = |why: &str| {
        let value = without_credentials(value);
        Error::configuration(format!("invalid {name} {value:?}: {why}"))
    };
    let whole =
        Zeroizing::new(if value.contains("://") { value.to_owned() } else { format!("http://{value}") });
    let (Ok(url), Ok(uri)) = (Url::parse(&whole), whole.parse::<http::Uri>()) else {
        return Err(refused("it is not a URL"));
    };
    if uri.host().is_none_or(str::is_empty) || url.host_str().is_none_or(str::is_empty) {
        return Err(refused("it has no host"));
    }
    if !SCHEMES.contains(&url.scheme()) {
        let without = if cfg!(feature = "socks") { "" } else { "; SOCKS proxies require the feature socks" };
        return Err(refused(&format!("the scheme must be {}{without}", SCHEMES.join(", "))));
    }
    Ok(whole)
}

/// Returns what masks the credentials in the URL of a proxy.
fn redactor(url: &str) -> Redactor {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return Redactor::default() };
    let (username, password) = user.split_once(':').unwrap_or((user, ""));
    let decode = |text| Zeroizing::new(percent_decode_str(text).decode_utf8_lossy().into_owned());
    let (username, password) = (decode(username), decode(password));
    Redactor::new([(username.as_str(), password.as_str())])
}

#[cfg(test)]
mod tests {
    use super::*;

    type Variables = &'static [(&'static str, &'static str)];

    fn choose(base: &str, proxy: Option<&str>, none: bool, variables: Variables) -> Result<ChosenProxy> {
        let settings = ProxySettings { url: proxy.map(|url| Zeroizing::new(url.to_owned())), none };
        let read = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        settings.choose(&Url::parse(base).unwrap(), read)
    }

    const SERVICE: &str = "https://api.example.com";

    #[test]
    fn unusable_proxy_option_is_an_error_with_its_value() {
        for url in [
            "hxxp://proxy:1",
            "sock5://proxy:1",
            "socks://proxy:1",
            "ftp://proxy",
            "ws://proxy",
            "",
            "http://",
        ] {
            let error = choose(SERVICE, Some(url), false, &[]).err().unwrap();
            assert!(error.message().starts_with(&format!("invalid proxy {url:?}: ")), "{error}");
        }
        for url in
            ["http://proxy:1", "https://proxy", "proxy:8080", "http://someone:word@proxy", "HTTP://proxy"]
        {
            assert!(choose(SERVICE, Some(url), false, &[]).is_ok(), "{url}");
        }
    }

    #[test]
    fn unusable_proxy_variable_is_an_error_with_its_value() {
        for variables in [
            &[("HTTPS_PROXY", "sock5://proxy:1")] as Variables,
            &[("https_proxy", "ftp://proxy:1")],
            &[("ALL_PROXY", "ws://proxy:1")],
            &[("HTTPS_PROXY", ""), ("all_proxy", "not a url")],
        ] {
            let error = choose(SERVICE, None, false, variables).err().unwrap();
            let (name, value) = variables.last().unwrap();
            assert!(error.message().starts_with(&format!("invalid {name} {value:?}: ")), "{error}");
            assert!(matches!(choose(SERVICE, None, true, variables).unwrap().choice, ProxyChoice::None));
        }
        // The variable of another scheme does not matter.
        assert!(choose(SERVICE, None, false, &[("HTTP_PROXY", "ftp://proxy")]).is_ok());
    }

    #[test]
    fn system_proxies_do_not_apply_to_this_machine() {
        let all: Variables = &[("ALL_PROXY", "http://proxy:1"), ("HTTP_PROXY", "http://proxy:1")];
        for (base, system) in [
            ("http://127.0.0.1:1", false),
            ("http://localhost", false),
            ("http://[::1]:2", false),
            (SERVICE, true),
        ] {
            let choice = choose(base, None, false, all).unwrap().choice;
            assert_eq!(matches!(choice, ProxyChoice::System), system, "{base}");
        }
        // An explicit option does.
        let choice = choose("http://127.0.0.1:1", Some("http://proxy"), false, all).unwrap().choice;
        assert!(matches!(choice, ProxyChoice::Url(_)));
    }

    #[test]
    fn proxy_and_no_proxy_exclude_each_other() {
        let error = choose(SERVICE, Some("http://proxy"), true, &[]).err().unwrap();
        assert!(error.message().contains("exclude each other"), "{error}");
    }

    #[test]
    fn error_and_redactor_hide_the_credentials_of_the_proxy() {
        let error = choose(SERVICE, Some("hxxp://someone:pass%20word@proxy"), false, &[]).err().unwrap();
        assert!(error.message().contains("\"hxxp://***@proxy\""), "{error}");
        let proxy = choose(SERVICE, Some("http://someone:pass%20word@proxy"), false, &[]).unwrap();
        assert_eq!(proxy.redactor.text("407: pass word, c29tZW9uZTpwYXNzIHdvcmQ=", 99), "407: ***, ***=");
    }
}
