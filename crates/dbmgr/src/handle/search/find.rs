//! Finding what was written, newest first: page by page of the index, as far back as one call should look.

use super::text;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::{SEARCH_AT_ONCE, SEARCH_HITS, SEARCH_LINES, SEARCH_PAGES, SEARCH_STEPS};
use crate::page;
use crate::run::Handle;
use std::collections::{BTreeMap, HashMap};
use switchboard_domain::clock::rfc3339;
use switchboard_domain::search::{PAGE_LINES, Places, Query, Term, snippet};
use switchboard_domain::{AccountId, ConversationId, Entry, TeamId};
use switchboard_storage::entry::{self, Reader, Span};
use switchboard_storage::search::{self, Line, Posting};
use switchboard_storage::{Tx, conversation, read, team};
use switchboard_wire::Failure;
use switchboard_wire::call::search::Search;
use switchboard_wire::view::{Audience, Author, Found, Hit, HitPart, Page, State};

/// Who looks.
struct Looker<'a> {
    agent: &'a AccountId,
    teams: Vec<TeamId>,
    query: Query,
}

/// A line that was found, the conversation it is of, and its number.
type One = (ConversationId, i64, Hit);

impl Handle for Search {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Page<Found>> {
        let agent = actor.staff()?.id();
        let query = Query::parse(&self.q).map_err(|bad| Failure::invalid("q", &bad))?;
        let cursor = self.cursor.as_deref().map(|text| text.parse::<i64>().map_err(|_| page::bad_cursor()));
        let end = search::next(&mut cx.tx).await?;
        let below = cursor.transpose()?.unwrap_or(end).clamp(0, end);
        let limit = usize::try_from(page::limit(self.limit).min(SEARCH_HITS)).unwrap_or(1);
        let teams = team::of_account(&mut cx.tx, agent).await?;
        let looker = Looker { agent, teams, query };
        let (ones, next) = look(&mut cx.tx, &looker, below, limit).await?;
        Ok(Page { items: grouped(&mut cx.tx, ones).await?, next: next.map(|n| n.to_string()) })
    }
}

/// Looks below a line for at most `limit`; answers below which line to go on, unless all was looked at.
async fn look(
    tx: &mut Tx,
    looker: &Looker<'_>,
    below: i64,
    limit: usize,
) -> Outcome<(Vec<One>, Option<i64>)> {
    let mut found = Vec::new();
    let mut steps = SEARCH_STEPS.iter().copied();
    let (mut pages_left, mut lines_left) = (SEARCH_PAGES, SEARCH_LINES);
    let mut top = Places::of(below - 1).0;
    while top >= 0 && below > 0 {
        let step = steps.next().unwrap_or(SEARCH_AT_ONCE).min(pages_left);
        let low = (top - step + 1).max(0);
        let pages: Vec<i64> = (low..=top).rev().collect();
        let candidates = candidates(tx, &looker.query, &pages, below).await?;
        for chunk in candidates.chunks(usize::try_from(SEARCH_AT_ONCE).unwrap_or(1)) {
            lines_left -= chunk.len().min(lines_left);
            let visible = search::visible(tx, looker.agent, &looker.teams, chunk).await?;
            for (line, hit) in matching(tx, &looker.query, &visible, limit - found.len()).await? {
                found.push((line.conversation, line.n, hit));
            }
            let is_last = chunk.last() == candidates.last() && low == 0;
            if found.len() >= limit {
                let next =
                    found.last().map(|(_, n, _)| *n).filter(|n| !is_last || candidates.last() != Some(n));
                return Ok((found, next));
            }
            if lines_left == 0 && !is_last {
                return Ok((found, chunk.last().copied()));
            }
        }
        pages_left -= i64::try_from(pages.len()).unwrap_or(pages_left);
        top = low - 1;
        if pages_left <= 0 && top >= 0 {
            return Ok((found, Some(low * PAGE_LINES)));
        }
    }
    Ok((found, None))
}

