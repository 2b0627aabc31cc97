//! The drawings of the page.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use plotters::coord::ranged1d::Ranged;
use plotters::prelude::*;

use super::record::Record;
use crate::measurement::{Curve, Plot};

/// Width and height, in pixels.
const SIZE: (u32, u32) = (820, 460);
/// Colours that are told apart on light and dark ground, and by people who see few colours.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(90, 90, 90),
];

/// A drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Its file's name.
    pub file: String,
    /// Its text.
    pub svg: String,
}

/// Draws every plot for which there are curves.
///
/// # Errors
/// When drawing fails.
pub fn draw(records: &[Record]) -> anyhow::Result<Vec<Drawing>> {
    let mut plots: BTreeMap<Plot, Vec<&Curve>> = BTreeMap::new();
    for curve in records.iter().flat_map(|record| &record.outcome.curves) {
        if curve.points.len() > 1 {
            plots.entry(curve.plot).or_default().push(curve);
        }
    }
    plots.into_iter().map(|(plot, curves)| one(plot, &curves)).collect()
}

fn one(plot: Plot, curves: &[&Curve]) -> anyhow::Result<Drawing> {
    let (file, x, y) = match plot {
        Plot::LatencyAgainstLoad => {
            ("latency-against-load.svg", "messages per second", "send to delivery, ms")
        }
        Plot::MemoryAgainstConnections => {
            ("memory-against-connections.svg", "open connections", "resident memory, MiB")
        }
    };
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE).map_err(failed)?;
        let points = || curves.iter().flat_map(|curve| curve.points.iter().copied());
        let right = points().map(|point| point.0).fold(0.0, f64::max);
        let top = points().map(|point| point.1).fold(0.0, f64::max) * 1.05;
        let mut builder = ChartBuilder::on(&area);
        builder.margin(16).x_label_area_size(46).y_label_area_size(64);
        match plot {
            // A decade at load matters as much as one at rest.
            Plot::LatencyAgainstLoad => {
                let least = points().map(|point| point.1).fold(top, f64::min).max(0.001);
                let chart = builder.build_cartesian_2d(0.0..right, (least * 0.8..top).log_scale());
                lines(chart.map_err(failed)?, curves, x, y)?;
            }
            Plot::MemoryAgainstConnections => {
                let chart = builder.build_cartesian_2d(0.0..right, 0.0..top);
                lines(chart.map_err(failed)?, curves, x, y)?;
            }
        }
        area.present().map_err(failed)?;
    }
    Ok(Drawing { file: file.into(), svg })
}

fn lines<'a, X, Y>(
    mut chart: ChartContext<'a, SVGBackend<'a>, Cartesian2d<X, Y>>,
    curves: &[&Curve],
    x: &str,
    y: &str,
) -> anyhow::Result<()>
where
    X: Ranged<ValueType = f64> + plotters::coord::ranged1d::ValueFormatter<f64>,
    Y: Ranged<ValueType = f64> + plotters::coord::ranged1d::ValueFormatter<f64>,
{
    let mut mesh = chart.configure_mesh();
    mesh.x_desc(x)
        .y_desc(y)
        .light_line_style(WHITE)
        .label_style(("sans-serif", 14))
        .draw()
        .map_err(failed)?;
    // One colour for each system; its percentiles are told apart by their weight.
    let mut systems: Vec<&str> = Vec::new();
    for curve in curves {
        let system = curve.name.rsplit_once(", ").map_or(curve.name.as_str(), |(system, _)| system);
        let before = systems.iter().filter(|known| **known == system).count();
        let at = systems.iter().position(|known| *known == system).unwrap_or(systems.len());
        systems.push(system);
        let distinct = systems.iter().take(at).collect::<BTreeSet<_>>().len();
        let colour = COLOURS[distinct % COLOURS.len()];
        let style = colour.stroke_width(if before == 0 { 1 } else { 3 });
        chart
            .draw_series(LineSeries::new(curve.points.iter().copied(), style))
            .map_err(failed)?
            .label(curve.name.clone())
            .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 18, y)], style));
    }
    let mut legend = chart.configure_series_labels();
    legend
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(RGBColor(200, 200, 200))
        .label_font(("sans-serif", 14))
        .draw()
        .map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("drawing: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::measurement::Outcome;

    #[test]
    fn each_curve_is_drawn_under_its_name() {
        let curve = |name: &str, points| Curve { plot: Plot::LatencyAgainstLoad, name: name.into(), points };
        let curves = vec![
            curve("Switchboard, p99", vec![(100.0, 0.9), (1_000.0, 1.1), (40_000.0, 30.0)]),
            curve("one point is no line", vec![(1.0, 1.0)]),
        ];
        let record = Record {
            id: "B03".into(),
            title: String::new(),
            date: String::new(),
            machine: Machine::here(),
            outcome: Outcome { measurements: vec![], curves },
        };
        let drawn = draw(&[record]).unwrap();
        assert_eq!(drawn.len(), 1);
        assert!(drawn[0].svg.contains("Switchboard, p99") && !drawn[0].svg.contains("no line"));
        assert!(drawn[0].svg.starts_with("<svg") && drawn[0].svg.contains("polyline"));
    }
}
