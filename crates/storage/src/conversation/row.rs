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
}

impl Extra {
    pub(super) fn of(c: &Conversation) -> Self {
        Self {
            name_key: key(&c.visitor_name),
            email_key: c.visitor_email.as_deref().map(key),
            tags: serde_json::Value::from(c.tags.as_slice()).to_string(),
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
        c.had_people.into(),
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

/// Reads [`COLUMNS`].
pub(super) fn read(row: &mut Row<'_>) -> Result<Conversation> {
    let (id, visitor) = (row.parse()?, row.parse()?);
    let (visitor_name, visitor_email) = (row.text()?, row.maybe_text()?);
    let (_name_key, _email_key) = (row.maybe_str()?, row.maybe_str()?);
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
        had_people: row.flag()?,
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
        updated_at: row.int()?,
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

fn tags(text: &str) -> Result<Vec<String>> {
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
    }
}
