pub fn run(_parts: &[String]) -> anyhow::Result<std::process::ExitCode> { anyhow::bail!("not yet") }
