//! A conversation as a row: the one list of columns, how they are read and how they are written.

use crate::error::{Error, Result};
use crate::row::Row;
use crate::value::Value;
use switchboard_domain::{Conversation, Owner};

/// All columns, in the order of [`read`] and [`values`], of a table called `c`.
pub(super) const COLUMNS: &str = "c.id, c.visitor_id, c.visitor_name, c.visitor_email, c.visitor_name_key, \
    c.visitor_email_key, c.channel, c.status, c.owner_kind, c.owner_id, c.owner_name, c.team_id, c.fence, c.head, \
    c.head_id, c.public_head, c.public_head_id, c.inbound, c.last_inbound, c.answered, c.attempts, c.automation, \
    c.had_people, c.missed_by, c.resolved_by, c.preview, c.tags, c.waiting_since, c.queued_at, c.priority, \
    c.snoozed_until, c.due_at, c.start_key, c.rating, c.rating_comment, c.created_at, c.updated_at";

/// How many there are.
pub(super) const WIDTH: usize = 37;

/// The same without the table's name.
pub(super) fn plain() -> String {
    COLUMNS.replace("c.", "")
}

/// Those that may change after the conversation began.
pub(super) fn changing() -> Vec<&'static str> {
    let all = COLUMNS.split(", ").map(|column| column.trim_start_matches("c."));
    all.filter(|column| !["id", "visitor_id", "channel", "start_key", "created_at"].contains(column))
        .collect()
}

/// What a search compares: lower case, cut to what the column holds.
pub(super) fn key(text: &str) -> String {
    /// Characters of the key columns; lower case can be longer than the text.
    const KEY_CHARS: usize = 255;
    text.trim().to_lowercase().chars().take(KEY_CHARS).collect()
}

/// What is stored of a conversation without being a field of it.
pub(super) struct Extra {
    name_key: String,
    email_key: Option<String>,
    tags: String,
    people: i64,
}

/// In the column `had_people`: people had it.
const HAD_PEOPLE: i64 = 1;
/// In the column `had_people`: one of them has written to the visitor.
const PEOPLE_ANSWERED: i64 = 2;

impl Extra {
    pub(super) fn of(c: &Conversation) -> Self {
        Self {
            name_key: key(&c.visitor_name),
            email_key: c.visitor_email.as_deref().map(key),
            tags: serde_json::Value::from(c.tags.as_slice()).to_string(),
            people: HAD_PEOPLE * i64::from(c.had_people) + PEOPLE_ANSWERED * i64::from(c.people_answered),
        }
    }
}

/// The values in the order of [`COLUMNS`].
pub(super) fn values<'a>(c: &'a Conversation, extra: &'a Extra) -> [Value<'a>; WIDTH] {
    // For the queue the team, so that one index serves every view.
    let owner_id = match &c.owner {
        Owner::Queue => Some(c.team.as_ref().map_or("", |team| team.as_str())),
        owner => owner.id(),
    };
    [
        (&c.id).into(),
        (&c.visitor).into(),
        (&c.visitor_name).into(),
        (&c.visitor_email).into(),
        (&extra.name_key).into(),
        (&extra.email_key).into(),
        (&c.channel).into(),
        c.status.as_str().into(),
        c.owner.kind().into(),
        owner_id.into(),
        c.owner.name().into(),
        (&c.team).into(),
        c.fence.into(),
        c.head.into(),
        (&c.head_id).into(),
        c.public_head.into(),
        (&c.public_head_id).into(),
        c.inbound.into(),
        c.last_inbound.into(),
        c.answered.into(),
        c.attempts.into(),
        (&c.automation).into(),
        extra.people.into(),
        (&c.missed_by).into(),
        (&c.resolved_by).into(),
        (&c.preview).into(),
        (&extra.tags).into(),
        c.waiting_since.into(),
        c.queued_at.into(),
        c.priority.into(),
        c.snoozed_until.into(),
        c.due_at.into(),
        (&c.start_key).into(),
        c.rating.into(),
        (&c.rating_comment).into(),
        c.created_at.into(),
        c.updated_at.into(),
    ]
}

/// The columns that change when somebody only speaks, after the key.
pub(super) const SPEECH: [&str; 14] = [
    "id",
    "head",
    "head_id",
    "public_head",
    "public_head_id",
    "inbound",
    "last_inbound",
    "answered",
    "attempts",
    "missed_by",
    "preview",
    "waiting_since",
    "due_at",
    "updated_at",
];

/// What an upsert of [`SPEECH`] has to say of the other columns, which must hold something, for a row that is always
/// there already.
pub(super) const REST: [(&str, &str); 11] = [
    ("visitor_id", "''"),
    ("visitor_name", "''"),
    ("visitor_name_key", "''"),
    ("channel", "''"),
    ("status", "''"),
    ("owner_kind", "''"),
    ("fence", "0"),
    ("had_people", "0"),
    ("tags", "''"),
    ("priority", "0"),
    ("created_at", "0"),
];

