//! Staff coming to an end: sessions, presence and conversations of one who signs out, is deactivated or vanishes.

use crate::act;
use crate::cx::Cx;
use crate::halt::Outcome;
use switchboard_domain::{AccountId, Presence, SessionId};
use switchboard_storage::{presence, session};
use switchboard_wire::notice::{EndReason, Ended, Notice, PresenceNotice};

/// Ends all sessions of an account, or all but one, and has their sockets closed.
pub(crate) async fn end_sessions(
    cx: &mut Cx,
    account: &AccountId,
    but: Option<&SessionId>,
    why: session::Ended,
) -> Outcome<()> {
    let sessions = session::of_account(&mut cx.tx, account).await?;
    let ending = sessions.into_iter().filter(|session| Some(&session.id) != but);
    let tokens: Vec<_> = ending.map(|session| session.token).collect();
    session::end_all(&mut cx.tx, account, but, why, cx.now).await?;
    if !tokens.is_empty() {
        let reason = match why {
            session::Ended::SignedOut => EndReason::SignedOut,
            _ => EndReason::Revoked,
        };
        cx.tell(Notice::Ended(Ended { sessions: tokens, reason }));
    }
    Ok(())
}

/// Makes an agent be offline: nothing new comes, and what the agent has goes back to the queue.
pub(crate) async fn go_offline(cx: &mut Cx, agent: &AccountId, reason: &'static str) -> Outcome<()> {
    set_presence(cx, agent, Presence::Offline).await?;
    act::requeue_all(cx, agent, reason).await?;
    Ok(())
}

/// Writes an agent's presence, if it is another one. Locks it either way.
pub(crate) async fn set_presence(cx: &mut Cx, agent: &AccountId, status: Presence) -> Outcome<()> {
    let stored = presence::lock(&mut cx.tx, agent).await?;
    let before = stored.map_or(Presence::Offline, |row| row.presence);
    if before == status {
        return Ok(());
    }
    presence::set(&mut cx.tx, agent, status, cx.now).await?;
    cx.tell(Notice::Presence(PresenceNotice { agent: agent.to_string(), status: status.as_str().into() }));
    Ok(())
}
