//! What is true after something happened.

use super::Conversation;
use super::event::{Change, Event, What};
use super::owner::{Owner, Status};
use crate::author::AuthorKind;
use crate::clock::Millis;
use crate::entry::{Entry, EntryKind};
use crate::id::EntryId;
use crate::limits;

/// The conversation after `event`, which was committed at `at`.
#[must_use]
pub fn apply(mut c: Conversation, event: &Event, at: Millis) -> Conversation {
    if let Some(kind) = event.entry_kind() {
        c.head += 1;
        if kind != EntryKind::Note {
            c.public_head = c.head;
        }
        c.updated_at = at;
    }
    match &event.what {
        What::Message { text, .. } => {
            c.preview = text.preview();
            said(&mut c, event.author.kind, at);
        }
        What::Note { .. } => {}
        What::Change(change) => changed(&mut c, event, change, at),
        What::Turn { seq } => {
            c.answered = c.answered.max(*seq);
            c.attempts = 0;
            c.due_at = c.is_unanswered().then_some(at);
            c.waiting_since = c.is_unanswered().then_some(at);
        }
        What::Missed { attempts, retry_at } => {
            c.attempts = *attempts;
            c.due_at = Some(*retry_at);
        }
        What::Tagged { tags } => {
            for tag in tags {
                if !c.tags.contains(tag) && c.tags.len() < limits::TAGS {
                    c.tags.push(tag.clone());
                }
            }
        }
        What::Untagged { tags } => c.tags.retain(|tag| !tags.contains(tag)),
        What::Prioritised { priority } => c.priority = priority.number(),
        What::Regrouped { team } => c.team.clone_from(team),
        What::Rated { score, comment } => {
            c.rating = Some(*score);
            c.rating_comment.clone_from(comment);
        }
    }
    c
}

/// [`apply`] with the entry that `event` becomes, if it becomes one.
#[must_use]
pub fn record(c: Conversation, event: &Event, id: EntryId, at: Millis) -> (Conversation, Option<Entry>) {
    let public_before = c.public_head;
    let mut c = apply(c, event, at);
    let Some(kind) = event.entry_kind() else { return (c, None) };
    c.head_id = Some(id.clone());
    if kind != EntryKind::Note {
        c.public_head_id = Some(id.clone());
    }
    let entry = Entry {
        conversation: c.id.clone(),
        seq: c.head,
        id,
        at,
        kind,
        public: kind != EntryKind::Note,
        public_before,
        author: event.author.clone(),
        body: event.body(),
        client: event.client.clone(),
    };
    (c, Some(entry))
}

/// Somebody wrote: who waits, and what is due?
fn said(c: &mut Conversation, by: AuthorKind, at: Millis) {
    match by {
        AuthorKind::Visitor => {
            c.inbound += 1;
            c.last_inbound = c.head;
            c.waiting_since.get_or_insert(at);
            if matches!(c.owner, Owner::Automation { .. }) {
                c.due_at.get_or_insert(at);
            }
        }
        AuthorKind::Agent => {
            c.answered = c.head;
            c.people_answered = true;
            c.waiting_since = None;
            c.due_at = c.snoozed_until;
        }
        AuthorKind::Automation | AuthorKind::System => {}
    }
}

fn changed(c: &mut Conversation, event: &Event, change: &Change, at: Millis) {
    match change {
        Change::Started { to, team } => {
            c.team.clone_from(team);
            own(c, to.clone(), at);
        }
        Change::HandedOff { team, .. } => {
            c.team.clone_from(team);
            own(c, Owner::Queue, at);
        }
        Change::Assigned { to, answer_by, .. } => {
            own(c, to.clone(), at);
            // A snoozed one that is claimed still wakes at its time.
            c.due_at = answer_by.or(c.due_at);
        }
        Change::Transferred { to, team } => {
            if *to == Owner::Queue {
                c.team.clone_from(team);
            }
            c.status = Status::Open;
            c.snoozed_until = None;
            own(c, to.clone(), at);
        }
        Change::Requeued { reason } => {
            let lapsed = match &c.owner {
                Owner::Agent { id, .. } if reason == super::decide::NO_ANSWER => Some(id.clone()),
                _ => None,
            };
            own(c, Owner::Queue, at);
            c.missed_by = lapsed;
        }
        Change::LeftMessage => {}
        Change::Resolved => {
            c.status = Status::Resolved;
            c.snoozed_until = None;
            c.resolved_by = Some(event.author.sender());
            own(c, Owner::None, at);
            c.waiting_since = None;
            c.answered = c.last_inbound;
        }
        Change::Reopened { to, .. } => {
            c.status = Status::Open;
            c.snoozed_until = None;
            c.resolved_by = None;
            c.due_at = None;
            if c.owner != *to {
                own(c, to.clone(), at);
            }
        }
        Change::Snoozed { until } => {
            c.status = Status::Snoozed;
            c.snoozed_until = Some(*until);
            c.due_at = Some(*until);
            c.waiting_since = None;
        }
    }
}

/// Gives the conversation to `owner`: the fence rises, and what the last owner had due is forgotten.
fn own(c: &mut Conversation, owner: Owner, at: Millis) {
    c.fence += 1;
    c.attempts = 0;
    c.missed_by = None;
    c.queued_at = None;
    c.due_at = c.snoozed_until;
    match &owner {
        Owner::Automation { id, .. } => {
            c.automation = Some(id.clone());
            c.due_at = c.is_unanswered().then_some(at);
        }
        Owner::Queue => {
            c.had_people = true;
            c.queued_at = Some(at);
            c.waiting_since.get_or_insert(at);
        }
        Owner::Agent { .. } => c.had_people = true,
        Owner::None => {}
    }
    c.owner = owner;
}
