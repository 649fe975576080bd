//! The id of a library's build, which the bindings compare with that of the library they have loaded.

use anyhow::{Context as _, Result};
use std::path::Path;

/// Precedes the id in the file of the library; see `bindings/ffi/mobile/src/build_id.rs`.
const MARKER: &[u8] = b"configcat-management-build:";

/// Returns the id of a library, with the marker.
pub fn build_id(library: &Path) -> Result<String> {
    let bytes = std::fs::read(library).with_context(|| format!("cannot read {}", library.display()))?;
    find(&bytes).with_context(|| format!("{} has no id of its build", library.display()))
}

fn find(bytes: &[u8]) -> Option<String> {
    let starts = bytes.windows(MARKER.len()).enumerate().filter(|(_, window)| *window == MARKER);
    starts.map(|(start, _)| start).find_map(|start| {
        let rest = bytes.get(start..start + 120).unwrap_or(bytes.get(start..)?);
        let end = rest.iter().position(|byte| *byte == 0)?;
        let id = std::str::from_utf8(rest.get(..end)?).ok()?;
        // The marker alone is in this program, too.
        (end > MARKER.len() && !id.contains(char::is_whitespace)).then(|| id.to_owned())
    })
}

/// Writes the constant that Kotlin compares.
pub fn write_kotlin(out: &Path, id: &str) -> Result<()> {
    let folder = out.join("configcat/management");
    std::fs::create_dir_all(&folder)?;
    let text = format!(
        "package configcat.management\n\n/** Id of the library's build that this code was generated from. */\ninternal const val BUILD: String = \"{id}\"\n"
    );
    std::fs::write(folder.join("Build.kt"), text)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_found_between_other_bytes() {
        let library = b"\0configcat-management-build:\0\xffconfigcat-management-build:0.1.0+0123\0rest";
        assert_eq!(find(library).as_deref(), Some("configcat-management-build:0.1.0+0123"));
        assert_eq!(find(b"another library"), None);
    }
}
