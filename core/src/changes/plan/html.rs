//! Plans and reports as HTML, for notebooks. Everything that is shown is escaped: names and values may come from others.

use super::Plan;
use super::render::{Change, changes, label};
use super::step::{Action, Step};
use std::fmt::Write as _;

/// Colours that are legible on a light and on a dark background.
const GREEN: &str = "#2e9e4f";
const RED: &str = "#d9534f";
const YELLOW: &str = "#b8860b";
const PURPLE: &str = "#a05cc8";

const CELL: &str = "text-align:left;vertical-align:top";

impl Plan {
    /// Writes the plan as a table of HTML, in which removed text is in `del` and added text in `ins`.
    #[must_use]
    pub fn to_html(&self) -> String {
        let rows: Vec<Row<'_>> = self.steps.iter().map(|step| Row { step, notes: Vec::new() }).collect();
        table(&self.summary(), &rows)
    }
}

/// A step, and what to say about it in addition.
pub(crate) struct Row<'a> {
    pub(crate) step: &'a Step,
    /// A word and a message each.
    pub(crate) notes: Vec<(String, Option<String>)>,
}

/// Writes steps as a table.
pub(crate) fn table(summary: &str, rows: &[Row<'_>]) -> String {
    let mut html = format!("<div><p>{}</p>", escaped(summary));
    if !rows.is_empty() {
        html.push_str("<table><thead><tr>");
        for title in ["", "section", "entity", "change"] {
            let _ = write!(html, "<th style=\"{CELL}\">{title}</th>");
        }
        html.push_str("</tr></thead><tbody>");
        rows.iter().for_each(|row| write_row(&mut html, row));
        html.push_str("</tbody></table>");
    }
    html.push_str("</div>");
    html
}

fn write_row(html: &mut String, row: &Row<'_>) {
    let step = row.step;
    let mut lines: Vec<String> = changes(step).iter().map(change).collect();
    let noted = [("refused", &step.refused), ("note", &step.note)];
    let noted = noted.into_iter().filter(|(_, message)| message.is_some());
    let noted = noted.map(|(word, message)| (word.to_owned(), message.clone()));
    lines.extend(noted.chain(row.notes.iter().cloned()).map(|(word, message)| match message {
        Some(message) => format!("<b>{}</b>: {}", escaped(&word), escaped(&message)),
        None => format!("<b>{}</b>", escaped(&word)),
    }));
    let colour = match step.action {
        Action::Create => GREEN,
        Action::Update => YELLOW,
        Action::Replace => PURPLE,
        Action::Delete => RED,
    };
    // Writing to a string cannot fail.
    let _ = write!(
        html,
        "<tr><td style=\"{CELL};color:{colour}\">{} {}</td><td style=\"{CELL}\">{}</td><td style=\"{CELL}\">{}</td>\
         <td style=\"{CELL}\">{}</td></tr>",
        step.action.sign(),
        step.action,
        escaped(&step.section),
        escaped(&label(step)),
        lines.join("<br>")
    );
}

fn change(change: &Change) -> String {
    let name = change.name.as_ref().map_or_else(String::new, |name| format!("{}: ", escaped(name)));
    let before = change
        .before
        .as_ref()
        .map_or_else(String::new, |before| format!("<del style=\"color:{RED}\">{}</del> ", escaped(before)));
    format!(
        "{name}{before}<ins style=\"color:{GREEN};text-decoration:none\">{}</ins>",
        escaped(&change.after)
    )
}

/// Escapes what HTML would read as markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
