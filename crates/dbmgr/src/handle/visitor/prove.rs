//! A visitor proves who it is to the site around the chat.

use crate::cx::Cx;
use crate::gate;
use crate::halt::{Halt, Outcome};
use crate::handle::guest::movable;
use crate::identity::{claims, key_of};
use crate::limits::ERASED_TOLD_MS;
use switchboard_domain::identity::{BadIdentity, Identity, check};
use switchboard_domain::{KeyId, TokenHash, VisitorId};
use switchboard_storage::visitor::{self, Visitor};
use switchboard_storage::{Error, ban, identity, join, mail};
use switchboard_wire::Failure;
use switchboard_wire::call::edge::CutOff;
use switchboard_wire::notice::Notice;

/// What the site has signed, if it has, with a key that is good in this transaction, and for now.
pub(super) async fn read(cx: &mut Cx, token: &str) -> Outcome<Identity> {
    let bad = |bad: BadIdentity| Failure::invalid("identity", &bad);
    let id: KeyId = key_of(token).map_err(bad)?.parse().map_err(|_| bad(BadIdentity::Key))?;
    let key = identity::key(&mut cx.tx, &id).await?.ok_or_else(|| bad(BadIdentity::Key))?;
    Ok(claims(token, &key.secret).and_then(|claims| check(claims, cx.now)).map_err(bad)?)
}

/// Whom an identity belongs to.
pub(super) enum Proven {
    /// To the one who asks, who may have been told apart from that visitor until now.
    Same {
        /// The visitor.
        visitor: Visitor,
        /// Whether the one who asks had conversations of its own before.
        joined: bool,
    },
    /// To somebody whom the one who asks was not: `token_hash` is one of its tokens now.
    Other(Visitor),
    /// To nobody yet: a new visitor is to be made, and bound to it.
    Nobody,
}

/// Finds out whom it belongs to, and makes one of the two of them if that is a visitor whom nobody has vouched for.
pub(super) async fn settle(
    cx: &mut Cx,
    asking: Option<&Visitor>,
    identity: &Identity,
    token: Option<&TokenHash>,
) -> Outcome<Proven> {
    let owner = identity::visitor_of(&mut cx.tx, identity).await?;
    let is_known = match asking {
        Some(asking) => identity::is_known(&mut cx.tx, &asking.id).await?,
        None => false,
    };
    match (asking, owner) {
        (Some(asking), Some(owner)) if asking.id == owner => {
            Ok(Proven::Same { visitor: asking.clone(), joined: false })
        }
        (Some(asking), None) if !is_known => {
            bind(cx, identity, &asking.id).await?;
            alone(cx, asking).await?;
            Ok(Proven::Same { visitor: asking.clone(), joined: false })
        }
        (Some(asking), Some(owner)) if !is_known => {
            let visitor = locked(cx, &[asking.id.clone(), owner.clone()], &owner).await?;
            match movable(cx, &asking.id).await? {
                Some(moved) => {
                    let ids: Vec<_> = moved.into_iter().map(|c| c.id).collect();
                    join::visitors(&mut cx.tx, &ids, &asking.id, &visitor.id, &asking.token, cx.now).await?;
                    end_sockets(cx, &asking.id).await?;
                    Ok(Proven::Same { visitor, joined: true })
                }
                // So much nobody says of themselves: it stays apart, and the browser is the person's.
                None => other(cx, visitor, token).await,
            }
        }
        (_, Some(owner)) => {
            let visitor = locked(cx, std::slice::from_ref(&owner), &owner).await?;
            other(cx, visitor, token).await
        }
        (_, None) => Ok(Proven::Nobody),
    }
}

/// The browser gets a token of the visitor, and keeps nothing of whom it was.
async fn other(cx: &mut Cx, visitor: Visitor, token: Option<&TokenHash>) -> Outcome<Proven> {
    let token = token.ok_or_else(Failure::unauthenticated)?;
    identity::add_token(&mut cx.tx, &visitor.id, token, cx.now).await?;
    Ok(Proven::Other(visitor))
}

/// Notes whom it belongs to from now on.
pub(super) async fn bind(cx: &mut Cx, identity: &Identity, visitor: &VisitorId) -> Outcome<()> {
    identity::bind(&mut cx.tx, identity, visitor, cx.now).await.map_err(|error| match error {
        // Somebody else has proven the same meanwhile: the next run finds that one.
        Error::Conflict(_) => Halt::Again,
        error => error.into(),
    })
}

/// Leaves a visitor who has a name from now on to the browser that has proven it. Links in e-mails to an address that it
/// had typed, and tokens that somebody got by one, were good for what somebody without a name had said; they are no keys
/// to this person.
async fn alone(cx: &mut Cx, proven: &Visitor) -> Outcome<()> {
    // No e-mail is given a link meanwhile.
    if visitor::lock_ids(&mut cx.tx, std::slice::from_ref(&proven.id)).await?.is_empty() {
        return Err(Halt::Again);
    }
    mail::end_links(&mut cx.tx, &proven.id).await?;
    if identity::keep_token(&mut cx.tx, &proven.id, &proven.token).await? {
        // Whoever has one of the others comes in no more, and who has this one is back at once.
        cx.tell(Notice::CutOff(CutOff { visitors: vec![proven.id.to_string()] }));
    }
    Ok(())
}

/// Ends the sockets of a visitor who is another one from now on: they come back as that one, in each tab. Every node hears
/// of it, whatever becomes of the notice.
async fn end_sockets(cx: &mut Cx, gone: &VisitorId) -> Outcome<()> {
    let until = cx.now + ERASED_TOLD_MS;
    ban::meet(&mut cx.tx, ban::ERASED, until, std::slice::from_ref(gone), cx.now).await?;
    cx.tell(Notice::CutOff(CutOff { visitors: vec![gone.to_string()] }));
    Ok(())
}

/// Locks these in the order of their ids, and looks at the one that stays.
async fn locked(cx: &mut Cx, ids: &[VisitorId], stays: &VisitorId) -> Outcome<Visitor> {
    if visitor::lock_ids(&mut cx.tx, ids).await?.len() < ids.len() {
        // One of them was joined to another one meanwhile.
        return Err(Halt::Again);
    }
    let found = visitor::get(&mut cx.tx, stays).await?.ok_or(Halt::Again)?;
    match found.banned(cx.now) {
        Some(until) => Err(gate::banned(until, cx.now).into()),
        None => Ok(found),
    }
}
