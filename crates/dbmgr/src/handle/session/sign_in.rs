//! Signing in. The password is compared outside the transaction, and the account looked at again inside; every
//! reason for a refusal is answered alike, and takes as long.

use crate::audit::{Report, cut};
use crate::authority::Authority;
use crate::gate::Mode;
use crate::handle::account::show;
use crate::metric;
use crate::run::{Run, transact};
use crate::shared::Shared;
use std::sync::Arc;
use switchboard_domain::limits::SESSION_ABSOLUTE_MS;
use switchboard_domain::{Account, SessionId, account as rules};
use switchboard_storage::{account, session};
use switchboard_wire::call::session::SignIn;
use switchboard_wire::view::Accounts;
use switchboard_wire::{Call, Failure, Problem};
use tokio::time::Instant;

const CALL: (&str, switchboard_wire::call::Access) = (SignIn::NAME, SignIn::ACCESS);

impl Run for SignIn {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<Accounts, Failure> {
        let address = self.address.clone().unwrap_or_default();
        let attempt = shared.throttle.begin(&self.username, &address, Instant::now()).map_err(|wait| {
            count("throttled");
            let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
            Failure::rate_limited("too many failed sign-ins: wait, then try again", wait_ms)
        })?;
        match attempt_once(&self, &by, &shared).await {
            Ok(signed_in) => {
                attempt.succeeded();
                count("ok");
                Ok(signed_in)
            }
            Err(failure) => {
                if failure.problem == Problem::Unauthenticated {
                    count("refused");
                } else {
                    attempt.undone();
                }
                Err(failure)
            }
        }
    }
}

fn count(result: &'static str) {
    metrics::counter!(metric::SIGN_INS, "result" => result).increment(1);
}

async fn attempt_once(call: &SignIn, by: &Authority, shared: &Arc<Shared>) -> Result<Accounts, Failure> {
    let found = find(call, by, shared).await?;
    let hash = found.as_ref().map(|account| account.password_hash.clone());
    let right = shared.hasher.verify(call.password.clone(), hash).await?;
    match found {
        Some(found) if right && found.active => enter(call, by, shared, found).await,
        found => refuse(call, by, shared, found).await,
    }
}

/// The account of that name, unlocked: what it says is looked at again later.
async fn find(call: &SignIn, by: &Authority, shared: &Arc<Shared>) -> Result<Option<Account>, Failure> {
    let Ok(name) = rules::username(&call.username) else { return Ok(None) };
    transact(shared, by, CALL, Mode::Read, |_, cx| {
        let name = name.clone();
        Box::pin(async move { Ok(account::by_username(&mut cx.tx, &name).await?) })
    })
    .await
}

/// Opens the session, unless the account has changed since the password was compared.
async fn enter(
    call: &SignIn,
    by: &Authority,
    shared: &Arc<Shared>,
    seen: Account,
) -> Result<Accounts, Failure> {
    transact(shared, by, CALL, Mode::Write, |_, cx| {
        let (call, seen) = (call.clone(), seen.clone());
        Box::pin(async move {
            let live = account::share(&mut cx.tx, std::slice::from_ref(&seen.id)).await?.pop();
            let same = |live: &Account| live.active && live.password_hash == seen.password_hash;
            let Some(live) = live.filter(same) else { return Err(refused().into()) };
            let opened = session::Session {
                id: SessionId::random(cx.shared.rng.as_ref()),
                token: call.token_hash,
                account: live.id.clone(),
                created_at: cx.now,
                last_seen_at: cx.now,
                expires_at: cx.now + SESSION_ABSOLUTE_MS,
                address: cut(call.address.as_deref().unwrap_or_default(), 255),
                agent: cut(call.agent.as_deref().unwrap_or_default(), 500),
                ended: None,
                ended_at: None,
            };
            session::insert(&mut cx.tx, &opened).await?;
            let report = Report::by_owner(&live, "session.started").from(call.address.as_deref());
            report.write(cx).await?;
            Ok(Accounts { account: show(&mut cx.tx, &live).await? })
        })
    })
    .await
}

/// Says no, after writing down that it did. A name that could not be one (a password in the wrong field?) is not.
async fn refuse(
    call: &SignIn,
    by: &Authority,
    shared: &Arc<Shared>,
    found: Option<Account>,
) -> Result<Accounts, Failure> {
    let refusal: Result<(), Failure> = transact(shared, by, CALL, Mode::Write, |_, cx| {
        let report = Report::new("session.refused").from(call.address.as_deref());
        let report = match &found {
            Some(account) => report.to(account),
            None => report.about("account", None, &rules::username(&call.username).unwrap_or_default()),
        };
        Box::pin(async move { report.write(cx).await })
    })
    .await;
    refusal.and(Err(refused()))
}

fn refused() -> Failure {
    Failure::new(Problem::Unauthenticated, "no active account has this name and password")
}
