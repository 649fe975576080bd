//! Bar charts of the figures of a part as SVG: for each row of a table the times of the contenders, with whiskers from quartile
//! to quartile.

use super::figures::{Row, Sample, Table, Value, number};
use super::stats::Quartiles;
use std::fmt::Write as _;

/// Narrow, so that the text can be read on a phone.
const WIDTH: f64 = 480.0;
/// Where bars begin, and the length of the longest one with its whisker.
const LEFT: f64 = 136.0;
const LONGEST: f64 = 190.0;
const BAR: f64 = 14.0;
/// Distance of the bars of a row, and the height of its heading with the space above.
const STEP: f64 = 22.0;
const HEADING: f64 = 34.0;
const TOP: f64 = 40.0;

/// Colours for light and dark pages: the reader's preference decides. The first colour is that of this library.
const STYLE: &str = "\
text { fill: #1f2328; font: 13px sans-serif } .title { font-size: 15px; font-weight: bold } .row { font-weight: bold }
.page { fill: #ffffff } .this { fill: #0072b2 } .other { fill: #a0a7b0 } .whisker { stroke: #1f2328; fill: none }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .page { fill: #0d1117 } .this { fill: #56b4e9 } .other { fill: #6e7681 } .whisker { stroke: #e6edf3 }
}";

/// Times of the contenders in one row.
struct Group {
    title: String,
    bars: Vec<(String, Sample)>,
}

impl Group {
    /// Whether the first contender, this library, has the shortest time.
    fn is_won(&self) -> bool {
        let median = |(_, sample): &(String, Sample)| sample.quartiles.median;
        self.bars.first().is_some_and(|first| self.bars.iter().all(|bar| median(first) <= median(bar)))
    }
}

/// Draws the comparisons of a part; `None` if it has none.
pub fn draw(language: &str, tables: &[Table]) -> Option<String> {
    let groups = groups(language, tables);
    (!groups.is_empty()).then(|| render(language, &groups))
}

/// Returns what the chart of a part shows, for readers who do not see it.
pub fn seen(language: &str, tables: &[Table]) -> String {
    summary(language, &groups(language, tables))
}

fn summary(language: &str, groups: &[Group]) -> String {
    let won = groups.iter().filter(|group| group.is_won()).count();
    format!(
        "{language}, time per job as bars with whiskers from quartile to quartile: this library has the shortest bar in {won} of \
         {} jobs",
        groups.len()
    )
}

/// Draws a chart again from the figures in its description, after a change to the drawing. Returns the language, the chart, and
/// what it shows.
pub fn redraw(svg: &str) -> Option<(String, String, String)> {
    let between = |start: &str, end: &str| Some(unescaped(svg.split_once(start)?.1.split_once(end)?.0));
    let title = between("<title id=\"title\">", "</title>")?;
    let (language, _) = title.split_once(": ")?;
    let description = between("<desc id=\"description\">", "</desc>")?;
    let (_, rows) = description.split_once(". ")?;
    let groups: Vec<Group> =
        rows.trim_end_matches('.').split(". ").map(described_group).collect::<Option<_>>()?;
    Some((language.to_owned(), render(language, &groups), summary(language, &groups)))
}

/// Parses `small call: this 0.052 ms, from 0.049 to 0.073; httpx 0.322 ms, ratio 6.27, from 0.305 to 0.348`.
fn described_group(text: &str) -> Option<Group> {
    let (mut title, mut bars) = (String::new(), Vec::new());
    for bar in text.split("; ") {
        let (head, range) = bar.rsplit_once(", from ")?;
        let (low, high) = range.split_once(" to ")?;
        let (head, ratio) =
            head.rsplit_once(", ratio ").map_or((head, None), |(head, ratio)| (head, Some(ratio)));
        let (head, unit) = head.rsplit_once(' ')?;
        let (head, median) = head.rsplit_once(' ')?;
        let contender = match head.rsplit_once(": ").filter(|_| bars.is_empty()) {
            Some((of, contender)) => {
                of.clone_into(&mut title);
                contender
            }
            None => head,
        };
        let parse = |number: &str| number.replace(',', "").parse::<f64>().ok();
        let quartiles = Quartiles { low: parse(low)?, median: parse(median)?, high: parse(high)? };
        let ratio = match ratio {
            Some(ratio) => parse(ratio).map(|median| Quartiles { low: median, median, high: median }),
            None => None,
        };
        bars.push((contender.to_owned(), Sample { unit: unit.to_owned(), count: 0, quartiles, ratio }));
    }
    Some(Group { title, bars })
}

