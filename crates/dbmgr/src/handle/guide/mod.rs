//! Guides: composing, trying and publishing them, and their answers to turns.

mod add;
mod body;
mod delete;
mod get;
mod list;
mod patch;
pub(super) mod play;
mod publish;
mod put_draft;
mod try_guide;
mod uses;

use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::{TEAMS, WEBHOOKS};
use std::collections::BTreeMap;
use switchboard_domain::automation::Automation;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::guide::check::Around;
use switchboard_domain::guide::{Guide, check, file};
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_domain::{Millis, TeamId};
use switchboard_storage::guide::{self, Guide as Row};
use switchboard_storage::{Error, automation, team, team_rules, webhook};
use switchboard_wire::call::guide::OneGuide;
use switchboard_wire::{Failure, Problem, view};

/// Most versions of a guide that are told.
const VERSIONS: i64 = 50;

/// A guide in a list.
fn show(row: &Row, automation: &Automation, published_at: Option<Millis>, problems: usize) -> view::Guide {
    view::Guide {
        name: row.name.clone(),
        title: automation.title.clone(),
        active: automation.active,
        edition: row.edition,
        published: row.published,
        published_at: published_at.map(rfc3339),
        problems,
        updated_at: rfc3339(row.updated_at),
    }
}

/// A guide with everything that its editor shows, but for where it is in use: that takes reading all others.
async fn whole(cx: &mut Cx, row: &Row) -> Outcome<OneGuide> {
    let automation = automation::get(&mut cx.tx, &row.name).await?.ok_or_else(unknown)?;
    let versions = guide::versions(&mut cx.tx, &row.name, VERSIONS).await?;
    let version =
        |v: &guide::Version| view::GuideVersion { version: v.version, published_at: rfc3339(v.published_at) };
    let draft = stored(&row.draft)?;
    let around = around(cx).await?.of(&row.name);
    let steps = serde_json::from_str(&row.draft).map_err(|problem| spoilt(&problem))?;
    let problems = problems(&draft, &around);
    // Whatever is published is the newest version.
    let published_at = versions.first().map(|newest| newest.published_at);
    Ok(OneGuide {
        guide: show(row, &automation, published_at, problems.len()),
        steps,
        problems,
        versions: versions.iter().map(version).collect(),
        file: file::write(&automation.title, &draft),
        uses: None,
    })
}

fn problems(guide: &Guide, around: &Around) -> Vec<view::GuideProblem> {
    check::check(guide, around).into_iter().map(problem).collect()
}

fn problem(found: check::Problem) -> view::GuideProblem {
    view::GuideProblem { place: found.place, step: found.step, field: found.field.into(), text: found.text }
}

/// What cannot even be kept, by step.
fn refused(found: Vec<check::Problem>) -> Failure {
    let errors = found.into_iter().map(|bad| match (bad.place, bad.step) {
        (Some(place), Some(step)) => {
            (format!("steps.{place}.{}", bad.field), format!("step {step:?}: {}", bad.text))
        }
        (Some(place), None) => (format!("steps.{place}.{}", bad.field), bad.text),
        (None, _) => (bad.field.to_owned(), bad.text),
    });
    Failure::invalid_fields(errors.collect())
}

/// The teams that there are, and whether each is open now.
async fn teams(cx: &mut Cx) -> Result<BTreeMap<String, bool>, Error> {
    let rules = team_rules::all(&mut cx.tx, TEAMS).await?;
    let rows = team::list(&mut cx.tx, None, TEAMS).await?;
    let now = cx.now;
    let open = |id: &TeamId| rules.get(id).is_none_or(|rules| rules.is_open(now));
    Ok(rows.iter().map(|row| (row.id.to_string(), open(&row.id))).collect())
}

/// What steps may name. It is the same for all guides, but that none goes to itself.
struct Everything(Around);

impl Everything {
    /// What is around the guide of this name.
    fn of(&self, name: &str) -> Around {
        let mut around = self.0.clone();
        around.automations.remove(name);
        around
    }
}

async fn around(cx: &mut Cx) -> Result<Everything, Error> {
    let automations = automation::list(&mut cx.tx, None, PAGE_ITEMS).await?;
    let webhooks = webhook::list(&mut cx.tx, WEBHOOKS).await?;
    Ok(Everything(Around {
        teams: teams(cx).await?.into_keys().collect(),
        automations: automations.into_iter().map(|row| row.name).collect(),
        webhooks: webhooks.iter().map(|hook| hook.id.to_string()).collect(),
    }))
}

/// Steps as they are stored.
fn stored(steps: &str) -> Result<Guide, Error> {
    serde_json::from_str(steps).map(|steps| Guide { steps }).map_err(|problem| spoilt(&problem))
}

fn written(guide: &Guide) -> Result<String, Error> {
    serde_json::to_string(&guide.steps).map_err(|problem| spoilt(&problem))
}

fn spoilt(problem: &serde_json::Error) -> Error {
    Error::Other(format!("a spoilt guide is stored: {problem}"))
}

fn unknown() -> Failure {
    Failure::not_found("guide")
}

/// The guide of this name, locked, if its draft is still the edition that was seen.
async fn to_change(cx: &mut Cx, name: &str, edition: i64) -> Outcome<Row> {
    let row = guide::lock(&mut cx.tx, name).await?.ok_or_else(unknown)?;
    if row.edition != edition {
        let detail = "somebody else has changed this guide meanwhile: load it again";
        return Err(Failure::new(Problem::Stale, detail).into());
    }
    Ok(row)
}
