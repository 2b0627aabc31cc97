//! The figures of some days.

use super::{agent_names, period, refuse_too_many, team_names};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits;
use crate::run::Handle;
use std::collections::HashMap;
use switchboard_domain::AccountId;
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_domain::report::{Count, Period, Report};
use switchboard_storage::{Tx, automation, course};
use switchboard_wire::call::report::GetReport;
use switchboard_wire::view::{self, ReportPart};

impl Handle for GetReport {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<view::Report> {
        let period = period(cx, self.from.as_deref(), self.to.as_deref(), self.zone.as_deref())?;
        let tx = &mut cx.tx;
        refuse_too_many(tx, &period).await?;
        let report = count(tx, period).await?;
        show(tx, report).await
    }
}

/// Counts all conversations of the period, piece by piece: only figures are kept of those that were read.
async fn count(tx: &mut Tx, period: Period) -> Outcome<Report> {
    let bounds = (period.start(), period.end());
    let mut report = Report::new(period);
    let mut after = None;
    loop {
        let place = after.as_ref().map(|(at, id)| (*at, id));
        let piece = course::began(tx, bounds, place, limits::REPORT_PIECE).await?;
        piece.iter().for_each(|course| report.add(course));
        match piece.into_iter().next_back() {
            Some(last) => after = Some((last.started_at, last.conversation)),
            None => return Ok(report),
        }
    }
}

async fn show(tx: &mut Tx, report: Report) -> Outcome<view::Report> {
    let teams = team_names(tx).await?;
    let automations = automation::list(tx, None, PAGE_ITEMS).await?;
    let automations: HashMap<String, String> =
        automations.into_iter().map(|automation| (automation.name, automation.title)).collect();
    let period = report.period().clone();
    let agents: Vec<(AccountId, Count)> = busiest(report.agents);
    let ids: Vec<AccountId> = agents.iter().map(|(id, _)| id.clone()).collect();
    let names = agent_names(tx, &ids).await?;
    let agent = |id: &AccountId| names.get(id).or_else(|| report.names.get(id)).cloned().unwrap_or_default();
    let hours =
        (0_u8..).zip(report.hours).map(|(hour, count)| part(format!("{hour:02}"), String::new(), count));
    Ok(view::Report {
        from: period.first(),
        to: period.last(),
        zone: period.zone().name().to_owned(),
        totals: report.totals.figures().into(),
        days: period
            .days()
            .into_iter()
            .zip(report.days)
            .map(|(day, n)| part(day, String::new(), n))
            .collect(),
        hours: hours.collect(),
        teams: busiest(report.teams)
            .into_iter()
            .map(|(team, count)| {
                let name = team.as_ref().and_then(|team| teams.get(team)).cloned().unwrap_or_default();
                part(team.map(Into::into).unwrap_or_default(), name, count)
            })
            .collect(),
        agents: agents.into_iter().map(|(id, count)| part(id.to_string(), agent(&id), count)).collect(),
        automations: busiest(report.automations)
            .into_iter()
            .map(|(name, count)| {
                let title = automations.get(&name).cloned().unwrap_or_default();
                part(name, title, count)
            })
            .collect(),
    })
}

fn part(key: String, name: String, count: Count) -> ReportPart {
    ReportPart { key, name, figures: count.figures().into() }
}

/// Those with the most conversations first, as many as are shown.
fn busiest<K>(parts: impl IntoIterator<Item = (K, Count)>) -> Vec<(K, Count)> {
    let mut parts: Vec<(K, Count)> = parts.into_iter().collect();
    parts.sort_by_key(|(_, count)| std::cmp::Reverse(count.started()));
    parts.truncate(limits::REPORT_PARTS);
    parts
}
