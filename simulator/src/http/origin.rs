//! Requests that web pages make, recognized by their headers.
//!
//! A browser lets every page send requests to this machine. Pages cannot forge `Host`, `Origin` and `Sec-Fetch-Site`:
//! - `Host` is the name by which the page addressed this server. A page that makes its own name resolve to this machine
//!   (DNS rebinding) is of the same origin for the browser, but its name is not one of this machine's.
//! - `Origin` is the page's origin. Browsers send it with every request that is not GET or HEAD, also to the same origin.
//! - `Sec-Fetch-Site` is the relation of both. Newer browsers send it to loopback addresses.

use http::header::{HOST, HeaderName, ORIGIN};
use http::request::Parts;
use http::uri::Authority;
use std::net::{IpAddr, Ipv6Addr};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Names by which clients address this server.
#[derive(Debug, Clone, Copy)]
pub struct ServerNames {
    /// Address that it listens on.
    pub address: IpAddr,
    /// Whether other machines may connect. They use any address, or any name.
    pub remote: bool,
    /// Whether it serves HTTPS, and only that.
    pub tls: bool,
}

impl ServerNames {
    /// Whether a request is addressed to a name of this machine that a page cannot make resolve to it: a loopback name,
    /// the address that the server listens on, or any IP address if other machines may connect.
    pub fn are_addressed(self, parts: &Parts) -> bool {
        let mut hosts = hosts(parts).peekable();
        hosts.peek().is_some() && hosts.all(|host| host.is_some_and(|host| self.include(&host)))
    }

    fn include(self, host: &Host) -> bool {
        is_loopback(&host.name)
            || address(&host.name).is_some_and(|address| self.remote || address == self.address)
    }

    /// Whether a page of another origin made a request to the API. Pages of loopback names may, through a proxy of their
    /// development server; so may pages that a server for other machines serves.
    pub fn are_called_by_foreign_page(self, parts: &Parts) -> bool {
        has_foreign_site(parts)
            || origins(parts).any(|origin| {
                !origin.is_some_and(|(scheme, host)| {
                    is_loopback(&host.name)
                        || (self.are_addressed_as(parts, scheme, &host)
                            && (self.remote || self.include(&host)))
                })
            })
    }

    /// Whether a page of another origin, or an unknown one, made a request.
    pub fn are_called_cross_origin(self, parts: &Parts) -> bool {
        let is_same = |(scheme, host): (Scheme, Host)| self.are_addressed_as(parts, scheme, &host);
        has_foreign_site(parts) || origins(parts).any(|origin| !origin.is_some_and(is_same))
    }

    /// Whether a request is addressed to an origin. That of a page on HTTPS may be a proxy in front of this server.
    fn are_addressed_as(self, parts: &Parts, scheme: Scheme, origin: &Host) -> bool {
        (scheme == Scheme::Https || !self.tls) && is_addressed_as(parts, scheme, origin)
    }

    /// Returns the scheme of this server's URLs.
    pub const fn scheme(self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

/// Host of an origin or a request.
#[derive(Debug, PartialEq, Eq)]
struct Host {
    /// In lower case, without the dot of a fully qualified name.
    name: String,
    port: Option<u16>,
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        let authority: Authority = text.parse().ok()?;
        if text.contains('@') || authority.host().is_empty() {
            return None;
        }
        let port = match text.strip_prefix(authority.host())? {
            "" => None,
            port => Some(port.strip_prefix(':')?.parse().ok()?),
        };
        let name = authority.host().to_ascii_lowercase();
        Some(Self { name: name.strip_suffix('.').unwrap_or(&name).to_owned(), port })
    }
}

/// Returns the hosts that a request names, in its target and in its header; `None` for malformed ones.
fn hosts(parts: &Parts) -> impl Iterator<Item = Option<Host>> {
    let target = parts.uri.authority().map(|authority| Host::parse(authority.as_str()));
    let header = parts.headers.get_all(HOST).iter().map(|value| Host::parse(value.to_str().ok()?));
    target.into_iter().chain(header)
}

/// Returns the origins that a request names; `None` for malformed ones and for `null`.
fn origins(parts: &Parts) -> impl Iterator<Item = Option<(Scheme, Host)>> {
    parts.headers.get_all(ORIGIN).iter().map(|value| {
        let text = value.to_str().ok()?;
        let (scheme, host) = match text.split_once("://")? {
            ("http", host) => (Scheme::Http, host),
            ("https", host) => (Scheme::Https, host),
            _ => return None,
        };
        Some((scheme, Host::parse(host)?))
    })
}

/// Whether a request is addressed to the host of an origin.
fn is_addressed_as(parts: &Parts, scheme: Scheme, origin: &Host) -> bool {
    let port = |host: &Host| host.port.unwrap_or(if matches!(scheme, Scheme::Http) { 80 } else { 443 });
    let is_origin = |host: &Host| host.name == origin.name && port(host) == port(origin);
    hosts(parts).all(|host| host.as_ref().is_some_and(is_origin))
}

fn has_foreign_site(parts: &Parts) -> bool {
    let mut sites = parts.headers.get_all(SEC_FETCH_SITE).iter();
    sites.any(|site| site != "same-origin" && site != "none")
}

fn is_loopback(name: &str) -> bool {
    name == "localhost"
        || name.ends_with(".localhost")
        || address(name).is_some_and(|address| address.is_loopback())
}

/// Parses an IPv4 address, or an IPv6 address in brackets.
fn address(name: &str) -> Option<IpAddr> {
    let bracketed = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let address = match bracketed {
        Some(name) => IpAddr::V6(name.parse::<Ipv6Addr>().ok()?),
        None => IpAddr::V4(name.parse().ok()?),
    };
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_parsed_strictly() {
        let parse = |text| Host::parse(text).map(|host| (host.name, host.port));
        assert_eq!(parse("LOCALHOST.:80"), Some(("localhost".into(), Some(80))));
        assert_eq!(parse("[::1]:1"), Some(("[::1]".into(), Some(1))));
        assert_eq!(parse("127.0.0.1"), Some(("127.0.0.1".into(), None)));
        for bad in
            ["", ":80", "a@localhost", "localhost:", "localhost:x", "localhost:99999", "local host", "[::1"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_loopback_names_are_loopback() {
        for name in ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]"] {
            assert!(is_loopback(name), "{name}");
        }
        for name in ["evil.example", "localhost.example", "xlocalhost", "0.0.0.0", "127.1", "::1", "[::2]"] {
            assert!(!is_loopback(name), "{name}");
        }
    }
}
