//! Services that answered discovery. Nothing is written unless something is new.

use crate::audit::{Report, cut};
use crate::authority::Authority;
use crate::builtin;
use crate::cx::Cx;
use crate::gate::Mode;
use crate::halt::Outcome;
use crate::handle::hook::gone;
use crate::limits::{DESCRIPTION_CHARS, FOUND, TITLE_CHARS};
use crate::run::{Run, transact};
use crate::shared::Shared;
use std::collections::HashMap;
use std::sync::Arc;
use switchboard_domain::automation::is_name;
use switchboard_storage::automation;
use switchboard_wire::call::Access;
use switchboard_wire::call::router::{Found, RecordAutomations};
use switchboard_wire::{Call, Failure};
use tokio::time::Instant;

const CALL: (&str, Access) = (RecordAutomations::NAME, RecordAutomations::ACCESS);

impl Run for RecordAutomations {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<(), Failure> {
        let mut found: Vec<Found> = self.found.into_iter().filter_map(tidy).take(FOUND).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found.dedup_by(|a, b| a.name == b.name);
        let news = transact(&shared, &by, CALL, Mode::Read, |_, cx| {
            let found = found.clone();
            Box::pin(async move { news(cx, found).await })
        })
        .await?;
        shared.sightings.saw(found.iter().map(|found| found.name.as_str()), Instant::now());
        if news.is_empty() {
            return Ok(());
        }
        transact(&shared, &by, CALL, Mode::Write, |_, cx| {
            let news = news.clone();
            Box::pin(async move { record(cx, news).await })
        })
        .await
    }
}

/// A service with a proper name, its texts shortened to what fits.
fn tidy(found: Found) -> Option<Found> {
    let title = cut(found.title.trim(), TITLE_CHARS);
    let title = if title.is_empty() { found.name.clone() } else { title };
    let description = cut(found.description.trim(), DESCRIPTION_CHARS);
    is_name(&found.name).then_some(Found { title, description, name: found.name })
}

/// Those that are not recorded as they are.
async fn news(cx: &mut Cx, found: Vec<Found>) -> Outcome<Vec<Found>> {
    let names: Vec<&str> = found.iter().map(|found| found.name.as_str()).collect();
    let known = automation::named(&mut cx.tx, &names).await?.into_iter();
    let known: HashMap<String, (String, String)> =
        known.map(|row| (row.name, (row.title, row.description))).collect();
    let same = |found: &Found| {
        let stored = known.get(&found.name);
        stored.is_some_and(|(title, description)| *title == found.title && *description == found.description)
    };
    Ok(found.into_iter().filter(|found| !same(found)).collect())
}

async fn record(cx: &mut Cx, news: Vec<Found>) -> Outcome<()> {
    for found in news {
        if gone::is_gone(cx, &found.name).await? {
            continue;
        }
        let row = builtin::row(&found.name, &found.title, &found.description, cx.now);
        if automation::seen(&mut cx.tx, &row).await? {
            let report = Report::new("automation.found");
            report.about("automation", Some(&found.name), &found.title).write(cx).await?;
        }
    }
    Ok(())
}
