use super::{Context, File};
use anyhow::Result;
pub fn emit(_cx: &Context<'_>) -> Result<Vec<File>> { Ok(Vec::new()) }
