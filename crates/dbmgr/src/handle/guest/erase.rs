//! Erasing what a visitor has said and told: first who it is and its token, then conversation by conversation, each
//! transaction a bounded piece. Whatever interrupts it, asking again goes on.

use crate::act::{self, Act};
use crate::audit::Report;
use crate::authority::Authority;
use crate::cx::Cx;
use crate::gate::{Actor, Mode};
use crate::halt::Outcome;
use crate::handle::search::forget;
use crate::limits::{ERASED_ENTRIES, ERASED_FILES, ERASED_TOLD_MS};
use crate::run::{Run, transact};
use crate::shared::Shared;
use std::sync::Arc;
use switchboard_domain::conversation::Command;
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_domain::message::ERASED;
use switchboard_domain::{Author, Conversation, ConversationId, Millis, Secret, Status, VisitorId};
use switchboard_storage::{ban, conversation, erasure, file, mention, visitor};
use switchboard_wire::call::Access;
use switchboard_wire::call::edge::CutOff;
use switchboard_wire::call::guest::EraseVisitor;
use switchboard_wire::notice::{Erased, Notice, StateNotice};
use switchboard_wire::view::State;
use switchboard_wire::{Call, Failure};

const CALL: (&str, Access) = (EraseVisitor::NAME, EraseVisitor::ACCESS);

impl Run for EraseVisitor {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<(), Failure> {
        let id: VisitorId = self.id.parse().map_err(|_| Failure::not_found("visitor"))?;
        transact(&shared, &by, CALL, Mode::Write, |actor, cx| {
            let id = id.clone();
            Box::pin(async move { forget(cx, &actor, &id).await })
        })
        .await?;
        let mut from: Option<ConversationId> = None;
        loop {
            let ids = transact(&shared, &by, CALL, Mode::Read, |_, cx| {
                let (id, from) = (id.clone(), from.clone());
                Box::pin(async move {
                    Ok(conversation::ids_of_visitor(&mut cx.tx, &id, from.as_ref(), PAGE_ITEMS).await?)
                })
            })
            .await?;
            for id in &ids {
                erase(&shared, &by, id).await?;
            }
            let more = i64::try_from(ids.len()).is_ok_and(|read| read >= PAGE_ITEMS);
            match ids.last() {
                // The last one is looked at once more, where nothing is left to do.
                Some(last) if more => from = Some(last.clone()),
                _ => return Ok(()),
            }
        }
    }
}

/// Who the visitor is, its token, and what it is known by.
async fn forget(cx: &mut Cx, actor: &Actor, id: &VisitorId) -> Outcome<()> {
    let staff = actor.staff()?;
    let locked = visitor::lock_ids(&mut cx.tx, std::slice::from_ref(id)).await?;
    let id = locked.first().ok_or_else(|| Failure::not_found("visitor"))?;
    // A secret that nobody is given.
    let dead = Secret::new(cx.shared.rng.as_ref()).hash();
    erasure::token(&mut cx.tx, id, &dead).await?;
    erasure::visitor(&mut cx.tx, id).await?;
    erasure::acquaintance(&mut cx.tx, id).await?;
    // So that every node hears of it, whatever becomes of the notice.
    ban::meet(&mut cx.tx, ban::ERASED, cx.now + ERASED_TOLD_MS, &locked, cx.now).await?;
    cx.tell(Notice::CutOff(CutOff { visitors: vec![id.to_string()] }));
    let report = Report::by(staff, "visitor.erased");
    report.about("visitor", Some(id.as_str()), "").write(cx).await
}

/// One conversation, piece by piece.
async fn erase(shared: &Arc<Shared>, by: &Authority, id: &ConversationId) -> Result<(), Failure> {
    loop {
        let done = transact(shared, by, CALL, Mode::Write, |_, cx| {
            let id = id.clone();
            Box::pin(async move { Ok(piece(cx, &id, Which::Any).await?.done) })
        })
        .await?;
        if done {
            return Ok(());
        }
    }
}

/// Which conversations are erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Also one that goes on, which is ended.
    Any,
    /// One that ended before this; another one is left alone.
    EndedBefore(Millis),
}

impl Which {
    fn is_it(self, c: &Conversation) -> bool {
        match self {
            Self::Any => true,
            Self::EndedBefore(before) => c.status == Status::Resolved && c.updated_at < before,
        }
    }
}

/// How far a conversation is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// There is nothing left to erase.
    pub(super) done: bool,
    /// So much was erased that the transaction should end.
    pub(super) is_large: bool,
}

/// Erases a piece of a conversation, which has then ended.
pub(super) async fn piece(cx: &mut Cx, id: &ConversationId, which: Which) -> Outcome<Piece> {
    let found = conversation::lock(&mut cx.tx, id).await?;
    let Some(c) = found.filter(|c| which.is_it(c)) else { return Ok(Piece { done: true, is_large: false }) };
    let mut act = Act::of(c);
    let (now, rng) = (cx.now, Arc::clone(&cx.shared.rng));
    act.decide(Command::VisitorResolve { visitor: Author::system() }, now, rng.as_ref())?;
    let mut c = act.c.clone();
    act::save(cx, vec![act]).await?;
    if !forget::piece(cx, &c).await? {
        return Ok(Piece { done: false, is_large: true });
    }
    let erased = erasure::entries(&mut cx.tx, id, ERASED_ENTRIES).await?;
    let files = file::erase(&mut cx.tx, id, ERASED_FILES).await?;
    let fewer = |count: Option<i64>, than: i64| count.is_some_and(|count| count < than);
    let done =
        fewer(i64::try_from(erased).ok(), ERASED_ENTRIES) && fewer(i64::try_from(files).ok(), ERASED_FILES);
    if done {
        erasure::conversation(&mut cx.tx, id).await?;
        mention::forget_conversation(&mut cx.tx, id).await?;
        c.visitor_name.clear();
        c.visitor_email = None;
        c.preview = ERASED.into();
        // Who has what was told before loads it again.
        cx.tell(Notice::State(Box::new(StateNotice { state: State::of(&c), changed: false })));
        cx.tell(Notice::Erased(Erased { conversations: vec![id.clone()] }));
    }
    Ok(Piece { done, is_large: erased >= LARGE_PIECE || files > 0 })
}

/// Entries after which a transaction that erases several conversations ends.
const LARGE_PIECE: usize = 200;