fn groups(language: &str, tables: &[Table]) -> Vec<Group> {
    let rows = tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    rows.filter_map(|(table, row)| group(language, table, row)).collect()
}

fn render(language: &str, groups: &[Group]) -> String {
    let rows: f64 = groups.iter().map(|group| HEADING + STEP * group.bars.len() as f64).sum();
    let height = TOP + rows + 16.0;
    let title = format!("{language}: time per job; shorter bars are faster");
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"title description\">\n<title id=\"title\">{title}</title>\n\
         <desc id=\"description\">{description}</desc>\n<style>\n{STYLE}\n</style>\n\
         <rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\" rx=\"6\"/>\n\
         <text class=\"title\" x=\"16\" y=\"26\">{title}</text>\n",
        title = escaped(&title),
        description = escaped(&description(groups)),
    );
    let mut top = TOP;
    for group in groups {
        draw_group(&mut svg, top, group);
        top += HEADING + STEP * group.bars.len() as f64;
    }
    svg + "</svg>\n"
}

/// Returns a row as a group of bars, if at least two contenders have times.
fn group(language: &str, table: &Table, row: &Row) -> Option<Group> {
    let times = row.cells.iter().filter_map(|cell| match &cell.value {
        Value::Sample(sample) if sample.unit == "ms" => Some((cell.column.clone(), sample.clone())),
        _ => None,
    });
    let bars: Vec<_> = times.collect();
    let variant = table.title.strip_prefix(language).unwrap_or(&table.title).trim_start_matches(", ");
    let title = if variant.is_empty() { row.name.clone() } else { format!("{variant}: {}", row.name) };
    (bars.len() > 1).then_some(Group { title, bars })
}

fn draw_group(svg: &mut String, top: f64, group: &Group) {
    let title = escaped(&group.title);
    let _ = writeln!(svg, "<text class=\"row\" x=\"16\" y=\"{:.0}\">{title}</text>", top + HEADING - 12.0);
    let most = group.bars.iter().map(|(_, sample)| sample.quartiles.high).fold(f64::MIN_POSITIVE, f64::max);
    let x = |value: f64| LEFT + LONGEST * value / most;
    for (index, (contender, sample)) in group.bars.iter().enumerate() {
        let y = top + HEADING + STEP * index as f64;
        let (middle, baseline) = (y + BAR / 2.0, y + BAR - 3.0);
        let class = if index == 0 { "this" } else { "other" };
        let (low, median, high) =
            (x(sample.quartiles.low), x(sample.quartiles.median), x(sample.quartiles.high));
        let name = escaped(contender);
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"{baseline:.1}\" text-anchor=\"end\">{name}</text>",
            LEFT - 8.0
        );
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{LEFT}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{BAR}\"/>",
            median - LEFT
        );
        let _ = writeln!(
            svg,
            "<path class=\"whisker\" d=\"M{low:.1} {middle:.1}H{high:.1}M{low:.1} {a:.1}V{b:.1}M{high:.1} {a:.1}V{b:.1}\"/>",
            a = middle - 4.0,
            b = middle + 4.0
        );
        let _ = writeln!(svg, "<text x=\"{:.1}\" y=\"{baseline:.1}\">{}</text>", high + 8.0, figures(sample));
    }
}

