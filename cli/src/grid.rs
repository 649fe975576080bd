//! Tables of text cells: as wide as the terminal, with the columns that identify a row in any case.

use std::fmt::Write as _;

/// Number of characters that are left of a name that is shortened.
const SHORTEST: usize = 10;
/// Characters between columns.
const GAP: usize = 2;

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// Colour of a terminal, if it has one.
    pub colour: Option<u8>,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, colour: None }
    }
}

/// Formats a table with a line per row. The first `identifying` columns are always shown: the longest of them are shortened,
/// except for the last one if there are several, which is an id. Other columns that do not fit are named below the table.
pub fn table(
    names: &[String],
    rows: &[Vec<Cell>],
    identifying: usize,
    width: usize,
    has_colours: bool,
) -> String {
    let mut widths: Vec<usize> = names.iter().map(|name| name.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.text.chars().count());
        }
    }
    shorten(&mut widths, identifying, width);
    let fit = fitting(&widths, width).max(identifying.min(widths.len()));
    let plain = |texts: Vec<String>| texts.into_iter().map(Cell::from).collect::<Vec<_>>();
    let head = plain(names.to_vec());
    let rule = plain(widths.iter().map(|width| "-".repeat(*width)).collect());
    let mut text = String::new();
    for row in [&head, &rule].into_iter().chain(rows) {
        let cells = row.iter().zip(&widths).take(fit);
        let line: Vec<String> = cells.map(|(cell, width)| padded(cell, *width, has_colours)).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line.join(&" ".repeat(GAP)).trim_end());
    }
    if let Some(more) = names.get(fit..).filter(|more| !more.is_empty()) {
        let count =
            if more.len() == 1 { "1 more column".to_owned() } else { format!("{} more columns", more.len()) };
        let _ = writeln!(text, "({count}: {})", more.join(", "));
    }
    text
}

/// Shortens the identifying columns until they fit in a line, the widest first.
fn shorten(widths: &mut [usize], identifying: usize, width: usize) {
    let identifying = identifying.min(widths.len());
    let Some(columns) = widths.get_mut(..identifying) else { return };
    let names = if identifying > 1 { identifying - 1 } else { identifying };
    let mut excess =
        (columns.iter().sum::<usize>() + GAP * identifying.saturating_sub(1)).saturating_sub(width);
    while excess > 0 {
        let widest = columns.iter_mut().take(names).max();
        let Some(widest) = widest.filter(|widest| **widest > SHORTEST) else { return };
        *widest -= 1;
        excess -= 1;
    }
}

/// Returns how many columns fit in a line.
fn fitting(widths: &[usize], width: usize) -> usize {
    let mut used = 0;
    for (at, size) in widths.iter().enumerate() {
        used += size + if at == 0 { 0 } else { GAP };
        if used > width {
            return at;
        }
    }
    widths.len()
}

fn padded(cell: &Cell, width: usize, has_colours: bool) -> String {
    let text = shortened(&cell.text, width);
    let space = " ".repeat(width.saturating_sub(text.chars().count()));
    match cell.colour.filter(|_| has_colours) {
        Some(colour) => format!("\u{1b}[{colour}m{text}\u{1b}[0m{space}"),
        None => format!("{text}{space}"),
    }
}

/// Shortens a text to a number of characters.
pub fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let cut: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(identifying: usize, width: usize) -> String {
        let texts = |texts: [&str; 4]| texts.map(str::to_owned).to_vec();
        let row =
            texts(["a rather long name", "0123456789", "x", "yy"]).into_iter().map(Cell::from).collect();
        table(&texts(["name", "id", "note", "more"]), &[row], identifying, width, false)
    }

    #[test]
    fn columns_that_do_not_fit_are_named() {
        let lines = "name                id          note\n------------------  ----------  ----\na rather long name  0123456789  x\n(1 more column: more)\n";
        assert_eq!(shown(2, 36), lines);
        assert!(shown(2, 100).ends_with("x     yy\n"));
    }

    #[test]
    fn identifying_columns_are_shortened_not_dropped() {
        let lines = "name           id\n-------------  ----------\na rather lon…  0123456789\n(2 more columns: note, more)\n";
        assert_eq!(shown(2, 25), lines);
        assert!(shown(2, 5).contains("a rather …  0123456789\n"), "an id is never shortened");
    }

    #[test]
    fn coloured_cells_are_padded_by_their_text() {
        let row = vec![Cell { text: "true".into(), colour: Some(32) }, Cell::from("x".to_owned())];
        let names = ["flag".to_owned(), "b".to_owned()];
        let coloured = table(&names, std::slice::from_ref(&row), 1, 80, true);
        assert!(coloured.ends_with("\u{1b}[32mtrue\u{1b}[0m  x\n"), "{coloured}");
        assert!(!table(&names, &[row], 1, 80, false).contains('\u{1b}'));
    }
}
