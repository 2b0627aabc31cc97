//! The page.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::record::Record;
use crate::benchmark;
use crate::machine::Machine;
use crate::measurement::Measurement;

/// What does not change from run to run.
const HEAD: &str = include_str!("head.md");

/// The page, of all results, what people add to them, and the names of the drawings beside it.
#[must_use]
pub fn render(records: &[Record], causes: &BTreeMap<String, String>, drawings: &[&str]) -> String {
    let mut page = String::from(HEAD);
    machines(&mut page, records);
    page.push_str("\n## Results\n\n");
    page.push_str("| | what | ours | beside it | ratio (least–greatest) | goal | |\n");
    page.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    for record in records {
        for one in &record.outcome.measurements {
            let _ = writeln!(page, "{}", row(record, one));
        }
    }
    for name in drawings {
        let _ =
            write!(page, "\n![{}](performance/{name})\n", name.trim_end_matches(".svg").replace('-', " "));
    }
    let missing: Vec<String> = benchmark::ALL
        .iter()
        .filter(|benchmark| records.iter().all(|record| record.id != benchmark.id))
        .map(|benchmark| format!("{} {}", benchmark.id, benchmark.title))
        .collect();
    if !missing.is_empty() {
        let _ = write!(page, "\nNot measured yet: {}.\n", missing.join(", "));
    }
    for record in records {
        details(&mut page, record, causes.get(&record.id));
    }
    page
}

/// The result as it is printed at the end of a run.
#[must_use]
pub fn lines(record: &Record) -> String {
    let mut text = String::new();
    for one in &record.outcome.measurements {
        let _ = write!(text, "{} {}: {} {}", record.id, one.what, figure(one.ours), one.unit);
        if let (Some(against), Some(theirs)) = (&one.against, one.theirs) {
            let _ = write!(text, " against {} of {against}", figure(theirs));
        }
        if let Some(ratio) = one.ratio {
            let _ = write!(text, ", {}", ratio_text(ratio, one.spread));
        }
        if let Some(goal) = one.goal {
            let _ = write!(text, "; goal {goal}: {}", verdict(one));
        }
        if !one.was_quiet() {
            let _ = write!(text, " (not quiet: control {})", one.control.map_or_else(String::new, figure));
        }
        for (name, value) in &one.details {
            let _ = write!(text, "\n      {name}: {}", figure(*value));
        }
        text.push('\n');
    }
    text
}

fn machines(page: &mut String, records: &[Record]) {
    if records.is_empty() {
        return;
    }
    let mut known: Vec<(&Machine, &str, Vec<&str>)> = Vec::new();
    for record in records {
        match known.iter_mut().find(|(machine, date, _)| **machine == record.machine && *date == record.date)
        {
            Some((_, _, ids)) => ids.push(&record.id),
            None => known.push((&record.machine, &record.date, vec![&record.id])),
        }
    }
    page.push_str("\n## The machine\n\n");
    for (machine, date, ids) in known {
        let _ = writeln!(
            page,
            "- {date}: {}, {} cores, {} GiB; Linux {}; MariaDB {}, nats-server {}; {} ({})",
            machine.cpu,
            machine.cores,
            machine.memory_gib,
            machine.kernel,
            machine.mariadb,
            machine.nats,
            machine.rustc,
            ids.join(", "),
        );
    }
}

fn row(record: &Record, one: &Measurement) -> String {
    let beside = match (&one.against, one.theirs) {
        (Some(against), Some(theirs)) => format!("{}: {}", against, figure(theirs)),
        _ => "–".into(),
    };
    let ratio = one.ratio.map_or_else(|| "–".into(), |ratio| ratio_text(ratio, one.spread));
    let goal = one.goal.map_or_else(|| "–".into(), |goal| goal.to_string());
    let quiet = if one.was_quiet() { "" } else { ", not quiet" };
    format!(
        "| {} | {} | {} {} | {beside} | {ratio} | {goal} | {}{quiet} |",
        record.id,
        one.what,
        figure(one.ours),
        one.unit,
        verdict(one),
    )
}

