//! Each test plants one defect into a workflow without defects, or into the files of a release.

use super::problems_in;
use crate::support::workspace::root;
use anyhow::Result;
use std::process::Command;

const GOOD: &str = r#"
on:
  push:
permissions:
  contents: read
jobs:
  test:
    uses: ./.github/workflows/ci.yml
  build:
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v1.2.3
        with: { persist-credentials: false }
      - run: cargo install --locked cargo-deny --version 0.20.2
      - run: |
          # cargo build is not run
          cargo fmt --check && RUSTFLAGS=-g cargo --locked build \
            --release
      - uses: actions/download-artifact@0123456789abcdef0123456789abcdef01234567 # v1.2.3
        with: { pattern: "wheel-*" }
  publish:
    if: startsWith(github.ref, 'refs/tags/v')
    needs: [test, build]
    permissions:
      id-token: write
    steps:
      - uses: actions/download-artifact@0123456789abcdef0123456789abcdef01234567 # v1.2.3
        with: { name: crates }
      - run: cargo publish --locked --no-verify --package one
"#;

/// Returns the only problem after a replacement, or an empty string.
fn after(good: &str, bad: &str) -> Result<String> {
    assert_eq!(GOOD.matches(good).count(), 1, "{good}");
    let problems = problems_in(&GOOD.replace(good, bad))?;
    assert!(problems.len() <= 1, "{problems:#?}");
    Ok(problems.concat())
}

#[track_caller]
fn assert_found(good: &str, bad: &str, problem: &str) {
    let found = after(good, bad).unwrap();
    assert!(found.contains(problem), "{bad}: found {found:?}");
}

#[test]
fn workflow_without_defects_passes() -> Result<()> {
    assert_eq!(problems_in(GOOD)?, Vec::<String>::new());
    Ok(())
}

#[test]
fn unpinned_action_is_found() {
    let checkout = "actions/checkout@0123456789abcdef0123456789abcdef01234567 # v1.2.3";
    for bad in ["actions/checkout@v7 # v7", "actions/checkout # v7", "actions/checkout@0123abc # v7"] {
        assert_found(checkout, bad, "job build: actions/checkout");
    }
    assert_found(checkout, checkout.trim_end_matches(" # v1.2.3"), "add the version as a comment");
    let call = "  call:\n    uses: a/b/.github/workflows/c.yml@main # v1\n  build:\n";
    assert_found("  build:\n", call, "job call: a/b");
}

#[test]
fn install_without_exact_version_is_found() {
    let good = "--locked cargo-deny --version 0.20.2";
    for bad in ["--locked cargo-deny", "--locked cargo-deny --version 0.20", "--locked a b --version 0.20.2"]
    {
        assert_found(good, bad, "job build: `cargo install");
    }
    assert_found(good, "cargo-deny --version 0.20.2", "add `--locked`");
}

#[test]
fn cargo_without_locked_is_found() {
    assert_found("cargo --locked build", "cargo build", "`cargo build --release`: add `--locked`");
    assert_found("cargo fmt", "x=$(cargo tree) && cargo fmt", "`cargo tree`: add `--locked`");
}

#[test]
fn foreign_step_next_to_token_is_found() {
    let publish = "cargo publish --locked --no-verify --package one";
    for bad in ["cargo publish --locked --package one", "./check.sh dist", "cmp a b; python x.py"] {
        assert_found(publish, bad, "must not run with an identity token");
    }
    let step = format!("run: {publish}");
    let action = "uses: some/action@0123456789abcdef0123456789abcdef01234567 # v1";
    assert_found(&step, action, "job publish: `some/action`");
}

#[test]
fn publishing_without_tests_is_found() {
    assert_found("needs: [test, build]", "needs: build", "job publish: add the job");
    assert_found("    needs: [test, build]\n", "", "job publish: add the job");
    assert_found("startsWith(", "always() && startsWith(", "`if` must not ignore");
}

#[test]
fn called_workflow_with_token_is_found() {
    let call = "    uses: ./.github/workflows/ci.yml\n";
    let with_token = format!("{call}    needs: test\n    permissions: {{ id-token: write }}\n");
    assert_found(call, &with_token, "job test: `./.github/workflows/ci.yml` must not run");
}

#[test]
fn download_of_everything_is_found() {
    assert_found(r#"{ pattern: "wheel-*" }"#, "{ path: dist }", "job build: actions/download-artifact");
    assert_found(r#"{ pattern: "wheel-*" }"#, r#"{ pattern: "*" }"#, "job build: actions/download-artifact");
}

#[test]
fn excessive_permission_is_found() {
    let good = "permissions:\n  contents: read\n";
    for bad in ["", "permissions: write-all\n", "permissions:\n  contents: write\n"] {
        assert_found(good, bad, "the workflow's permissions");
    }
    let job = "  build:\n";
    assert_found(job, "  build:\n    permissions: write-all\n", "job build: name each permission");
    assert_found(job, "  build:\n    permissions: { contents: write }\n", "`contents: write`");
}

#[test]
fn privileged_trigger_is_found() {
    assert_found("on:\n  push:", "on:\n  pull_request_target:", "pull_request_target");
    assert_found("on:\n  push:", "on: [push, workflow_run]", "workflow_run");
}

#[test]
fn persisted_credentials_are_found() {
    assert_found("{ persist-credentials: false }", "{ fetch-depth: 0 }", "job build: actions/checkout");
}

#[test]
fn expression_in_script_is_found() {
    assert_found("cargo fmt --check", "cargo fmt --check ${{ github.ref }}", "in `env`");
}

/// Runs the script that checks the crates of a release, and returns whether it accepts these files.
fn release_accepts(test: &str, names: &[&str], tag: &str) -> Result<bool> {
    let directory = std::env::temp_dir().join(format!("release-{test}-{}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    for name in names {
        std::fs::write(directory.join(name.replace("VERSION", env!("CARGO_PKG_VERSION"))), "")?;
    }
    let release = root().join(".github/release");
    let mut command = Command::new(release.join("check-files.sh"));
    command.arg(release.join("crates.txt")).arg(&directory);
    let reference = format!("refs/tags/v{}", tag.replace("VERSION", env!("CARGO_PKG_VERSION")));
    let accepted = command.env("GITHUB_REF", reference).output()?.status.success();
    std::fs::remove_dir_all(directory)?;
    Ok(accepted)
}

#[test]
fn release_has_exactly_the_expected_files() -> Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    let [core, cli] = ["configcat-management-VERSION.crate", "configcat-management-cli-VERSION.crate"];
    let simulator = "configcat-simulator-VERSION.crate";
    assert!(release_accepts("complete", &[core, cli, simulator], "VERSION")?);
    assert!(!release_accepts("missing", &[core, cli], "VERSION")?);
    assert!(!release_accepts("additional", &[core, cli, simulator, "other-VERSION.crate"], "VERSION")?);
    assert!(!release_accepts("hidden", &[core, cli, simulator, ".pypirc"], "VERSION")?);
    assert!(!release_accepts("renamed", &[core, cli, "configcat-simulator-9.9.9.crate"], "VERSION")?);
    assert!(!release_accepts("tag", &[core, cli, simulator], "9.9.9")?);
    Ok(())
}
