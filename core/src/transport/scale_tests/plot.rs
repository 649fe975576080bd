//! Draws runs as SVG: requests served and rejected, and calls that wait, over time.

use super::crowd::{RunFigures, Scene};
use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 150.0;
const LEFT: f64 = 60.0;
const GAP: f64 = 62.0;
/// Length of the time axis, in seconds.
const SPAN: f64 = 300.0;

/// Draws the runs one below the other, on the same axes.
pub(super) fn draw(scene: Scene, runs: &[(&str, &RunFigures)]) -> String {
    let height = GAP + runs.len() as f64 * (HEIGHT + GAP);
    let width = LEFT + WIDTH + 20.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    let legend = [
        ("#1a7f37", "served, total"),
        ("#cf222e", "throttled, total"),
        ("#8c959f", "calls that wait"),
        ("#0969da", "the most that the budget allows"),
    ];
    for (index, (color, text)) in legend.iter().enumerate() {
        let x = LEFT + index as f64 * 160.0;
        writeln!(svg, "<rect x=\"{x}\" y=\"14\" width=\"14\" height=\"4\" fill=\"{color}\"/><text x=\"{}\" y=\"21\">{text}</text>", x + 20.0).unwrap();
    }
    for (index, (title, outcome)) in runs.iter().enumerate() {
        panel(&mut svg, GAP + index as f64 * (HEIGHT + GAP), title, scene, outcome);
    }
    svg + "</svg>\n"
}

fn panel(svg: &mut String, top: f64, title: &str, scene: Scene, outcome: &RunFigures) {
    let most = scene.calls as f64;
    let x = |second: f64| LEFT + WIDTH * second / SPAN;
    let y = |count: f64| top + HEIGHT * (1.0 - (count / most).min(1.0));
    writeln!(svg, "<text x=\"{LEFT}\" y=\"{}\" font-weight=\"bold\">{title}</text>", top - 8.0).unwrap();
    let end =
        format!("served {}, throttled {}, given up {}", outcome.served, outcome.refused, outcome.failed);
    writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{end}</text>", LEFT + WIDTH, top - 8.0)
        .unwrap();
    for part in [0.0, 0.5, 1.0] {
        let (count, at) = (most * part, y(most * part));
        writeln!(svg, "<path d=\"M{LEFT} {at:.1}H{}\" stroke=\"#d8dee4\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{count:.0}</text>", LEFT + WIDTH, LEFT - 6.0, at + 4.0).unwrap();
    }
    for minute in 0..=5 {
        let at = x(f64::from(minute) * 60.0);
        writeln!(
            svg,
            "<text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{minute} min</text>",
            top + HEIGHT + 16.0
        )
        .unwrap();
    }
    let seconds = || outcome.seconds.iter().take(SPAN as usize).enumerate();
    let waiting = seconds().map(|(at, second)| (at as f64, second.waiting as f64));
    line(svg, waiting, "#8c959f", "", x, y);
    let mut refused = 0;
    let rejected = seconds().map(|(at, second)| {
        refused += second.refused;
        (at as f64 + 1.0, refused as f64)
    });
    line(svg, rejected, "#cf222e", "", x, y);
    let mut served = 0;
    let done = seconds().map(|(at, second)| {
        served += second.served;
        (at as f64 + 1.0, served as f64)
    });
    line(svg, done, "#1a7f37", "", x, y);
    let bound = (0..SPAN as u64).map(|at| {
        let windows = at / scene.window.as_secs() + 1;
        (at as f64, most.min((windows * scene.limit) as f64))
    });
    line(svg, bound, "#0969da", " stroke-dasharray=\"4 3\"", x, y);
}

fn line(
    svg: &mut String,
    points: impl Iterator<Item = (f64, f64)>,
    color: &str,
    style: &str,
    x: impl Fn(f64) -> f64,
    y: impl Fn(f64) -> f64,
) {
    let mut path = String::new();
    for (at, count) in points {
        let letter = if path.is_empty() { 'M' } else { 'L' };
        write!(path, "{letter}{:.1} {:.1}", x(at), y(count)).unwrap();
    }
    writeln!(svg, "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"{style}/>")
        .unwrap();
}
