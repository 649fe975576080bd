//! Plans as text: for terminals and for pull requests.

use super::requests::{PREFERENCES_SECTION, VARIATIONS_SECTION};
use super::step::{Action, Step};
use super::{Plan, same};
use crate::changes::flag::FlagState;
use crate::changes::section::{VALUES, named};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// Longest value of a field that is shown, in characters.
const SHOWN: usize = 120;

/// A field that changes.
pub(super) struct Change {
    /// `None` for the value of a flag.
    pub(super) name: Option<String>,
    /// `None` if there was nothing before.
    pub(super) before: Option<String>,
    pub(super) after: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name}: ")?;
        }
        if let Some(before) = &self.before {
            write!(f, "{before} → ")?;
        }
        f.write_str(&self.after)
    }
}

/// How text is decorated.
#[derive(Clone, Copy)]
struct Style {
    colour: bool,
}

impl Style {
    fn paint(self, action: Action, text: &str) -> String {
        let code = match action {
            Action::Create => 32,
            Action::Update => 33,
            Action::Replace => 35,
            Action::Delete => 31,
        };
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn bold(self, text: &str) -> String {
        if self.colour { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

impl Plan {
    /// Writes the plan for a terminal, with or without colours.
    #[must_use]
    pub fn to_text(&self, colour: bool) -> String {
        let style = Style { colour };
        let mut text = String::new();
        for (section, steps) in self.by_section() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", style.bold(section));
            for step in steps {
                let line = format!("  {} {}", step.action.sign(), label(step));
                let _ = writeln!(text, "{}", style.paint(step.action, &line));
                for change in changes(step) {
                    let _ = writeln!(text, "      {change}");
                }
                for (word, message) in [("refused", &step.refused), ("note", &step.note)] {
                    if let Some(message) = message {
                        let _ = writeln!(text, "      {word}: {message}");
                    }
                }
            }
        }
        text.push_str(&self.summary());
        text.push('\n');
        text
    }

    /// Writes the plan as Markdown, for pull requests.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = format!("### Plan for {}\n\n{}\n", escaped(self.document.product()), self.summary());
        for (section, steps) in self.by_section() {
            let _ = write!(text, "\n**{section}**\n\n| | entity | change |\n|---|---|---|\n");
            for step in steps {
                let mut cells: Vec<String> =
                    changes(step).iter().map(|change| escaped(&change.to_string())).collect();
                for (word, message) in [("refused", &step.refused), ("note", &step.note)] {
                    cells.extend(message.iter().map(|message| format!("**{word}**: {}", escaped(message))));
                }
                let _ = writeln!(
                    text,
                    "| {} | {} | {} |",
                    step.action,
                    escaped(&label(step)),
                    cells.join("<br>")
                );
            }
        }
        text
    }

    /// Returns one line: the number of steps by action, and the price.
    #[must_use]
    pub fn summary(&self) -> String {
        if self.steps.is_empty() {
            return format!("No changes: {} is as the document says.", self.document.product());
        }
        let count = |action: Action| self.steps.iter().filter(|step| step.action == action).count();
        let counts = [Action::Create, Action::Update, Action::Replace, Action::Delete]
            .into_iter()
            .filter(|action| count(*action) > 0)
            .map(|action| format!("{} to {action}", count(action)));
        let requests = match self.price.requests {
            1 => "1 request".to_owned(),
            count => format!("{count} requests"),
        };
        let refused = match self.refused().count() {
            0 => String::new(),
            count => format!(" {count} would be refused."),
        };
        format!("Plan: {}, with {requests}.{refused}", counts.collect::<Vec<_>>().join(", "))
    }

    pub(super) fn by_section(&self) -> Vec<(&str, Vec<&Step>)> {
        let mut order: Vec<&str> = Vec::new();
        let mut found: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
        for step in &self.steps {
            if !order.contains(&step.section.as_str()) {
                order.push(&step.section);
            }
            found.entry(&step.section).or_default().push(step);
        }
        order.into_iter().filter_map(|section| Some((section, found.remove(section)?))).collect()
    }
}

/// What a step is about.
pub(super) fn label(step: &Step) -> String {
    match step.section.as_str() {
        PREFERENCES_SECTION => "preferences of the product".to_owned(),
        _ if step.path.is_empty() => "product".to_owned(),
        _ => step.place(),
    }
}

/// One line for each field that changes.
pub(super) fn changes(step: &Step) -> Vec<Change> {
    if step.section == VALUES.name {
        let before = step.before.as_ref().map(|before| state(Some(before)));
        return vec![Change { name: None, before, after: state(step.after.as_ref()) }];
    }
    let (Some(Value::Object(after)), false) = (&step.after, step.action == Action::Delete) else {
        return Vec::new();
    };
    let key = named(&step.section).map_or(VARIATIONS_SECTION, |section| section.key);
    let before = step.before.as_ref().filter(|_| step.action == Action::Update);
    let lines = after.iter().filter(|(name, _)| *name != key || step.section == VARIATIONS_SECTION);
    lines
        .filter(|(name, value)| before.is_some() || !same(Some(value), None) && *name != "order")
        .map(|(name, value)| Change {
            name: Some(name.clone()),
            before: before.and_then(|before| before.get(name)).map(shown),
            after: shown(value),
        })
        .collect()
}

fn state(value: Option<&Value>) -> String {
    let state = value.and_then(|value| FlagState::from_json(value.clone()).ok());
    cut(&state.map_or_else(String::new, |state| state.to_string()))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "(nothing)".to_owned(),
        other => cut(&other.to_string()),
    }
}

/// Shortens a long text.
fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Escapes what Markdown would read as formatting.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '\\' | '#') {
            escaped.push('\\');
        }
        escaped.push(if letter == '\n' { ' ' } else { letter });
    }
    escaped
}