/// Returns the median, and the ratio to this library.
fn figures(sample: &Sample) -> String {
    let median = format!("{} {}", number(sample.quartiles.median), sample.unit);
    sample.ratio.map_or_else(|| median.clone(), |ratio| format!("{median}, ratio {:.2}", ratio.median))
}

/// Returns the figures as text, for readers who do not see the bars.
fn description(groups: &[Group]) -> String {
    let bar = |(contender, sample): &(String, Sample)| {
        let (low, high) = (number(sample.quartiles.low), number(sample.quartiles.high));
        format!("{contender} {}, from {low} to {high}", figures(sample))
    };
    let rows = groups.iter().map(|group| {
        let bars: Vec<String> = group.bars.iter().map(bar).collect();
        format!("{}: {}.", group.title, bars.join("; "))
    });
    format!("Medians, with quartiles as whiskers. {}", rows.collect::<Vec<_>>().join(" "))
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::bench::figures::Cell;

    fn cell(column: &str, unit: &str, low: f64, median: f64, high: f64) -> Cell {
        let quartiles = Quartiles { low, median, high };
        let value = Value::Sample(Sample { unit: unit.into(), count: 9, quartiles, ratio: None });
        Cell { column: column.into(), value }
    }

    fn table(title: &str, cells: Vec<Cell>) -> Table {
        Table { title: title.into(), rows: vec![Row { name: "small call".into(), cells }] }
    }

    #[test]
    fn bars_and_whiskers_share_the_scale_of_their_row() {
        let cells = vec![cell("this", "ms", 0.4, 0.5, 0.6), cell("A & B", "ms", 0.9, 1.0, 2.0)];
        let svg = draw("C", &[table("C", cells)]).unwrap();
        // The longest whisker, 2 ms, ends at 136 + 190.
        assert!(svg.contains("class=\"this\" x=\"136\" y=\"74.0\" width=\"47.5\""), "{svg}");
        assert!(svg.contains("class=\"other\" x=\"136\" y=\"96.0\" width=\"95.0\""), "{svg}");
        assert!(svg.contains("M221.5 103.0H326.0"), "{svg}");
        assert!(svg.contains(">A &amp; B</text>"), "{svg}");
    }

    #[test]
    fn charts_have_a_description_and_dark_colours() {
        let cells = vec![cell("this", "ms", 0.4, 0.5, 0.6), cell("curl", "ms", 0.9, 1.0, 2.0)];
        let svg = draw("C", &[table("C, blocking", cells)]).unwrap();
        assert!(svg.contains("<title id=\"title\">C: time per job"), "{svg}");
        let description =
            "blocking: small call: this 0.500 ms, from 0.400 to 0.600; curl 1.00 ms, from 0.900 to 2.00.";
        assert!(svg.contains(description), "{svg}");
        assert!(svg.contains("prefers-color-scheme: dark"));
    }

    #[test]
    fn chart_is_drawn_again_from_its_description() {
        let mut other = cell("Node, axios", "ms", 0.9, 1.0, 2.0);
        if let Value::Sample(sample) = &mut other.value {
            sample.ratio = Some(Quartiles { low: 2.0, median: 2.0, high: 2.0 });
        }
        let svg = draw("C", &[table("C, blocking", vec![cell("this", "ms", 0.4, 0.5, 0.6), other])]).unwrap();
        let (language, again, seen) = redraw(&svg).unwrap();
        assert_eq!((language.as_str(), &again), ("C", &svg));
        assert!(seen.ends_with("this library has the shortest bar in 1 of 1 jobs"), "{seen}");
    }

    #[test]
    fn rows_without_a_comparison_of_times_have_no_bars() {
        let memory = table("C", vec![cell("this", "MB", 1.0, 1.0, 1.0), cell("curl", "MB", 2.0, 2.0, 2.0)]);
        let alone = table("C", vec![cell("this", "ms", 1.0, 1.0, 1.0)]);
        assert_eq!(draw("C", &[memory, alone]), None);
    }
}
