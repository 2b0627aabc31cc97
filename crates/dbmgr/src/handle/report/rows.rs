//! The conversations of some days one by one, a piece at a time.

use super::{agent_names, period, refuse_too_many, team_names};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits;
use crate::page::bad_cursor;
use crate::run::Handle;
use std::collections::{BTreeSet, HashMap};
use switchboard_domain::report::{Course, Zone};
use switchboard_domain::{AccountId, ConversationId, Millis, TeamId};
use switchboard_storage::course;
use switchboard_wire::call::report::GetReportRows;
use switchboard_wire::view::{ReportRow, ReportRows};

impl Handle for GetReportRows {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<ReportRows> {
        let period = period(cx, self.from.as_deref(), self.to.as_deref(), self.zone.as_deref())?;
        let after = self.after.as_deref().map(|after| place(after).ok_or_else(bad_cursor)).transpose()?;
        let tx = &mut cx.tx;
        if after.is_none() {
            refuse_too_many(tx, &period).await?;
        }
        let bounds = (period.start(), period.end());
        let behind = after.as_ref().map(|(at, id)| (*at, id));
        let courses = course::began(tx, bounds, behind, limits::REPORT_PAGE).await?;
        let more = i64::try_from(courses.len()).is_ok_and(|count| count == limits::REPORT_PAGE);
        let next = courses.last().filter(|_| more);
        let next = next.map(|last| format!("{} {}", last.started_at, last.conversation));
        let agents: BTreeSet<AccountId> = courses.iter().filter_map(|course| course.agent.clone()).collect();
        let agents: Vec<AccountId> = agents.into_iter().collect();
        let names = Names { teams: team_names(tx).await?, agents: agent_names(tx, &agents).await? };
        let zone = period.zone();
        Ok(ReportRows { rows: courses.into_iter().map(|course| names.row(course, zone)).collect(), next })
    }
}

struct Names {
    teams: HashMap<TeamId, String>,
    agents: HashMap<AccountId, String>,
}

impl Names {
    fn row(&self, course: Course, zone: &Zone) -> ReportRow {
        let shown = |at: Option<Millis>| at.map(|at| zone.shown(at));
        let seconds = |ms: Option<Millis>| ms.map(|ms| (ms + 500) / 1_000);
        let today = course.agent.as_ref().and_then(|agent| self.agents.get(agent)).cloned();
        ReportRow {
            started: zone.shown(course.started_at),
            queued: shown(course.queued_at),
            assigned: shown(course.assigned_at),
            first_reply: shown(course.replied_at),
            resolved: shown(course.resolved_at.filter(|_| course.is_resolved())),
            team: course.team.as_ref().and_then(|team| self.teams.get(team)).cloned(),
            first_reply_s: seconds(course.first_reply()),
            wait_s: seconds(course.wait()),
            resolution_s: seconds(course.resolution()),
            left_message: course.left_at.is_some(),
            agent: today.or(course.agent_name),
            automation: course.automation,
            rating: course.rating,
            conversation: course.conversation.into(),
        }
    }
}

/// Behind which one a piece begins.
fn place(after: &str) -> Option<(Millis, ConversationId)> {
    let (at, id) = after.split_once(' ')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}
