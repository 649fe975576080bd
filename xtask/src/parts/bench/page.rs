//! The blocks with figures in `docs/performance.md`, and the charts that it shows. The figures differ by machine, so that the
//! blocks are not compared with a measurement; only their form is checked.

use super::chart;
use super::figures::{PartFigures, Results, Table};
use anyhow::{Context as _, Result, bail, ensure};
use std::fmt::Write as _;
use std::path::Path;

const PAGE: &str = "performance.md";
/// Parts with a block, in the order of the page, and the language whose chart the block shows.
const BLOCKS: [(&str, Option<&str>); 9] = [
    ("rust", Some("Rust")),
    ("python", Some("Python")),
    ("c", Some("C")),
    ("kotlin", Some("Kotlin")),
    ("swift", Some("Swift")),
    ("pacing", None),
    ("jobs", None),
    ("simulator", None),
    ("instructions", None),
];
const END: &str = "<!-- end of the figures -->";

fn begin(part: &str) -> String {
    format!("<!-- figures of {part}, written by `cargo xtask update performance` -->")
}

fn image(part: &str) -> String {
    format!("images/performance-{part}.svg")
}

/// Writes the page with these figures, and the charts, into a directory. `docs` has the page in its present form.
pub fn write(results: &Results, docs: &Path, folder: &Path) -> Result<()> {
    ensure!(!results.parts.is_empty(), "there are no figures: run `cargo xtask bench` first");
    let page =
        std::fs::read_to_string(docs.join(PAGE)).with_context(|| docs.join(PAGE).display().to_string())?;
    let page = with_figures(page, results)?;
    std::fs::create_dir_all(folder.join("images"))?;
    std::fs::write(folder.join(PAGE), page)?;
    for figures in &results.parts {
        if let Some(svg) = chart_of(figures) {
            std::fs::write(folder.join(image(&figures.part)), svg)?;
        }
    }
    println!("{} has the figures of {} parts", folder.join(PAGE).display(), results.parts.len());
    Ok(())
}

fn chart_of(figures: &PartFigures) -> Option<String> {
    chart::draw(language_of(&figures.part)?, &figures.tables)
}

fn language_of(part: &str) -> Option<&'static str> {
    BLOCKS.iter().find(|(known, _)| *known == part)?.1
}

/// Draws the charts again, from the figures that they have. The page gets the texts for readers who do not see them.
pub fn redraw(docs: &Path) -> Result<()> {
    let mut page = std::fs::read_to_string(docs.join(PAGE))?;
    for (part, _) in BLOCKS.iter().filter(|(_, language)| language.is_some()) {
        let path = docs.join(image(part));
        let svg = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let (_, svg, seen) =
            chart::redraw(&svg).with_context(|| format!("{part}: no figures in the description"))?;
        std::fs::write(path, svg)?;
        let end = format!("]({})", image(part));
        let shown = page.lines().find(|line| line.ends_with(&end)).map(str::to_owned);
        page = page.replace(
            &shown.with_context(|| format!("{PAGE} does not show {part}"))?,
            &format!("![{seen}{end}"),
        );
    }
    std::fs::write(docs.join(PAGE), page)?;
    Ok(())
}

/// Returns the page with the figures of each part in its block. Blocks of other parts stay as they are.
fn with_figures(mut page: String, results: &Results) -> Result<String> {
    for figures in &results.parts {
        let begin = begin(&figures.part);
        let start = page.find(&begin).with_context(|| format!("{PAGE} has no line {begin}"))? + begin.len();
        let end =
            page.get(start..).and_then(|rest| rest.find(END)).context("a block without its end")? + start;
        page.replace_range(start..end, &block(figures));
    }
    Ok(page)
}

fn block(figures: &PartFigures) -> String {
    let mut text = format!("\n\n{}\n", origin(figures));
    if let (Some(_), Some(language)) = (chart_of(figures), language_of(&figures.part)) {
        let alternative = chart::seen(language, &figures.tables);
        let _ = write!(text, "\n![{alternative}]({})\n", image(&figures.part));
    }
    for shown in &figures.tables {
        let _ = write!(text, "\n{}", table(shown));
    }
    text + "\n"
}

