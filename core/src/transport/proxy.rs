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
            let url = usable_option(url)?;
            return Ok(ChosenProxy { redactor: redactor(&url), choice: ProxyChoice::Url(url) });
        }
        // This machine is reached directly: a proxy elsewhere would get the credentials, and could not reach it.
        if self.none || is_loopback(base_url) {
            return Ok(none(ProxyChoice::None));
        }
        let Some((variable, value)) = of_system(base_url, read) else { return Ok(none(ProxyChoice::System)) };
        check_variable(variable, &value)?;
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

/// Returns the URL of the option, complete and normalized. The HTTP client ignores one that it does not support.
fn usable_option(value: &str) -> Result<Zeroizing<String>> {
    let whole =
        Zeroizing::new(if value.contains("://") { value.to_owned() } else { format!("http://{value}") });
    let url = Url::parse(&whole).map_err(|_| unusable("proxy", value, NOT_A_URL))?;
    check_scheme("proxy", value, Some(url.scheme()))?;
    match url.host_str() {
        Some(host) if !host.is_empty() => Ok(Zeroizing::new(url.into())),
        _ => Err(unusable("proxy", value, "it has no host")),
    }
}

/// Checks an environment variable as the HTTP client reads it: with another parser than that of the option.
fn check_variable(name: &str, value: &str) -> Result<()> {
    let uri: http::Uri = value.parse().map_err(|_| unusable(name, value, NOT_A_URL))?;
    check_scheme(name, value, uri.scheme_str())?;
    match uri.host() {
        Some(host) if !host.is_empty() => Ok(()),
        _ => Err(unusable(name, value, "it has no host")),
    }
}

const NOT_A_URL: &str = "it is not a URL";

fn check_scheme(name: &str, value: &str, scheme: Option<&str>) -> Result<()> {
    if scheme.is_none_or(|scheme| SCHEMES.contains(&scheme)) {
        return Ok(());
    }
    let without = if cfg!(feature = "socks") { "" } else { "; SOCKS proxies require the feature socks" };
    Err(unusable(name, value, &format!("the scheme must be {}{without}", SCHEMES.join(", "))))
}

fn unusable(name: &str, value: &str, why: &str) -> Error {
    Error::configuration(format!("invalid {name} {:?}: {why}", without_credentials(value)))
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
    use crate::redaction::shown;

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
        for url in [
            "http://proxy:1",
            "https://proxy",
            "proxy:8080",
            "http://someone:word@proxy",
            "HTTP://proxy",
            "proxy:8080/",
            "SOCKS5://proxy:1",
        ] {
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
            // The HTTP client does not read these, unlike the option.
            &[("HTTPS_PROXY", "proxy.example:8080/")],
            &[("HTTPS_PROXY", "SOCKS5://proxy:1080")],
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
        for url in ["http://someone:pa#ss@proxy:1", "http://someone:pa?ss@proxy:1", "someone:pass@"] {
            let error = choose(SERVICE, Some(url), false, &[]).err().unwrap();
            assert!(!error.message().contains("pa") && error.message().contains("***@"), "{error}");
        }
        let proxy = choose(SERVICE, Some("http://someone:pass%20word@proxy"), false, &[]).unwrap();
        assert_eq!(
            shown(&[&proxy.redactor], "407: pass word, c29tZW9uZTpwYXNzIHdvcmQ=", 99),
            "407: ***, ***="
        );
    }
}
