//! Finds the annotations in the comments of a source file: rules of the service, each with its source.

/// Public tools of the service whose behaviour shows how the service behaves.
pub const TOOLS: &[&str] = &[
    "infrastructure provider",
    "generated clients",
    "MCP server",
    "command line tool",
    "proxy",
    "IDE plugin",
];

/// First words of a marker, also of a misspelt one, in lower case.
const STEMS: &[&str] = &["document", "undocumented", "assume", "assumption", "observe", "observation"];

/// Markers as they must be written, to find those that do not begin their line.
const MARKERS: &[&str] = &["Documented: ", "Assumed: ", "Observed ("];

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Documented,
    /// A public tool depends on it.
    Observed(&'static str),
    Assumed,
}

/// A rule and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// Line of the marker, from 1.
    pub line: usize,
    pub source: Source,
    /// The rule as a sentence.
    pub rule: String,
}

/// Annotations of a file, and what is wrong with others, by line.
#[derive(Debug, Default)]
pub struct Scan {
    pub annotations: Vec<Annotation>,
    pub problems: Vec<(usize, String)>,
}

/// Reads all annotations of a file.
pub fn scan(text: &str) -> Scan {
    let mut scanner = Scanner::default();
    for (index, line) in text.lines().enumerate() {
        scanner.line(index + 1, line.trim_start());
    }
    scanner.close();
    scanner.scan
}

#[derive(Default)]
struct Scanner {
    scan: Scan,
    /// The annotation whose sentence may continue on the next line, and the comment's opening characters.
    open: Option<(Annotation, &'static str)>,
}

impl Scanner {
    fn line(&mut self, number: usize, line: &str) {
        let Some((kind, text)) = comment(line) else {
            self.close();
            if line.split_once("// ").is_some_and(|(_, text)| marker(text).is_some()) {
                self.problem(number, "an annotation is a comment on its own line");
            }
            return;
        };
        if self.open.as_ref().is_some_and(|(_, open)| text.is_empty() || *open != kind) {
            self.close();
        }
        let found = marker(text);
        let rest = match &found {
            Some(Ok((_, rest))) => rest,
            _ => text,
        };
        if MARKERS.iter().any(|marker| rest.contains(marker)) && !matches!(found, Some(Err(_))) {
            self.problem(number, "an annotation begins its line");
        }
        match found {
            Some(_) if kind == "//!" => self.problem(number, "annotations are in comments with // or ///"),
            Some(Err(problem)) => {
                self.close();
                self.problem(number, &problem);
            }
            Some(Ok((source, rule))) => {
                self.close();
                self.open = Some((Annotation { line: number, source, rule: rule.to_owned() }, kind));
            }
            None => {
                if let Some((annotation, _)) = &mut self.open {
                    annotation.rule = format!("{} {text}", annotation.rule).trim().to_owned();
                }
            }
        }
    }

    fn close(&mut self) {
        let Some((annotation, _)) = self.open.take() else { return };
        if annotation.rule.is_empty() {
            self.problem(annotation.line, "an annotation without a sentence");
        } else if !annotation.rule.ends_with('.') {
            self.problem(annotation.line, "the sentence of an annotation ends with a full stop");
        } else {
            self.scan.annotations.push(annotation);
        }
    }

    fn problem(&mut self, line: usize, text: &str) {
        self.scan.problems.push((line, text.to_owned()));
    }
}

/// Returns the opening characters and the text of a line that is a comment.
fn comment(line: &str) -> Option<(&'static str, &str)> {
    let kind = ["///", "//!", "//"].into_iter().find(|kind| line.starts_with(kind))?;
    Some((kind, line.strip_prefix(kind)?.trim()))
}

/// Parses the marker at the beginning of a comment's line. `None` if there is none.
fn marker(text: &str) -> Option<Result<(Source, &str), String>> {
    let (head, rest) = text.split_once(':')?;
    let (word, tool) = head.split_once(' ').unwrap_or((head, ""));
    let is_like_marker = STEMS.iter().any(|stem| word.to_lowercase().starts_with(stem))
        && (tool.is_empty() || tool.starts_with('(') && tool.ends_with(')'));
    if !is_like_marker {
        return None;
    }
    let tool = tool.trim_start_matches('(').trim_end_matches(')');
    let source = match word {
        "Documented" if tool.is_empty() => Some(Source::Documented),
        "Assumed" if tool.is_empty() => Some(Source::Assumed),
        "Observed" => TOOLS.iter().find(|known| **known == tool).copied().map(Source::Observed),
        _ => None,
    };
    Some(match source {
        Some(source) if rest.is_empty() || rest.starts_with(' ') => Ok((source, rest.trim())),
        Some(_) => Err("a space follows the colon of an annotation".to_owned()),
        None => {
            let tools = TOOLS.join(", ");
            Err(format!(
                "unknown source \"{head}\": write Documented, Assumed or Observed (TOOL), TOOL being one of {tools}"
            ))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<(usize, Source, String)> {
        let scan = scan(text);
        assert_eq!(scan.problems, []);
        scan.annotations.into_iter().map(|a| (a.line, a.source, a.rule)).collect()
    }

    fn problem(text: &str) -> String {
        let scan = scan(text);
        assert_eq!(scan.annotations, [], "{text}");
        let [(_, problem)] = scan.problems.as_slice() else { panic!("{text}: {:?}", scan.problems) };
        problem.clone()
    }

    #[test]
    fn sentence_continues_until_its_comment_ends() {
        let text = "/// Creates it.\n/// Documented: a key is unique;\n///   a duplicate is refused.\n///\n/// More.\n\
            fn f() {\n    // Assumed: one.\n    // Observed (proxy): two\n    // lines.\n    g();\n    // Other.\n}\n";
        assert_eq!(
            rules(text),
            [
                (2, Source::Documented, "a key is unique; a duplicate is refused.".to_owned()),
                (7, Source::Assumed, "one.".to_owned()),
                (8, Source::Observed("proxy"), "two lines.".to_owned()),
            ]
        );
        assert_eq!(rules("// Assumed:\n// one.\n/// Doc."), [(1, Source::Assumed, "one.".to_owned())]);
    }

    #[test]
    fn comments_about_something_else_are_no_annotations() {
        let text = "// Assumed by callers: nothing.\n// See: documented\n//! Documented behaviour.\nlet a = \"Assumed: b\";";
        assert_eq!(rules(text), []);
    }

    #[test]
    fn unknown_sources_are_refused() {
        for text in [
            "// Observed (terraform): x.",
            "// Observed: x.",
            "// observed (proxy): x.",
            "// assumed: x.",
            "// Documentation: x.",
            "// Assumption: x.",
            "// Assumed (proxy): x.",
        ] {
            assert!(problem(text).starts_with("unknown source"), "{text}");
        }
    }

    #[test]
    fn malformed_annotations_are_refused() {
        for (text, expected) in [
            ("// Assumed:\n\n// x.", "an annotation without a sentence"),
            ("// Assumed: x\n//\n// y.", "the sentence of an annotation ends with a full stop"),
            ("// Assumed:x.", "a space follows the colon of an annotation"),
            ("//! Assumed: x.", "annotations are in comments with // or ///"),
            ("let a = 1; // Assumed: x.", "an annotation is a comment on its own line"),
            ("// Adds it. Assumed: x.", "an annotation begins its line"),
        ] {
            assert_eq!(problem(text), expected, "{text}");
        }
    }
}
