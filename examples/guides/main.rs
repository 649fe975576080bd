//! Runs the Rust code of a guide: `guides authentication`.
#![allow(clippy::print_stdout, reason = "guides print")]

#[path = "authentication/guide.rs"]
mod authentication;
#[path = "bulk/guide.rs"]
mod bulk;
#[path = "editing-flags/guide.rs"]
mod editing_flags;
#[path = "errors/guide.rs"]
mod errors;
#[path = "rate-limits/guide.rs"]
mod rate_limits;
#[path = "testing/guide.rs"]
mod testing;
#[path = "webhooks/guide.rs"]
mod webhooks;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("authentication") => authentication::run().await?,
        Some("bulk") => bulk::run().await?,
        Some("editing-flags") => editing_flags::run().await?,
        Some("errors") => errors::run().await?,
        Some("rate-limits") => rate_limits::run().await?,
        Some("testing") => testing::run().await?,
        Some("webhooks") => webhooks::run()?,
        _ => return Err("name a guide".into()),
    }
    Ok(())
}
