//! Draws runs as SVG: the share of rejected requests by number of processes, and requests served and rejected over time.
//!
//! The pictures are narrow, so that their text can be read on a phone. Readers who do not see red and green alike can distinguish
//! their colours (Okabe and Ito), and each line has its own dashes.

use super::crowd::{RunFigures, Scene};
use std::fmt::Write as _;

const WIDTH: f64 = 480.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const HEIGHT: f64 = 130.0;
/// Height of the title and the figures above a panel, and of the axis below it.
const ABOVE: f64 = 48.0;
const BELOW: f64 = 34.0;
/// Height of a line of the legend.
const LEGEND: f64 = 20.0;
/// Length of the time axis, in seconds.
const SPAN: f64 = 300.0;

/// Colours for light and dark pages: the reader's preference decides.
const STYLE: &str = "\
text { fill: #1f2328; font: 13px sans-serif } .title { font-weight: bold } .page { fill: #ffffff }
.grid { stroke: #d0d7de; fill: none } path, circle { stroke-width: 2; fill: none }
.a { stroke: #0072b2 } .b { stroke: #b34a00 } .c { stroke: #6e7781 } .d { stroke: #1f2328 } .e { stroke: #00734f }
path.b { stroke-dasharray: 7 3 } path.c { stroke-dasharray: 2 3 } path.d { stroke-dasharray: 10 3 2 3 }
path.e { stroke-dasharray: 4 4 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .page { fill: #0d1117 } .grid { stroke: #30363d }
.a { stroke: #56b4e9 } .b { stroke: #e69f00 } .c { stroke: #9aa4af } .d { stroke: #e6edf3 } .e { stroke: #2fc79a }
}";

/// Begins a picture with its title and description for readers who do not see it.
fn begin(height: f64, title: &str, description: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"title description\">\n<title id=\"title\">{title}</title>\n\
         <desc id=\"description\">{description}</desc>\n<style>\n{STYLE}\n</style>\n\
         <rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\" rx=\"6\"/>\n"
    )
}

/// Draws a legend below each other, and returns where it ends.
fn legend(svg: &mut String, top: f64, entries: &[(&str, &str)]) -> f64 {
    for (index, (class, text)) in entries.iter().enumerate() {
        let y = top + LEGEND * index as f64;
        writeln!(
            svg,
            "<path class=\"{class}\" d=\"M14 {:.0}H44\"/><text x=\"{LEFT}\" y=\"{y:.0}\">{text}</text>",
            y - 4.0
        )
        .unwrap();
    }
    top + LEGEND * entries.len() as f64
}

/// Draws the horizontal lines of a panel from 0 to `most`, each with its number.
fn grid(svg: &mut String, top: f64, most: f64, unit: &str) {
    for part in [0.0, 0.5, 1.0] {
        let (count, y) = (most * part, top + HEIGHT * (1.0 - part));
        writeln!(
            svg,
            "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{count:.0}{unit}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            y + 4.0
        )
        .unwrap();
    }
}

/// Share of rejected requests of a behaviour, by number of processes.
pub(super) struct Shares {
    pub behaviour: &'static str,
    /// Number of processes, and percent of the requests.
    pub points: Vec<(usize, f64)>,
}

/// Draws the share of rejected requests against the number of processes, on a logarithmic axis.
pub(super) fn draw_shares(all: &[Shares]) -> String {
    const CLASSES: [&str; 5] = ["b", "d", "c", "e", "a"];
    let described: Vec<String> = all
        .iter()
        .map(|shares| {
            let points: Vec<String> = shares
                .points
                .iter()
                .map(|(processes, percent)| format!("{percent:.1} % with {processes}"))
                .collect();
            format!("{}: {}.", shares.behaviour, points.join(", "))
        })
        .collect();
    let entries: Vec<(&str, &str)> = all.iter().zip(CLASSES).map(|(s, class)| (class, s.behaviour)).collect();
    let height = ABOVE + LEGEND * all.len() as f64 + HEIGHT + BELOW + 22.0;
    let title = "Requests rejected with 429, by number of processes";
    let mut svg = begin(height, title, &described.join(" "));
    writeln!(svg, "<text class=\"title\" x=\"14\" y=\"24\">{title}</text>").unwrap();
    let top = legend(&mut svg, ABOVE, &entries) + 4.0;
    grid(&mut svg, top, 100.0, " %");
    let most = all.iter().flat_map(|s| &s.points).map(|(processes, _)| *processes).max().unwrap_or(1);
    let x = |processes: usize| {
        LEFT + (WIDTH - LEFT - RIGHT - 16.0) * (processes as f64).ln() / (most as f64).ln()
    };
    let y = |percent: f64| top + HEIGHT * (1.0 - percent / 100.0);
    for (processes, _) in all.first().iter().flat_map(|shares| &shares.points) {
        let (at, below) = (x(*processes), top + HEIGHT + 18.0);
        writeln!(svg, "<text x=\"{at:.1}\" y=\"{below:.1}\" text-anchor=\"middle\">{processes}</text>")
            .unwrap();
    }
    let middle = f64::midpoint(LEFT, WIDTH - RIGHT);
    let below = top + HEIGHT + 38.0;
    writeln!(
        svg,
        "<text x=\"{middle}\" y=\"{below:.1}\" text-anchor=\"middle\">processes with one credential</text>"
    )
    .unwrap();
    for (shares, class) in all.iter().zip(CLASSES) {
        line(&mut svg, shares.points.iter().map(|(p, percent)| (x(*p), y(*percent))), class);
        for (processes, percent) in &shares.points {
            writeln!(
                svg,
                "<circle class=\"{class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.5\"/>",
                x(*processes),
                y(*percent)
            )
            .unwrap();
        }
    }
    svg + "</svg>\n"
}

/// Draws the runs over time, one below the other, each on an axis that has room for all of its requests.
pub(super) fn draw(scene: Scene, runs: &[(&str, &RunFigures)]) -> String {
    let entries = [
        ("a", "requests served, total"),
        ("b", "requests rejected with 429, total"),
        ("c", "calls that wait"),
        ("d", "the most that the budget allows"),
    ];
    let legends = 30.0 + LEGEND * entries.len() as f64;
    let height = legends + runs.len() as f64 * (ABOVE + HEIGHT + BELOW);
    let described: Vec<String> =
        runs.iter().map(|(title, run)| format!("{title}: {} in {SPAN:.0} s.", figures(run))).collect();
    let mut svg = begin(height, "Requests of 64 processes over five minutes", &described.join(" "));
    let _ = legend(&mut svg, 26.0, &entries);
    for (index, (title, outcome)) in runs.iter().enumerate() {
        let top = legends + index as f64 * (ABOVE + HEIGHT + BELOW) + ABOVE;
        panel(&mut svg, top, title, scene, outcome);
    }
    svg + "</svg>\n"
}

fn figures(outcome: &RunFigures) -> String {
    format!("served {}, rejected {}, given up {}", outcome.served, outcome.refused, outcome.failed)
}

fn panel(svg: &mut String, top: f64, title: &str, scene: Scene, outcome: &RunFigures) {
    let seconds = || outcome.seconds.iter().take(SPAN as usize).enumerate();
    let rejected: f64 = seconds().map(|(_, second)| second.refused as f64).sum();
    // Rounded up, so that nothing is cut off.
    let calls = scene.calls as f64;
    let most = if rejected > calls { (rejected / 5000.0).ceil() * 5000.0 } else { calls };
    let x = |second: f64| LEFT + (WIDTH - LEFT - RIGHT) * second / SPAN;
    let y = |count: f64| top + HEIGHT * (1.0 - count / most);
    writeln!(svg, "<text class=\"title\" x=\"14\" y=\"{}\">{title}</text>", top - 28.0).unwrap();
    writeln!(svg, "<text x=\"14\" y=\"{}\">{}</text>", top - 11.0, figures(outcome)).unwrap();
    grid(svg, top, most, "");
    for minute in 0..=5 {
        let at = x(f64::from(minute) * 60.0);
        let unit = if minute == 5 { " min" } else { "" };
        let anchor = if minute == 5 { "end" } else { "middle" };
        let below = top + HEIGHT + 18.0;
        writeln!(svg, "<text x=\"{at:.1}\" y=\"{below:.1}\" text-anchor=\"{anchor}\">{minute}{unit}</text>")
            .unwrap();
    }
    line(svg, seconds().map(|(at, second)| (x(at as f64), y(second.waiting as f64))), "c");
    let bound = (0..SPAN as u64).map(|at| {
        let windows = at / scene.window.as_secs() + 1;
        (x(at as f64), y(calls.min((windows * scene.limit) as f64)))
    });
    line(svg, bound, "d");
    let mut refused = 0;
    let rejected = seconds().map(|(at, second)| {
        refused += second.refused;
        (x(at as f64 + 1.0), y(refused as f64))
    });
    line(svg, rejected, "b");
    let mut served = 0;
    let done = seconds().map(|(at, second)| {
        served += second.served;
        (x(at as f64 + 1.0), y(served as f64))
    });
    line(svg, done, "a");
}

/// Draws a line. On a level stretch only the first and the last point are written.
fn line(svg: &mut String, points: impl Iterator<Item = (f64, f64)>, class: &str) {
    let mut path = String::new();
    let mut write = |(x, y): (f64, f64)| {
        let letter = if path.is_empty() { 'M' } else { 'L' };
        write!(path, "{letter}{x:.1} {y:.1}").unwrap();
    };
    let (mut level, mut left_out) = (f64::MIN, None);
    for point in points {
        if (point.1 - level).abs() < 0.5 {
            left_out = Some(point);
            continue;
        }
        left_out.take().into_iter().for_each(&mut write);
        write(point);
        level = point.1;
    }
    left_out.into_iter().for_each(&mut write);
    writeln!(svg, "<path class=\"{class}\" d=\"{path}\"/>").unwrap();
}