/// Returns when, where and with which files the figures were measured.
fn origin(figures: &PartFigures) -> String {
    let mut text = format!("Measured on {} at commit {}", figures.date, figures.commit);
    if let Some(before) = figures.machine.first() {
        let load = before.load.map_or_else(|| "unknown".to_owned(), |load| format!("{load:.2}"));
        let spread = figures.machine.iter().map(|state| state.calibration.spread()).fold(0.0, f64::max);
        let _ = write!(
            text,
            ", {} cores, load average {load} before, the same work within {spread:.1} % between quartiles",
            figures.cores
        );
    }
    text.push('.');
    if let Some(reason) = &figures.busy {
        let _ = write!(text, " **The machine was busy: {reason}.**");
    }
    let files = figures
        .artefacts
        .iter()
        .map(|file| format!("`{}` (profile {}, {:.2} MB)", file.path, file.profile, file.bytes as f64 / 1e6));
    let files: Vec<String> = files.collect();
    if !files.is_empty() {
        let _ = write!(text, " Loaded: {}.", files.join(", "));
    }
    text
}

fn table(table: &Table) -> String {
    let columns = table.columns();
    let line = |name: &str, cells: Vec<String>| format!("| {name} | {} |\n", cells.join(" | "));
    let mut text = line(&table.title, columns.iter().map(|column| (*column).to_owned()).collect());
    text += &format!("|---{}|\n", "|---".repeat(columns.len()));
    for row in &table.rows {
        text += &line(&row.name, columns.iter().map(|column| row.shown(column)).collect());
    }
    text
}

/// Checks the form of the page: a block for each part, tables whose rows have the same columns, and charts that exist.
pub fn check(docs: &Path) -> Result<()> {
    let page = std::fs::read_to_string(docs.join(PAGE))?;
    let mut problems = Vec::new();
    for (part, language) in BLOCKS {
        match block_of(&page, part) {
            Ok(block) => {
                problems.extend(
                    uneven(block).map(|line| format!("{part}: other columns than its table: {line}")),
                );
                let shown = block.contains(&image(part));
                let chart = std::fs::read_to_string(docs.join(image(part))).ok();
                if shown != chart.is_some() || (shown && language.is_none()) {
                    problems
                        .push(format!("{part}: {} must exist if it is shown, and only then", image(part)));
                }
                let complete = |svg: &String| {
                    ["<title", "<desc", "prefers-color-scheme: dark"].iter().all(|part| svg.contains(part))
                };
                if chart.is_some_and(|svg| !complete(&svg)) {
                    problems.push(format!("{part}: the chart lacks a title, a description or dark colours"));
                }
            }
            Err(error) => problems.push(format!("{part}: {error}")),
        }
    }
    ensure!(
        problems.is_empty(),
        "docs/{PAGE}: {}; `cargo xtask update performance` writes the blocks",
        problems.join("; ")
    );
    Ok(())
}

/// Returns the text of a block, which must exist once and end before the next one.
fn block_of<'a>(page: &'a str, part: &str) -> Result<&'a str> {
    let begin = begin(part);
    let mut pieces = page.split(&begin).skip(1);
    let (Some(rest), None) = (pieces.next(), pieces.next()) else { bail!("not exactly one line {begin}") };
    let block = rest.split_once(END).context("the block does not end")?.0;
    ensure!(!block.contains("<!-- figures of"), "the block does not end");
    Ok(block)
}

