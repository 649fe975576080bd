//! Finds the names of tests.

/// Names of tests with their lines, from 1.
pub fn names<'a>(extension: &str, text: &'a str) -> Vec<(usize, &'a str)> {
    let lines: Vec<(usize, &str)> =
        text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_start())).collect();
    match extension {
        "rs" => after_mark(&lines, &["#[test]", "#[tokio::test"], "fn "),
        "java" => after_mark(&lines, &["@Test"], "void "),
        "kt" => after_mark(&lines, &["@Test"], "fun "),
        "swift" => after_mark(&lines, &["@Test"], "func "),
        "py" => lines.into_iter().filter_map(|(line, text)| Some((line, python(text)?))).collect(),
        "c" | "cpp" => lines
            .into_iter()
            .flat_map(|(line, text)| registered(text).map(move |name| (line, name)))
            .collect(),
        _ => Vec::new(),
    }
}

/// Names in the table of tests of a C or C++ program: `{"name", name}`.
fn registered(line: &str) -> impl Iterator<Item = &str> {
    line.split("{\"").skip(1).filter_map(|entry| {
        let (name, rest) = entry.split_once("\", ")?;
        rest.strip_prefix(name)?.starts_with('}').then_some(name)
    })
}

/// Functions on the line of a mark, or on the next line that has one.
fn after_mark<'a>(lines: &[(usize, &'a str)], marks: &[&str], keyword: &str) -> Vec<(usize, &'a str)> {
    let mut marked = false;
    let mut found = Vec::new();
    for (number, line) in lines {
        marked |= marks.iter().any(|mark| line.starts_with(mark));
        if marked && let Some((_, name)) = line.split_once(keyword) {
            marked = false;
            let name = match name.strip_prefix('`') {
                Some(name) => name.split('`').next(),
                None => name.split(['(', '<']).next(),
            };
            found.extend(name.map(|name| (*number, name)));
        }
    }
    found
}

fn python(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("async ").unwrap_or(line).strip_prefix("def test_")?;
    rest.split('(').next()
}

#[cfg(test)]
mod unit {
    use super::names;

    #[test]
    fn names_are_found_in_every_language() {
        for (extension, text) in [
            ("rs", "#[tokio::test(start_paused = true)]\nasync fn a_b() {\nfn helper() {}"),
            ("kt", "    @Test\n    fun `a_b`() = x"),
            ("java", "    @Test\n    void a_b() {"),
            ("swift", "    @Test(arguments: [1]) func a_b() {"),
            ("py", "async def test_a_b(x: int) -> None:"),
            ("c", "TEST_MAIN({\"a_b\", a_b}, {\"a.b\", NULL, 1})"),
        ] {
            let found: Vec<&str> = names(extension, text).into_iter().map(|(_, name)| name).collect();
            assert_eq!(found, ["a_b"], "{extension}");
        }
    }
}
