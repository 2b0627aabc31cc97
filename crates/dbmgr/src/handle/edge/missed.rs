//! What visitors have missed in conversations of theirs, read for many of them with one statement.

use super::fit::{Fit, fit};
use crate::limits::{GREET_LINES, GREET_ROWS};
use std::collections::HashMap;
use switchboard_domain::limits::PAGE_BYTES;
use switchboard_domain::{Conversation, ConversationId, Entry, VisitorId};
use switchboard_storage::entry::{self, Reader, Span};
use switchboard_storage::{Error, Tx};
use switchboard_wire::call::edge::Missed;
use switchboard_wire::view::{FollowState, Line};

/// Where a visitor was in a conversation of its own.
#[derive(Debug)]
pub(super) struct Place<'a> {
    c: &'a Conversation,
    at: &'a FollowState,
    verdict: Verdict,
}

/// What is known before the log is read.
#[derive(Debug)]
enum Verdict {
    Reset(&'static str),
    /// Nothing to give.
    Here,
    /// The entries of this span; with `look`, the first of them is the one that the visitor says it has.
    Read {
        span: Span,
        look: bool,
    },
}

impl<'a> Place<'a> {
    pub(super) fn new(c: &'a Conversation, at: &'a FollowState, epoch: &str) -> Self {
        let verdict = if at.epoch.as_deref().is_some_and(|known| known != epoch) {
            Verdict::Reset("epoch")
        } else {
            match fit(c, Reader::Visitor, at.last_seq, at.last_id.as_deref()) {
                Fit::Misfit(why) => Verdict::Reset(why),
                Fit::Fits if at.last_seq == c.public_head => Verdict::Here,
                fits => {
                    let look = fits == Fit::Look;
                    let upto = c.head.min(at.last_seq.saturating_add(GREET_LINES));
                    let after = at.last_seq - i64::from(look);
                    Verdict::Read { span: Span { conversation: c.id.clone(), after, upto }, look }
                }
            }
        };
        Self { c, at, verdict }
    }

    /// What it has missed; none when that could not be looked up with the others.
    fn missed(&self, read: &mut Rows, room: &mut usize) -> Option<Missed> {
        let (reset, lines, upto) = match &self.verdict {
            Verdict::Reset(why) => (Some((*why).to_owned()), Vec::new(), self.c.head),
            Verdict::Here => (None, Vec::new(), self.c.head),
            Verdict::Read { span, look } => {
                let known = read.known(span);
                let mut rows = read.take(span, known)?.peekable();
                if *look {
                    if known < self.at.last_seq {
                        return None;
                    }
                    let same = |row: &Line| {
                        row.seq == self.at.last_seq && Some(row.id.as_str()) == self.at.last_id.as_deref()
                    };
                    if rows.next_if(same).is_none() {
                        return Some(self.answer(Some("mismatch".into()), Vec::new(), self.c.head));
                    }
                }
                let (lines, whole) = fitting(rows, room);
                let upto = match lines.last() {
                    last if !whole => last.map_or(self.at.last_seq, |line| line.seq),
                    // Everything public is there; what is behind it are notes.
                    _ if known >= self.c.public_head => self.c.head,
                    _ => known,
                };
                (None, lines, upto)
            }
        };
        Some(self.answer(reset, lines, upto))
    }

    fn answer(&self, reset: Option<String>, lines: Vec<Line>, upto: i64) -> Missed {
        Missed { conversation: self.c.id.to_string(), reset, lines, upto }
    }
}

/// The lines of these rows as far as there is room, and whether these are all.
fn fitting(rows: impl Iterator<Item = Line>, room: &mut usize) -> (Vec<Line>, bool) {
    let mut lines: Vec<Line> = Vec::new();
    for line in rows {
        match room.checked_sub(line.entry.get().len()) {
            Some(left) => *room = left,
            None => {
                *room = 0;
                return (lines, false);
            }
        }
        lines.push(line);
    }
    (lines, true)
}

/// What was read for many places at once.
struct Rows {
    /// Of those conversations of which nothing was taken yet.
    by_conversation: HashMap<ConversationId, Vec<Line>>,
    /// The last row, when there were more than were read: behind it nothing is known.
    cut: Option<(ConversationId, i64)>,
}

impl Rows {
    fn new(rows: Vec<(ConversationId, Line)>, spans: &[Span], limit: usize) -> Self {
        let last = rows.last().filter(|_| rows.len() >= limit);
        let cut = last.map(|(conversation, line)| (conversation.clone(), line.seq));
        let mut by_conversation: HashMap<ConversationId, Vec<Line>> =
            spans.iter().map(|span| (span.conversation.clone(), Vec::new())).collect();
        for (conversation, line) in rows {
            by_conversation.entry(conversation).or_default().push(line);
        }
        Self { by_conversation, cut }
    }

    /// Up to where the span is known.
    fn known(&self, span: &Span) -> i64 {
        match &self.cut {
            Some((id, _)) if span.conversation > *id => span.after,
            Some((id, seq)) if span.conversation == *id => span.upto.min(*seq).max(span.after),
            _ => span.upto,
        }
    }

    /// The lines of a span; none when a client names a conversation twice, the second time.
    fn take(&mut self, span: &Span, known: i64) -> Option<impl Iterator<Item = Line> + use<>> {
        let lines = self.by_conversation.remove(&span.conversation)?;
        let after = span.after;
        Some(lines.into_iter().filter(move |line| line.seq > after && line.seq <= known))
    }
}

fn line(entry: Entry) -> (ConversationId, Line) {
    let line = Line::of(&entry);
    (entry.conversation, line)
}

/// Reads what was missed at all these places, in one statement.
pub(super) async fn read(tx: &mut Tx, places: &[Place<'_>]) -> Result<Vec<Option<Missed>>, Error> {
    let spans: Vec<Span> = places
        .iter()
        .filter_map(|place| match &place.verdict {
            Verdict::Read { span, .. } => Some(span.clone()),
            Verdict::Reset(_) | Verdict::Here => None,
        })
        .collect();
    let rows = match spans.is_empty() {
        true => Vec::new(),
        false => entry::spans_as(tx, &spans, Reader::Visitor, GREET_ROWS, line).await?,
    };
    let mut rows = Rows::new(rows, &spans, usize::try_from(GREET_ROWS).unwrap_or(usize::MAX));
    let mut rooms: HashMap<&VisitorId, usize> = HashMap::new();
    let mut missed = Vec::with_capacity(places.len());
    for place in places {
        let room = rooms.entry(&place.c.visitor).or_insert(PAGE_BYTES);
        missed.push(place.missed(&mut rows, room));
    }
    Ok(missed)
}
