//! Our client beside bare reqwest and `serde_json`, in turn, into the same types.

use crate::Result;
use crate::stats::Pairs;
use configcat_management::models::{
    ConfigId, CreateConfig, CreateProduct, CreateSetting, CreateTag, EvaluationVersion, Me, Setting,
    SettingType,
};
use configcat_management::{Client, RateLimitPolicy};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use std::time::{Duration, Instant};

const USER: &str = "simulator";

pub fn client(url: &str) -> Result<Client> {
    Ok(Client::builder().credentials(USER, USER).base_url(url).no_proxy().build()?)
}

/// Makes a config with flags as real ones are: a hint, a tag.
pub async fn fill(url: &str, flags: usize) -> Result {
    let client = Client::builder()
        .credentials(USER, USER)
        .base_url(url)
        .no_proxy()
        .rate_limit_policy(RateLimitPolicy::Off)
        .build()?;
    let organizations = client.organizations().list().await?;
    let organization = organizations.first().ok_or("no organization")?;
    let product =
        client.products().create(&organization.organization_id, CreateProduct::new("Bench")).await?;
    let tag = client.tags().create(&product.product_id, CreateTag::new("bench").color("panther")).await?;
    let wish = CreateConfig::new("Bench").evaluation_version(EvaluationVersion::V2);
    let config = client.configs().create(&product.product_id, wish).await?;
    stream::iter(0..flags)
        .map(|n| {
            let wish = CreateSetting::new(
                format!("Flag number {n}"),
                format!("flagNumber{n}"),
                SettingType::Boolean,
            )
            .hint(format!("What flag number {n} is for, who looks after it, and when it can go. ").repeat(4))
            .order(i32::try_from(n).unwrap_or(i32::MAX))
            .tags(vec![tag.tag_id]);
            let call = client.settings().create(&config.config_id, wish);
            async move { call.await.map(drop) }
        })
        .buffer_unordered(8)
        .try_collect::<Vec<()>>()
        .await?;
    println!("{}", config.config_id);
    Ok(())
}

struct Bare {
    client: reqwest::Client,
    url: String,
}

impl Bare {
    async fn get(&self, path: &str) -> Result<Vec<u8>> {
        let answer =
            self.client.get(format!("{}{path}", self.url)).basic_auth(USER, Some(USER)).send().await?;
        Ok(answer.error_for_status()?.bytes().await?.to_vec())
    }

    async fn me(&self) -> Result<Me> {
        Ok(serde_json::from_slice(&self.get("/v1/me").await?)?)
    }

    async fn settings(&self, config: &str) -> Result<Vec<Setting>> {
        Ok(serde_json::from_slice(&self.get(&format!("/v1/configs/{config}/settings")).await?)?)
    }
}

pub async fn compare(url: &str, small: &str, large: &str) -> Result {
    let ours = client(url)?;
    let client = reqwest::Client::builder().no_proxy().tcp_nodelay(true).build()?;
    let bare = Bare { client, url: url.to_owned() };
    println!("{:<28}{:>13}{:>13}   ratios to the first (quartiles)", "Rust", "this", "reqwest");

    let mut pairs = Pairs::default();
    for i in 0..120 {
        let (theirs, mine) = both(
            i,
            || async { repeat(50, || async { bare.me().await.map(drop) }).await },
            || async { repeat(50, || async { ours.me().get().await.map(drop).map_err(Into::into) }).await },
        )
        .await?;
        pairs.add(theirs / 50, mine / 50);
    }
    println!("{}", pairs.row("small call"));

    let mut pairs = Pairs::default();
    for i in 0..60 {
        let (theirs, mine) = both(
            i,
            || async { at_once(16, 20, || async { bare.me().await.map(drop) }).await },
            || async {
                at_once(16, 20, || async { ours.me().get().await.map(drop).map_err(Into::into) }).await
            },
        )
        .await?;
        pairs.add(theirs / 320, mine / 320);
    }
    println!("{}", pairs.row("small call, 16 at once"));

    for (name, config, runs) in [("1,000 flags", small, 80), ("10,000 flags", large, 40)] {
        let id = ConfigId::from(config);
        let mut pairs = Pairs::default();
        for i in 0..runs {
            let (theirs, mine) = both(
                i,
                || async { timed(async { bare.settings(config).await.map(drop) }).await },
                || async {
                    timed(async { ours.settings().list(&id).await.map(drop).map_err(Into::into) }).await
                },
            )
            .await?;
            if i > 1 {
                pairs.add(theirs, mine);
            }
        }
        println!("{}", pairs.row(name));
    }
    Ok(())
}

/// Runs both, in an order that changes, so that neither always follows the other.
async fn both<A, B>(
    i: usize,
    theirs: impl FnOnce() -> A,
    ours: impl FnOnce() -> B,
) -> Result<(Duration, Duration)>
where
    A: Future<Output = Result<Duration>>,
    B: Future<Output = Result<Duration>>,
{
    if i.is_multiple_of(2) {
        let a = theirs().await?;
        Ok((a, ours().await?))
    } else {
        let b = ours().await?;
        Ok((theirs().await?, b))
    }
}

async fn timed(run: impl Future<Output = Result>) -> Result<Duration> {
    let start = Instant::now();
    run.await?;
    Ok(start.elapsed())
}

async fn repeat<F: Future<Output = Result>>(n: usize, call: impl Fn() -> F) -> Result<Duration> {
    let start = Instant::now();
    for _ in 0..n {
        call().await?;
    }
    Ok(start.elapsed())
}

async fn at_once<F: Future<Output = Result>>(
    tasks: usize,
    n: usize,
    call: impl Fn() -> F,
) -> Result<Duration> {
    let start = Instant::now();
    let call = &call;
    let tasks = (0..tasks).map(|_| async move {
        for _ in 0..n {
            call().await?;
        }
        Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    });
    futures_util::future::try_join_all(tasks).await?;
    Ok(start.elapsed())
}
