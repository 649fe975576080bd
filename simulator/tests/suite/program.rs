//! The command line program.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_configcat-simulator");

#[test]
fn program_prints_its_url_and_stops_on_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let mut child = Command::new(PROGRAM).args(["--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("http://127.0.0.1:"), "{line}");
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < Duration::from_secs(5), "it did not stop on {signal}");
            std::thread::sleep(Duration::from_millis(10));
        };
        assert!(status.success(), "{signal}: {status}");
    }
}

#[test]
fn program_writes_its_certificate_before_it_prints_its_url() {
    let file = std::env::temp_dir().join(format!("configcat-simulator-{}.pem", std::process::id()));
    let mut child = Command::new(PROGRAM).arg("--tls-ca").arg(&file).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let pem = std::fs::read_to_string(&file).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(line.starts_with("https://127.0.0.1:"), "{line}");
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----") && !pem.contains("PRIVATE"), "{pem}");
}

#[test]
fn program_prints_console_credentials_and_seed_after_its_url() {
    let mut child = Command::new(PROGRAM)
        .args(["--seed", "demo", "--user", "eve"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let url = lines.next().unwrap();
    assert!(url.strip_prefix("http://127.0.0.1:").is_some_and(|port| port.parse::<u16>().is_ok()), "{url}");
    let lines: Vec<String> = lines.take(3).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(lines[0], format!("console: {url}/ (Swagger UI: {url}/swagger)"));
    assert_eq!(lines[1..], ["credentials: user name eve, password simulator", "seed: demo"]);
}

#[test]
fn program_survives_a_closed_pipe_after_its_url() {
    let mut child = Command::new(PROGRAM).stdout(Stdio::piped()).spawn().unwrap();
    let mut url = [0; 17];
    child.stdout.take().unwrap().read_exact(&mut url).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    assert!(child.try_wait().unwrap().is_none(), "it ended");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Runs the program with `--log`, calls it, and returns the first line of its log.
fn logged(environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(PROGRAM);
    command.arg("--log").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.envs(environment.iter().copied()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let address = url.trim().strip_prefix("http://").unwrap();
    for path in ["/__simulator/health", "/v1/me?secret=1"] {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    }
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    line
}

#[test]
fn log_has_a_line_per_request_without_colours_in_a_pipe() {
    let line = logged(&[]);
    assert!(line.starts_with("GET /v1/me 401 ") && line.ends_with(" ms\n"), "{line}");
    assert!(logged(&[("CLICOLOR_FORCE", "1")]).contains("\u{1b}[33m401\u{1b}[0m"));
    assert!(!logged(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn invalid_options_are_rejected() {
    let seed = std::env::temp_dir().join(format!("configcat-simulator-{}.json", std::process::id()));
    std::fs::write(&seed, r#"{ "organisations": [] }"#).unwrap();
    for (arguments, text) in [
        (vec!["--host", "0.0.0.0"], "loopback"),
        (vec!["--tls-name", "a b"], "invalid TLS name \"a b\""),
        (vec!["--tls-ca", "/nowhere/ca.pem"], "/nowhere/ca.pem"),
        (vec!["--rate-limit", "10"], "N/SECONDS"),
        (vec!["--rate-limit", "0/60"], "above zero"),
        (vec!["--seed", "/nowhere/seed.json"], "seed.json"),
        (vec!["--seed", seed.to_str().unwrap()], "unknown field"),
    ] {
        let mut child = Command::new(PROGRAM).args(&arguments).stderr(Stdio::piped()).spawn().unwrap();
        let mut error = String::new();
        child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
        assert!(!child.wait().unwrap().success() && error.contains(text), "{arguments:?}: {error}");
    }
    std::fs::remove_file(&seed).unwrap();
}

/// `/dev/full` fails every write as a full disk does.
#[cfg(target_os = "linux")]
#[test]
fn unwritable_output_is_reported() {
    let folder = std::env::temp_dir().join(format!("configcat-simulator-full-{}", std::process::id()));
    let mappings = folder.to_str().unwrap();
    let full = || Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    for arguments in [&["--port", "0"][..], &["export", "wiremock", mappings]] {
        let output = Command::new(PROGRAM).args(arguments).stdout(full()).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {error}");
        assert!(error.starts_with("error: the standard output: "), "{arguments:?}: {error}");
        // Also if the error message cannot be written either.
        let status = Command::new(PROGRAM).args(arguments).stdout(full()).stderr(full()).status().unwrap();
        assert_eq!(status.code(), Some(1), "{arguments:?}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn exported_seed_starts_a_simulator_with_the_same_state() {
    let folder = std::env::temp_dir().join(format!("configcat-simulator-seed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let export = |seed: &str, file: &str| {
        let file = folder.join(file);
        let arguments = ["--seed", seed, "export", "seed", file.to_str().unwrap()];
        let output = Command::new(PROGRAM).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (file.to_str().unwrap().to_owned(), std::fs::read_to_string(file).unwrap())
    };
    let (yaml, _) = export("demo", "demo.yaml");
    let (json, first) = export(&yaml, "demo.json");
    let (_, second) = export(&json, "again.json");
    assert_eq!(first, second);
    assert!(first.contains("newCheckout"));
    std::fs::remove_dir_all(&folder).unwrap();
}
