//! Interleaved comparison of the contenders, job by job.

use crate::clients::client;
use crate::contenders::{Contender, Hyper, Reqwest};
use crate::result::Result;
use crate::samples::{Samples, ready, turns};
use configcat_management::models::{
    ConfigId, SettingId, UploadCodeReferences, UploadFlagReference, UploadReferenceLine, UploadReferenceLines,
};
use std::time::{Duration, Instant};

/// Work that each contender does.
enum Job<'a> {
    /// Sequential small calls.
    Small {
        calls: u32,
    },
    /// Concurrent small calls: `tasks` tasks with `calls` sequential calls each.
    AtOnce {
        tasks: u32,
        calls: u32,
    },
    List {
        config: &'a str,
    },
    Upload {
        found: &'a UploadCodeReferences,
    },
}

impl Job<'_> {
    /// Runs the job, and returns the duration per call.
    async fn run(&self, contender: &dyn Contender) -> Result<Duration> {
        let start = Instant::now();
        let calls = match self {
            Self::Small { calls } => repeat(contender, *calls).await?,
            Self::AtOnce { tasks, calls } => {
                let tasks = (0..*tasks).map(|_| repeat(contender, *calls));
                futures_util::future::try_join_all(tasks).await?.iter().sum()
            }
            Self::List { config } => {
                contender.list(config).await?;
                1
            }
            Self::Upload { found } => {
                contender.upload(found).await?;
                1
            }
        };
        Ok(start.elapsed() / calls)
    }
}

async fn repeat(contender: &dyn Contender, calls: u32) -> Result<u32> {
    for _ in 0..calls {
        contender.small().await?;
    }
    Ok(calls)
}

/// Runs each job with each contender.
async fn measure(table: &'static str, contenders: &[&dyn Contender], small: &str, large: &str) -> Result {
    let found = found(200);
    let jobs = [
        ("small call", 120, Job::Small { calls: 50 }),
        ("small call, 16 at once", 60, Job::AtOnce { tasks: 16, calls: 20 }),
        ("1,000 flags", 80, Job::List { config: small }),
        ("10,000 flags", 40, Job::List { config: large }),
        ("upload of 200 references", 120, Job::Upload { found: &found }),
    ];
    for (name, rounds, job) in jobs {
        let mut samples = Samples::new(table, name, contenders.iter().map(|contender| contender.name()));
        for (at, counts) in turns(rounds, contenders.len()) {
            let Some(contender) = contenders.get(at) else { continue };
            let took = job.run(*contender).await?;
            if counts {
                samples.add(at, took);
            }
        }
        samples.print();
    }
    Ok(())
}

/// Compares our client with plain reqwest and hyper.
pub async fn compare(url: &str, small: &str, large: &str) -> Result {
    // Ours first: it installs the process-wide crypto provider, without which reqwest cannot build a client.
    let ours = client(url)?;
    let (reqwest, hyper) = (Reqwest::new(url)?, Hyper::new(url));
    ready()?;
    measure("Rust", &[&ours, &reqwest, &hyper], small, large).await
}

/// Measures hyper alone, for the tables of other languages.
pub async fn floor(url: &str, small: &str, large: &str) -> Result {
    ready()?;
    measure("The floor: hyper in Rust, immediately afterwards", &[&Hyper::new(url)], small, large).await
}

/// Returns an upload as made by a scanner of source code.
pub fn found(flags: usize) -> UploadCodeReferences {
    let line = |number: usize| {
        UploadReferenceLine::new(i32::try_from(number).unwrap_or(i32::MAX)).line_text(
            "        if client.is_enabled(\"newCheckout\", &user) { return checkout(cart, user); }",
        )
    };
    let reference = |flag: usize| {
        UploadReferenceLines::new(format!("src/shop/checkout/page_{flag}.rs"), line(flag + 5))
            .pre_lines((flag..flag + 5).map(line).collect::<Vec<_>>())
            .post_lines((flag + 6..flag + 11).map(line).collect::<Vec<_>>())
    };
    let flags = (0..flags).map(|flag| UploadFlagReference::new(SettingId::from(1), vec![reference(flag)]));
    UploadCodeReferences::new(ConfigId::from("08d5a03c-feb7-af1e-a1fa-40b3329f8bed"), "shop", "main")
        .flag_references(flags.collect::<Vec<_>>())
}