/// The lines of these pages that have all words, newest first; where the words stand in them is not known yet.
async fn candidates(tx: &mut Tx, query: &Query, pages: &[i64], below: i64) -> Outcome<Vec<i64>> {
    let terms = query.terms();
    let exact: Vec<&str> = terms.iter().filter(|term| !term.prefix).map(|term| term.word.as_str()).collect();
    let mut lines: BTreeMap<i64, Places> = BTreeMap::new();
    if exact.is_empty() {
        lines.extend(pages.iter().map(|page| (*page, Places::all())));
    } else {
        let mut all: BTreeMap<i64, Vec<Posting>> = BTreeMap::new();
        for posting in search::exact(tx, pages, &exact).await? {
            all.entry(posting.page).or_default().push(posting);
        }
        for (page, postings) in all.into_iter().filter(|(_, postings)| postings.len() == exact.len()) {
            let mut kept = Places::all();
            postings.iter().for_each(|posting| kept.keep(&read_places([posting])));
            lines.insert(page, kept);
        }
    }
    for Term { word, .. } in terms.into_iter().filter(|term| term.prefix) {
        lines.retain(|_, places| !places.is_empty());
        let pages: Vec<i64> = lines.keys().copied().collect();
        let mut all: HashMap<i64, Places> = HashMap::new();
        for posting in search::prefixed(tx, &pages, word).await? {
            all.entry(posting.page).or_default().add(&posting.places);
        }
        for (page, places) in &mut lines {
            places.keep(all.get(page).unwrap_or(&Places::default()));
        }
    }
    let (last, place) = Places::of(below);
    if let Some(places) = lines.get_mut(&last) {
        places.keep_below(place);
    }
    let newest = lines.iter().rev().flat_map(|(page, places)| {
        places.newest_first().map(move |place| page * PAGE_LINES + i64::try_from(place).unwrap_or_default())
    });
    Ok(newest.collect())
}

fn read_places<'a>(postings: impl IntoIterator<Item = &'a Posting>) -> Places {
    let mut places = Places::default();
    postings.into_iter().for_each(|posting| places.add(&posting.places));
    places
}

/// Those of the lines in which the words stand as they were asked for, at most `limit`.
async fn matching(tx: &mut Tx, query: &Query, lines: &[Line], limit: usize) -> Outcome<Vec<(Line, Hit)>> {
    let mut found = Vec::new();
    for chunk in lines.chunks(limit.clamp(1, 64)) {
        let spans: Vec<Span> = chunk
            .iter()
            .map(|line| Span { conversation: line.conversation.clone(), after: line.seq - 1, upto: line.seq })
            .collect();
        let most = i64::try_from(spans.len()).unwrap_or(i64::MAX);
        let entries = entry::spans(tx, &spans, Reader::Staff, most).await?;
        let mut entries: HashMap<(ConversationId, i64), Entry> =
            entries.into_iter().map(|entry| ((entry.conversation.clone(), entry.seq), entry)).collect();
        for line in chunk {
            let Some(entry) = entries.remove(&(line.conversation.clone(), line.seq)) else { continue };
            if let Some(hit) = hit(query, &entry) {
                found.push((line.clone(), hit));
            }
            if found.len() >= limit {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

fn hit(query: &Query, entry: &Entry) -> Option<Hit> {
    let text = text(entry)?;
    let parts = snippet(&text, &query.find(&text)?);
    Some(Hit {
        seq: entry.seq,
        at: rfc3339(entry.at),
        kind: entry.kind.as_str().into(),
        author: Author::from(&entry.author),
        parts: parts.into_iter().map(|part| HitPart { text: part.text, found: part.found }).collect(),
    })
}

/// By conversation, in the order of the newest line of each.
async fn grouped(tx: &mut Tx, ones: Vec<One>) -> Outcome<Vec<Found>> {
    let mut order: Vec<ConversationId> = Vec::new();
    let mut hits: HashMap<ConversationId, Vec<Hit>> = HashMap::new();
    for (id, _, hit) in ones {
        if !hits.contains_key(&id) {
            order.push(id.clone());
        }
        hits.entry(id).or_default().push(hit);
    }
    let rows = conversation::summaries(tx, &order, read::Side::Staff).await?;
    let mut rows: HashMap<ConversationId, _> =
        rows.into_iter().map(|row| (row.conversation.id.clone(), row.conversation)).collect();
    let found = order.into_iter().filter_map(|id| {
        let c = rows.remove(&id)?;
        let conversation = State::of(&c).shown_to(Audience::Staff);
        Some(Found { conversation, hits: hits.remove(&id)? })
    });
    Ok(found.collect())
}