/// The values in the order of [`SPEECH`].
pub(super) fn values_of_speech(c: &Conversation) -> [Value<'_>; SPEECH.len()] {
    [
        (&c.id).into(),
        c.head.into(),
        (&c.head_id).into(),
        c.public_head.into(),
        (&c.public_head_id).into(),
        c.inbound.into(),
        c.last_inbound.into(),
        c.answered.into(),
        c.attempts.into(),
        (&c.missed_by).into(),
        (&c.preview).into(),
        c.waiting_since.into(),
        c.due_at.into(),
        c.updated_at.into(),
    ]
}

/// Whether nothing but [`SPEECH`] differs. A new field has to be named here.
pub(super) fn only_spoken(was: &Conversation, now: &Conversation) -> bool {
    let Conversation {
        id,
        visitor,
        visitor_name,
        visitor_email,
        channel,
        status,
        owner,
        team,
        fence,
        head: _,
        head_id: _,
        public_head: _,
        public_head_id: _,
        inbound: _,
        last_inbound: _,
        answered: _,
        attempts: _,
        automation,
        had_people,
        people_answered,
        missed_by: _,
        resolved_by,
        preview: _,
        tags,
        waiting_since: _,
        queued_at,
        priority,
        snoozed_until,
        due_at: _,
        start_key,
        rating,
        rating_comment,
        created_at,
        updated_at: _,
    } = now;
    (id, visitor, visitor_name, visitor_email)
        == (&was.id, &was.visitor, &was.visitor_name, &was.visitor_email)
        && (channel, status, owner, team) == (&was.channel, &was.status, &was.owner, &was.team)
        && (fence, automation) == (&was.fence, &was.automation)
        && (had_people, people_answered) == (&was.had_people, &was.people_answered)
        && (resolved_by, tags, queued_at, priority)
            == (&was.resolved_by, &was.tags, &was.queued_at, &was.priority)
        && (snoozed_until, start_key) == (&was.snoozed_until, &was.start_key)
        && (rating, rating_comment, created_at) == (&was.rating, &was.rating_comment, &was.created_at)
}

/// Reads [`COLUMNS`].
pub(super) fn read(row: &mut Row<'_>) -> Result<Conversation> {
    let (id, visitor) = (row.parse()?, row.parse()?);
    let (visitor_name, visitor_email) = (row.text()?, row.maybe_text()?);
    let (_name_key, _email_key) = (row.maybe_str()?, row.maybe_str()?);
    let people;
    Ok(Conversation {
        id,
        visitor,
        visitor_name,
        visitor_email,
        channel: row.text()?,
        status: row.parse()?,
        owner: owner(row)?,
        team: row.maybe_parse()?,
        fence: row.int()?,
        head: row.int()?,
        head_id: row.maybe_parse()?,
        public_head: row.int()?,
        public_head_id: row.maybe_parse()?,
        inbound: row.int()?,
        last_inbound: row.int()?,
        answered: row.int()?,
        attempts: row.int()?,
        automation: row.maybe_text()?,
        had_people: {
            people = row.int()?;
            people != 0
        },
        people_answered: people & PEOPLE_ANSWERED != 0,
        missed_by: row.maybe_parse()?,
        resolved_by: row.maybe_text()?,
        preview: row.text()?,
        tags: tags(row.str()?)?,
        waiting_since: row.maybe_int()?,
        queued_at: row.maybe_int()?,
        priority: row.int()?,
        snoozed_until: row.maybe_int()?,
        due_at: row.maybe_int()?,
        start_key: row.maybe_convert()?,
        rating: row.maybe_int()?,
        rating_comment: row.maybe_text()?,
        created_at: row.int()?,
        updated_at: row.committed()?,
    })
}

fn owner(row: &mut Row<'_>) -> Result<Owner> {
    let (kind, id, name) = (row.str()?, row.str()?, row.text()?);
    Ok(match kind {
        "queue" => Owner::Queue,
        "none" => Owner::None,
        "automation" => Owner::Automation { id: id.to_owned(), name },
        "agent" => Owner::Agent { id: id.parse().map_err(|_| Error::spoilt("owner_id", id))?, name },
        other => return Err(Error::spoilt("owner_kind", other)),
    })
}

pub(super) fn tags(text: &str) -> Result<Vec<String>> {
    serde_json::from_str(text).map_err(|_| Error::spoilt("tags", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted() {
        assert_eq!(COLUMNS.split(", ").count(), WIDTH);
        assert_eq!(changing().len(), WIDTH - 5);
        assert!(!plain().contains('.'));
        let (all, changing) = (plain(), changing());
        assert!(SPEECH[1..].iter().all(|column| changing.contains(column)));
        assert!(REST.iter().all(|(column, _)| all.contains(column) && !SPEECH.contains(column)));
    }
}
