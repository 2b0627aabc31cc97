//! Applies a reply to a turn, once.

use super::learn::Learnt;
use super::{reply, stale, streak};
use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::ruling;
use crate::run::Handle;
use switchboard_domain::AuthorKind;
use switchboard_domain::automation::Then;
use switchboard_domain::conversation::{Command, Facts};
use switchboard_domain::limits::AUTOMATION_STREAK;
use switchboard_faults::{self as faults, Mutant};
use switchboard_storage::{automation, conversation, visitor};
use switchboard_wire::call::router::ApplyReply;

impl Handle for ApplyReply {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<()> {
        let row = automation::share(&mut cx.tx, &self.automation).await?.filter(|row| row.active);
        let row = row.ok_or_else(stale)?;
        let learnt = Learnt::read(&self.reply)?;
        let reply = reply::check(cx, self.reply).await?;
        let mut facts = match &reply.then {
            _ if reply.messages.len() > AUTOMATION_STREAK => {
                act::facts_of_handoff(cx, &row.name, None).await?
            }
            Then::Handoff { team, .. } => act::facts_of_handoff(cx, &row.name, team.as_ref()).await?,
            Then::Pass { .. } => act::facts_of_handoff(cx, &row.name, None).await?,
            Then::Wait | Then::Resolve => Facts::default(),
        };
        let id = act::parse(&self.conversation)?;
        // Visitors are locked before their conversations, as where they arrive.
        if learnt.is_about_visitor()
            && let Some(c) = conversation::get(&mut cx.tx, &id).await?
        {
            visitor::lock_ids(&mut cx.tx, std::slice::from_ref(&c.visitor)).await?;
        }
        let mut act = act::lock(cx, &id).await?;
        facts.streak = streak::since_visitor(&mut cx.tx, &act.c).await?;
        if reply.messages.len() + facts.streak > AUTOMATION_STREAK
            && matches!(reply.then, Then::Wait | Then::Resolve)
        {
            facts = Facts { streak: facts.streak, ..act::facts_of_handoff(cx, &row.name, None).await? };
        }
        if faults::broken(Mutant::ReplyTwice) {
            act.c.answered = act.c.answered.min(self.first.unwrap_or(self.seq) - 1);
        }
        let first_time = act.c.answered < self.seq;
        let command = Command::Reply {
            automation: row.name,
            title: row.title,
            fence: act.brought(self.fence),
            first: self.first,
            turn: self.seq,
            reply,
            facts,
        };
        let before = act.c.tags.clone();
        let c = act::carry_out(cx, act, command).await?;
        let c = ruling::tagged(cx, &before, c, AuthorKind::Automation).await?;
        // A reply that comes again changes nothing, nor does what it would leave behind.
        if first_time { learnt.write(cx, &id, self.fence, &c.visitor).await } else { Ok(()) }
    }
}