fn verdict(one: &Measurement) -> &'static str {
    match one.met {
        Some(true) => "met",
        Some(false) => "**missed**",
        None => "",
    }
}

fn ratio_text(ratio: f64, spread: Option<(f64, f64)>) -> String {
    match spread {
        Some((least, greatest)) => format!("{ratio:.2} × ({least:.2}–{greatest:.2})"),
        None => format!("{ratio:.2} ×"),
    }
}

fn details(page: &mut String, record: &Record, cause: Option<&String>) {
    let _ = write!(page, "\n## {}: {}\n\n", record.id, record.title);
    for one in &record.outcome.measurements {
        let mut facts = Vec::new();
        if let Some(durability) = &one.durability {
            facts.push(if durability.ours == durability.theirs {
                format!("durable on both sides: {}", durability.ours)
            } else {
                format!("durable: ours {}; theirs {}", durability.ours, durability.theirs)
            });
        }
        facts.extend(one.details.iter().map(|(name, value)| format!("{name} {}", figure(*value))));
        if let Some(control) = one.control {
            facts.push(format!("control {control:.2} ×"));
        }
        if one.pairs > 0 {
            facts.push(format!("{} pairs", one.pairs));
        }
        if !facts.is_empty() {
            let beside = one.against.as_ref().map_or_else(String::new, |against| format!(" / {against}"));
            let _ = writeln!(page, "- {}{beside}: {}", one.what, facts.join("; "));
        }
    }
    if let Some(cause) = cause {
        let _ = write!(page, "\n{}\n", cause.trim());
    }
}

/// A figure with three digits that count, and a comma between thousands.
fn figure(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 || size == 0.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match rest.map(|rest| rest.trim_end_matches('0')).filter(|rest| !rest.is_empty()) {
        Some(rest) => format!("{sign}{grouped}.{rest}"),
        None => format!("{sign}{grouped}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::{Goal, Outcome};
    use crate::rounds::Comparison;

    fn record() -> Record {
        let with = Comparison {
            against: "bare pipeline".into(),
            ours: 41_234.0,
            theirs: 60_000.0,
            ratio: 0.687,
            spread: (0.65, 0.71),
            pairs: 5,
        };
        let one = Measurement::compared("messages", "messages/s", &with)
            .goal(Goal::RatioAtLeast(0.75))
            .control(Some(1.2))
            .detail("CPU µs/message", 23.46);
        Record {
            id: "B02".into(),
            title: "durable throughput".into(),
            date: "2026-11-25".into(),
            machine: Machine::here(),
            outcome: Outcome { measurements: vec![one], curves: vec![] },
        }
    }

    #[test]
    fn a_missed_goal_is_said_with_its_cause() {
        let causes = BTreeMap::from([("B02".to_owned(), "Locking takes the rest.".to_owned())]);
        let page = render(&[record()], &causes, &["latency-against-load.svg"]);
        for part in [
            "| B02 | messages | 41,234 messages/s | bare pipeline: 60,000 | 0.69 × (0.65–0.71) | ≥ 0.75 × | **missed**, not quiet |",
            "Locking takes the rest.",
            "![latency against load](performance/latency-against-load.svg)",
            "CPU µs/message 23.5",
        ] {
            assert!(page.contains(part), "no {part:?} in {page}");
        }
    }

    #[test]
    fn figures_have_three_digits_that_count() {
        for (value, text) in [
            (1_234_567.0, "1,234,567"),
            (123.4, "123"),
            (12.34, "12.3"),
            (1.5, "1.5"),
            (0.1234, "0.123"),
            (0.0, "0"),
            (-12.0, "-12"),
        ] {
            assert_eq!(figure(value), text);
        }
    }
}
