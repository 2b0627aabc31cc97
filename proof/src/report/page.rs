//! The page `docs/proof.md`.

use std::fmt::Write;

use crate::report::Section;
use crate::scenario::Scenario;

/// What stands above the tables.
const HEAD: &str = "\
# Proof

What Switchboard promises is in [the README](../README.md#what-you-can-rely-on); this page is what happened when we
tried to break it. It is written by the program that did so (`prove report`); a test compares the two.

## Method

- **The real thing.** The program as it is shipped, a real `nats-server`, a real MariaDB with durable settings, SQLite
  files: each run starts them in temporary folders and on ports of its own, and speaks to them over loopback as browsers
  and programs do. Nothing is imitated.
- **Real faults.** Processes end by SIGKILL, freeze by SIGSTOP, or are asked to end by SIGTERM, at random moments, under
  load. Connections go through a TCP proxy that cuts, delays, throttles, refuses, or lets them hang half open. Disks are
  small file systems, filled to the last byte; clocks are set by libfaketime.
- **A checker that knows only what clients saw**: what they tried, what was acknowledged, what they were shown, and in
  the end the history as the program tells it. Acknowledged and not in the history is *lost*; in it, or shown, twice is
  *doubled*; seen in another order than it was numbered in, or numbered against the order in which it was acknowledged,
  is *out of order*. Gaps, numbers that disagree, a note shown to a visitor, anything of somebody else's conversation,
  and a shown list that is not the history in the end are faults as well.
- **Limits.** One machine: its disk keeps what it was told to sync, and SIGKILL is not a power cut. The same seed gives
  the same faults and load, not the same interleaving.

## Run it

| command | does |
| --- | --- |
| `make prove` | everything below at full length, in about two hours on two cores; writes the figures and this page |
| `make prove ARGS=\"NAME…\"` | only these sections |
| `make prove ARGS=\"NAME --short\"` | briefly, without writing figures; `--cycles`, `--shape`, `--part`, `--seed` choose more closely |
| `make test` | runs each section briefly, among all the other tests |

The exit status is 1 when something did not hold; it is printed with its seed, and the record of what every client saw
is kept in `target/proof`.

## Results
";

/// Renders the page from the scenarios in their order, each with what was saved of it.
#[must_use]
pub fn render(sections: &[(&Scenario, Option<Section>)]) -> String {
    let mut page = HEAD.to_owned();
    let _ = writeln!(page, "\n| | held | measured |\n| --- | --- | --- |");
    for (scenario, section) in sections {
        let (held, measured) = section.as_ref().map_or(("–", "not yet"), |section| {
            let held = match (section.passed, section.incomplete) {
                (true, false) => "yes",
                (true, true) => "what was run",
                (false, _) => "**no**",
            };
            (held, section.date.as_str())
        });
        let _ = writeln!(page, "| [{}](#{}) | {held} | {measured} |", scenario.title, anchor(scenario.title));
    }
    for (scenario, section) in sections {
        let _ = writeln!(page, "\n### {}\n\n{}", scenario.title, scenario.about);
        match section {
            None => {
                let _ = writeln!(page, "\n*Not measured yet:* `make prove ARGS={}`.", scenario.name);
            }
            Some(section) => table(&mut page, section),
        }
    }
    page
}

fn table(page: &mut String, section: &Section) {
    let row =
        |cells: &[String]| format!("| {} |", cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(" | "));
    let rule: Vec<String> = section.columns.iter().map(|_| "---".to_owned()).collect();
    let _ = writeln!(page, "\n{}\n{}", row(&section.columns), row(&rule));
    for cells in &section.rows {
        let _ = writeln!(page, "{}", row(cells));
    }
    if !section.notes.is_empty() {
        page.push('\n');
    }
    for note in &section.notes {
        let _ = writeln!(page, "- {}", note.replace('\n', " "));
    }
    let held = if section.passed { "Held" } else { "**Did not hold**" };
    let _ = writeln!(page, "\n{held} on {}, at {}. {}.", section.date, section.build, section.machine);
}

/// Text that stays in its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The name that a heading is linked by: lower case, blanks as hyphens, nothing else but letters and digits.
fn anchor(title: &str) -> String {
    title
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENARIO: Scenario = Scenario {
        name: "some",
        title: "Some, or none",
        about: "About it.",
        run: |_| Box::pin(async { Ok(Section::new(&[])) }),
    };

    #[test]
    fn what_was_not_measured_is_said_so() {
        let page = render(&[(&SCENARIO, None)]);
        assert!(page.contains("| [Some, or none](#some-or-none) | – | not yet |"), "{page}");
        assert!(page.contains("*Not measured yet:* `make prove ARGS=some`."), "{page}");
    }

    #[test]
    fn what_did_not_hold_is_said_so() {
        let mut section = Section::new(&["part", "lost"]);
        section.row(["a|b", "1"]);
        section.fail("one lost");
        let page = render(&[(&SCENARIO, Some(section))]);
        assert!(
            page.contains("| part | lost |\n| --- | --- |\n| a\\|b | 1 |\n\n- **Did not hold:** one lost\n"),
            "{page}"
        );
        assert!(page.contains("**no**") && page.contains("\n**Did not hold** on "), "{page}");
    }
}
