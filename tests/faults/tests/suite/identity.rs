//! Clients that identify themselves by a certificate, and HTTP clients of the application.

use configcat_management::{Builder, Client, ErrorKind};
use fault_server::{MutualSite, start_mutual};

fn builder(site: &MutualSite) -> Builder {
    Client::builder().credentials("user", "hunter2").base_url(&*site.url).max_attempts(1)
}

fn trusting(site: &MutualSite) -> Builder {
    builder(site).no_proxy().root_certificate(&*site.authority)
}

#[tokio::test]
async fn client_certificate_is_sent_to_a_server_that_requires_one() {
    let site = start_mutual().await.unwrap();
    let error = trusting(&site).build().unwrap().me().get().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "without a certificate: {error}");
    for pem in [format!("{}{}", site.certificate, site.key), format!("{}{}", site.key, site.certificate)] {
        let client = trusting(&site).client_certificate(pem).build().unwrap();
        let error = client.me().get().await.unwrap_err();
        assert_eq!(error.status(), Some(400), "{error}");
    }
}

#[tokio::test]
async fn key_of_another_certificate_is_refused() {
    let site = start_mutual().await.unwrap();
    let pem = format!("{}{}", site.certificate, site.other_key);
    let error = builder(&site).client_certificate(pem).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.message().starts_with("invalid client_certificate: "), "{error}");
    let key = site.other_key.lines().nth(1).unwrap();
    assert!(!format!("{error:?}").contains(key), "{error:?}");
}

#[tokio::test]
async fn own_http_client_sends_the_headers_of_the_client() {
    let site = start_mutual().await.unwrap();
    let pem = format!("{}{}", site.certificate, site.key);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let own = reqwest::Client::builder()
        .identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap())
        .tls_certs_merge([reqwest::Certificate::from_pem(site.authority.as_bytes()).unwrap()])
        .user_agent("own/1")
        .build()
        .unwrap();
    let client =
        builder(&site).http_client(own).caller_id("tool/2").header("X-Team", "shop").build().unwrap();
    let error = client.me().get().header("x-team", "call").await.unwrap_err();
    // The user name is masked everywhere.
    let head = String::from_utf8_lossy(error.body()).to_lowercase();
    for line in
        ["accept: application/json", "x-caller-id: tool/2", "x-team: call", "-agent: configcat-management/"]
    {
        assert!(head.contains(line), "{line}: {head}");
    }
    assert!(!head.contains("own/1") && !head.contains("shop"), "{head}");
}
