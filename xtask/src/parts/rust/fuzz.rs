//! `cargo xtask fuzz`: runs libFuzzer on all code that parses untrusted input. The targets in `fuzz/` have the layout of
//! cargo-fuzz, which needs a nightly compiler. Here they are built with the stable compiler and without sanitizers, because the
//! code that they reach contains no unsafe code, except for the trees of C, which Miri and the target of C check.

use crate::model::{Operation, Resource, build};
use crate::support::coverage::COUNTED;
use crate::support::process::{self, output, step};
use crate::support::workspace::{cargo, root, target};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

type Seeds = fn() -> Result<Vec<Vec<u8>>>;

/// The targets in Rust, each with its initial inputs.
const TARGETS: &[(&str, Seeds)] = &[
    ("responses", responses),
    ("headers", || Ok(bytes(HEADERS))),
    ("error_bodies", || Ok(bytes(ERROR_BODIES))),
    ("webhook", || Ok(Vec::new())),
    ("patch", || Ok(bytes(PATCHES))),
    ("spec", || Ok(bytes(SPECS))),
    ("seeds", seeds),
    ("trees", || Ok(bytes(TREES))),
];

/// Runs the chosen targets, or all if none is named, each for `seconds`.
pub fn run(chosen: &[String], seconds: u32) -> Result<()> {
    for name in chosen {
        ensure!(name == "c" || TARGETS.iter().any(|(target, _)| target == name), "unknown target {name}");
    }
    let wanted = |name: &str| chosen.is_empty() || chosen.iter().any(|c| c == name);
    let chosen: Vec<_> = TARGETS.iter().filter(|(name, _)| wanted(name)).collect();
    if !chosen.is_empty() {
        let folder = targets()?;
        for (name, begin) in chosen {
            attack(&folder, name, &begin()?, seconds).with_context(|| format!("fuzzing {name}"))?;
        }
    }
    if wanted("c") {
        crate::parts::c::fuzz::fuzz(seconds)?;
    }
    Ok(())
}

/// Builds the targets and returns their directory.
fn targets() -> Result<PathBuf> {
    step("building the fuzz targets");
    let host = output(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let mut build = cargo()?;
    build.current_dir(root().join("fuzz")).env("RUSTFLAGS", format!("{} --cfg fuzzing", COUNTED.join(" ")));
    // With an explicit target, build scripts are compiled without the coverage flags.
    build.args(["build", "--quiet", "--release", "--bins", "--target", &host, "--target-dir"]);
    process::run(build.arg(target("fuzz")?))?;
    Ok(target("fuzz")?.join(host).join("release"))
}

fn attack(folder: &Path, name: &str, begin: &[Vec<u8>], seconds: u32) -> Result<()> {
    let kept = target("fuzz/corpus")?.join(name);
    let given = target("fuzz/seeds")?.join(name);
    for folder in [&kept, &given] {
        std::fs::create_dir_all(folder)?;
    }
    for (number, input) in begin.iter().enumerate() {
        std::fs::write(given.join(number.to_string()), input)?;
    }
    step(&format!("fuzzing {name} for {seconds} s"));
    let longest = begin.iter().map(Vec::len).max().unwrap_or_default().max(4096) * 2;
    let mut command = Command::new(folder.join(name));
    command.args([format!("-max_total_time={seconds}"), format!("-max_len={longest}")]);
    command.args(["-timeout=10", "-rss_limit_mb=4096", "-print_final_stats=1", "-verbosity=0"]);
    command.arg(format!("-artifact_prefix={}/", target("fuzz")?.display()));
    process::run_check(command.arg(kept).arg(given))
}

/// Returns the response bodies of the contract vectors, each prefixed with the number of its operation.
fn responses() -> Result<Vec<Vec<u8>>> {
    let api = build::build(&build::parse(&std::fs::read_to_string(root().join("api/openapi.yaml"))?)?)?;
    let id = |resource: &Resource, operation: &Operation| {
        format!("{}.{}", resource.name.snake(), operation.name.snake())
    };
    // The order of the generated list of operations.
    let order: Vec<String> =
        api.resources.iter().flat_map(|r| r.operations.iter().map(move |o| id(r, o))).collect();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join("tests/contract/generated"))? {
        let vectors: Vec<Value> = serde_json::from_slice(&std::fs::read(entry?.path())?)?;
        for vector in vectors {
            let number = order.iter().position(|id| vector["operation"] == *id);
            if let (Some(number), body @ (Value::Array(_) | Value::Object(_))) =
                (number, &vector["response"]["body"])
            {
                let mut input = vec![u8::try_from(number)?];
                input.extend(serde_json::to_vec(body)?);
                found.push(input);
            }
        }
    }
    ensure!(!found.is_empty(), "there are no vectors with a body");
    Ok(found)
}

const HEADERS: &[&str] = &[
    " 999\n2026-11-23T09:24:55.1234567Z\n\nMon, 23 Nov 2026 09:23:55 GMT",
    " 0\n1795425895\n17\nMon, 23 Nov 2026 09:23:55 GMT",
    "\u{7f}-1\n59\nMon, 23 Nov 2026 09:24:55 GMT\nMon, 23 Nov 2026 09:23:55 GMT",
];

const ERROR_BODIES: &[&str] = &[
    "\0\0{\"name\":[\"Too long.\"],\"key\":[\"Taken.\"]}",
    "\0\0{\"errors\":{\"name\":[\"Bad.\"]},\"title\":\"No\"}",
    "\0\0<html>",
];

const PATCHES: &[&str] = &["{\"a\":[1,2,{\"b\":null}]}\n{\"a\":[2,{\"b\":\"x\"}],\"~/\":true}", "[]\n{}"];

const TREES: &[&str] = &[
    r#"[{"a":"b","c":-1.5e3,"d":[true,false,null,{}],"e":12345678901234567890},"\ud83d\ude00\n\u0000ä"]"#,
    r#" { "a" : [ 0 , 10 , [] ] , "" : "a string that is longer than sixteen bytes" } "#,
];

/// A small spec with one of each construct. The full spec would take the generator a tenth of a second per input.
const SPECS: &[&str] = &[include_str!("../../../../fuzz/seeds/spec.yaml")];

fn bytes(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Returns the bundled demo seed as YAML, an empty JSON seed, and an empty snapshot.
fn seeds() -> Result<Vec<Vec<u8>>> {
    let mut demo = vec![1];
    demo.extend(std::fs::read(root().join("simulator/seeds/demo.yaml"))?);
    Ok(vec![demo, b"\0{}".to_vec(), b"\x02{\"format\":1,\"meta\":{},\"tables\":{}}".to_vec()])
}

#[cfg(test)]
mod tests {
    use super::{Result, SPECS, build};

    #[test]
    fn seed_spec_is_valid() -> Result<()> {
        for text in SPECS {
            let api = build::build(&build::parse(text)?)?;
            assert_eq!(api.resources.iter().map(|r| r.name.snake()).collect::<Vec<_>>(), ["tags"]);
        }
        Ok(())
    }
}
