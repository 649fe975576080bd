pub fn run(_file: &std::path::Path) -> anyhow::Result<std::process::ExitCode> { anyhow::bail!("not yet") }
