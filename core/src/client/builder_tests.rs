//! Tests of the builder.

use super::*;
use crate::ErrorKind;

fn refusal(builder: Builder) -> String {
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    error.message().to_owned()
}

fn ready() -> Builder {
    Builder::default().credentials("me", "secret")
}

#[test]
fn missing_credential_error_names_the_variable() {
    assert!(refusal(Builder::default()).contains("CONFIGCAT_API_USER"));
    let builder = Builder { username: Some(Zeroizing::new("me".into())), ..Builder::default() };
    assert!(refusal(builder).contains("CONFIGCAT_API_PASS"));
    assert!(refusal(Builder::default().credentials("a:b", "c")).contains("colon"));
}

#[test]
fn http_is_for_this_machine_unless_allowed() {
    for url in ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1/api", "https://example.com"] {
        assert!(ready().base_url(url).build().is_ok(), "{url}");
    }
    assert!(refusal(ready().base_url("http://example.com")).contains("unencrypted"));
    assert!(refusal(ready().base_url("http://localhost.example.com")).contains("unencrypted"));
    assert!(ready().base_url("http://example.com").allow_http(true).build().is_ok());
}

#[test]
fn invalid_url_or_certificate_is_rejected() {
    for url in ["ftp://x", "https://u:p@example.com", "https://example.com?x=1"] {
        refusal(ready().base_url(url));
    }
    assert!(refusal(ready().root_certificate("no certificate")).contains("root_certificate"));
}

#[test]
fn url_without_a_scheme_is_refused() {
    for url in ["api.configcat.com", "localhost:8080", "127.0.0.1:8080", ""] {
        let message = refusal(ready().base_url(url));
        assert_eq!(message, format!("invalid base_url {url:?}: it must begin with https:// or http://"));
    }
    let message = refusal(ready().base_url("someone:password@example.com"));
    assert_eq!(message, "invalid base_url: it must begin with https:// or http://");
}

#[test]
fn extra_header_that_the_client_sets_is_refused() {
    let message = refusal(ready().header("AUTHORIZATION", "Bearer token"));
    assert_eq!(message, r#"header "AUTHORIZATION" is set by the client: pass credentials"#);
    assert!(
        refusal(ready().header("x-team", "a\r\nb")).contains(r#""x-team" has a value with a line break"#)
    );
    let shown =
        format!("{:?} {:?}", ready().header("x", "token"), ready().header("x", "token").build().unwrap());
    assert!(!shown.contains("token"), "{shown}");
}

#[test]
fn unusable_client_certificate_is_refused_with_the_reason() {
    for (pem, reason) in [
        ("", "it holds no certificate"),
        ("-----BEGIN PRIVATE KEY-----", "it holds no certificate"),
        ("-----BEGIN CERTIFICATE-----", "it holds no private key"),
        (
            "-----BEGIN CERTIFICATE-----\n-----BEGIN ENCRYPTED PRIVATE KEY-----",
            "the private key is encrypted",
        ),
        ("-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----", "it is not valid PEM"),
    ] {
        let message = refusal(ready().client_certificate(pem));
        assert!(message.starts_with("invalid client_certificate: ") && message.contains(reason), "{message}");
    }
}

#[test]
fn http_client_excludes_options_that_it_would_ignore() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let own = || ready().http_client(reqwest::Client::new());
    assert!(own().build().is_ok());
    for (builder, name) in [
        (own().proxy("http://proxy"), "proxy"),
        (own().no_proxy(), "no_proxy"),
        (own().root_certificate("pem"), "root_certificate"),
        (own().client_certificate("pem"), "client_certificate"),
    ] {
        assert_eq!(refusal(builder), format!("http_client and {name} exclude each other"));
    }
}

#[test]
fn environment_sets_credentials_and_url() {
    let read = |pairs: &'static [(&str, &str)]| {
        Builder::from_variables(|n| pairs.iter().find(|(k, _)| *k == n).map(|(_, v)| (*v).to_owned()))
    };
    let builder = read(&[("CONFIGCAT_API_USER", "me"), ("CONFIGCAT_API_PASS", "secret")]);
    let pair = (builder.username.as_deref(), builder.password.as_deref());
    assert_eq!(pair, (Some(&"me".to_owned()), Some(&"secret".to_owned())));
    let from = |pairs| read(pairs).base_url;
    assert_eq!(from(&[]), SERVICE);
    assert_eq!(from(&[("CONFIGCAT_API_HOST", "eu.example.com")]), "https://eu.example.com");
    assert_eq!(from(&[("CONFIGCAT_API_HOST", "a"), ("CONFIGCAT_BASE_URL", "https://b")]), "https://b");
}

#[test]
fn debug_output_has_no_credentials() {
    let client = ready().build().unwrap();
    let shown = format!("{:?} {client:?} {:#?}", ready(), client.products());
    assert!(!shown.contains("secret") && !shown.contains("bWU6"), "{shown}");
    let shown = format!("{:?}", ready().base_url("https://someone:password@example.com/a?b=password"));
    assert_eq!(shown, "Builder { base_url: \"https://***@example.com/a\", .. }");
}