/// Returns the rows of tables that have another number of columns than the row above.
fn uneven(block: &str) -> impl Iterator<Item = &str> {
    let columns = |line: &str| line.starts_with('|').then(|| line.matches('|').count());
    let pairs = block.lines().zip(block.lines().skip(1));
    pairs
        .filter(move |(above, line)| {
            columns(above).zip(columns(line)).is_some_and(|(above, own)| above != own)
        })
        .map(|(_, line)| line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures of two parts, as `cargo xtask bench` writes them.
    const FIXTURE: &str = include_str!("fixture.json");

    fn results() -> Results {
        serde_json::from_str(FIXTURE).unwrap()
    }

    fn empty_page() -> String {
        BLOCKS
            .iter()
            .map(|(part, _)| format!("## {part}\n\n{}\n\n{END}\n\nProse.\n\n", begin(part)))
            .collect()
    }

    /// A directory of documentation with this page, removed when it is dropped.
    struct Docs(std::path::PathBuf);

    impl Docs {
        fn with(name: &str, page: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("performance-{name}-{}", std::process::id()));
            std::fs::create_dir_all(folder.join("images")).unwrap();
            std::fs::write(folder.join(PAGE), page).unwrap();
            Self(folder)
        }
    }

    impl Drop for Docs {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn figures_replace_the_blocks_of_their_parts_only() {
        let docs = Docs::with("blocks", &empty_page());
        write(&results(), &docs.0, &docs.0).unwrap();
        let page = std::fs::read_to_string(docs.0.join(PAGE)).unwrap();
        let rust = block_of(&page, "rust").unwrap();
        assert!(
            rust.contains("Measured on 2026-11-28 at commit abc1234, 2 cores, load average 0.12"),
            "{rust}"
        );
        assert!(rust.contains("`target/release/bench` (profile release, 7.30 MB)"), "{rust}");
        assert!(rust.contains("| Rust | this | reqwest |\n|---|---|---|\n"), "{rust}");
        assert!(rust.contains("| small call | 0.087 ms | 0.081 ms, 0.92 (0.86 to 0.98) |\n"), "{rust}");
        assert!(!rust.contains("busy"), "{rust}");
        let pacing = block_of(&page, "pacing").unwrap();
        assert!(pacing.contains("**The machine was busy: load average 1.90, more than 0.50.**"), "{pacing}");
        assert!(pacing.contains("| Rust 64 | 62.5 s | 26 (0.75 %) |\n"), "{pacing}");
        assert_eq!(block_of(&page, "c").unwrap(), "\n\n");
        assert_eq!(page.matches("\n\nProse.\n").count(), BLOCKS.len());
        check(&docs.0).unwrap();
        // Writing again changes nothing.
        write(&results(), &docs.0, &docs.0).unwrap();
        assert_eq!(std::fs::read_to_string(docs.0.join(PAGE)).unwrap(), page);
    }

    #[test]
    fn charts_are_written_for_languages_only() {
        let docs = Docs::with("charts", &empty_page());
        let folder = docs.0.join("elsewhere");
        write(&results(), &docs.0, &folder).unwrap();
        let svg = std::fs::read_to_string(folder.join("images/performance-rust.svg")).unwrap();
        assert!(svg.contains("small call: this 0.087 ms"), "{svg}");
        assert!(!folder.join("images/performance-pacing.svg").exists());
        assert!(
            std::fs::read_to_string(folder.join(PAGE)).unwrap().contains("](images/performance-rust.svg)")
        );
        // The page itself is unchanged.
        assert_eq!(std::fs::read_to_string(docs.0.join(PAGE)).unwrap(), empty_page());
    }

    #[test]
    fn damaged_pages_are_found() {
        let twice = format!("{}{}\n{END}\n", empty_page(), begin("c"));
        let open = empty_page().replacen(END, "", 1);
        let uneven = empty_page().replacen(END, &format!("| a | b |\n|---|\n{END}"), 1);
        let no_chart = empty_page().replacen(END, &format!("![x]({})\n{END}", image("rust")), 1);
        for (name, page, problem) in [
            ("twice", twice, "c: not exactly one line"),
            ("open", open, "rust: the block does not end"),
            ("uneven", uneven, "rust: other columns than its table: |---|"),
            ("chart", no_chart, "rust: images/performance-rust.svg must exist"),
        ] {
            let docs = Docs::with(name, &page);
            let message = check(&docs.0).unwrap_err().to_string();
            assert!(message.contains(problem), "{name}: {message}");
        }
        let docs = Docs::with("missing", "# Performance\n");
        let message = write(&results(), &docs.0, &docs.0).unwrap_err().to_string();
        assert!(message.contains("has no line <!-- figures of rust"), "{message}");
    }

    #[test]
    fn figures_do_not_matter_to_the_check() {
        let docs = Docs::with("other", &empty_page());
        write(&results(), &docs.0, &docs.0).unwrap();
        let page = std::fs::read_to_string(docs.0.join(PAGE)).unwrap().replace("0.087", "0.123");
        std::fs::write(docs.0.join(PAGE), page).unwrap();
        check(&docs.0).unwrap();
    }
}
