//! Who writes each item of a batch: the gate, for many at once.

use super::broken;
use super::item::{By, Item, Who};
use crate::gate;
use crate::shared::Shared;
use std::collections::{BTreeSet, HashMap};
use switchboard_domain::{Millis, TokenHash};
use switchboard_storage::{Error, Tx, session, visitor};
use switchboard_wire::Failure;

/// How the gate has answered to an item's token.
#[derive(Debug, Clone)]
pub(super) enum Entrant {
    /// This is who writes; nobody changes that before the commit.
    Let(Who),
    /// Nobody of that name may write.
    Refused(Failure),
    /// Somebody is changing it just now.
    Held,
}

/// The items whose writers were let in, with their places in the batch.
pub(super) fn admitted<'a>(
    items: &'a [Item],
    entrants: &'a [Entrant],
) -> impl Iterator<Item = (usize, &'a Item, &'a Who)> {
    items.iter().zip(entrants).enumerate().filter_map(|(n, (item, entrant))| match entrant {
        Entrant::Let(who) => Some((n, item, who)),
        Entrant::Refused(_) | Entrant::Held => None,
    })
}

/// Who writes each item: accounts and sessions are locked first, then visitors.
pub(super) async fn entrants(
    tx: &mut Tx,
    shared: &Shared,
    items: &[Item],
    now: Millis,
) -> Result<Vec<Entrant>, Error> {
    let (mut staff, mut visitors) = (BTreeSet::new(), BTreeSet::new());
    for item in items {
        match &item.by {
            By::Staff(token) => staff.insert(token.clone()),
            By::Visitor(token) => visitors.insert(token.clone()),
        };
    }
    let mut known: HashMap<By, Entrant> = HashMap::with_capacity(staff.len() + visitors.len());
    if !staff.is_empty() {
        let tokens: Vec<TokenHash> = staff.into_iter().collect();
        for row in session::try_lock_actors(tx, &tokens).await? {
            shared.touches.note(&row.session, now);
            let entrant = match gate::admit_agent(&row, now) {
                Ok(agent) => Entrant::Let(Who::Agent(agent)),
                Err(failure) => Entrant::Refused(failure),
            };
            known.insert(By::Staff(row.session.token), entrant);
        }
        // Those that are there, but not for us now.
        let missing = without(tokens, |token| known.contains_key(&By::Staff(token.clone())));
        if !missing.is_empty() {
            let locked = session::actors_of(tx, &missing).await?;
            known.extend(locked.into_iter().map(|row| (By::Staff(row.session.token), Entrant::Held)));
        }
    }
    if !visitors.is_empty() {
        let tokens: Vec<TokenHash> = visitors.into_iter().collect();
        for row in visitor::try_lock_many(tx, &tokens).await? {
            let entrant = match gate::admit_visitor(&row, now) {
                Ok(author) => Entrant::Let(Who::Visitor(author)),
                Err(failure) => Entrant::Refused(failure),
            };
            known.insert(By::Visitor(row.token), entrant);
        }
        let missing = without(tokens, |token| known.contains_key(&By::Visitor(token.clone())));
        if !missing.is_empty() {
            let locked = visitor::by_tokens(tx, &missing).await?;
            known.extend(locked.into_iter().map(|row| (By::Visitor(row.token), Entrant::Held)));
        }
    }
    let nobody = || Entrant::Refused(Failure::unauthenticated());
    let entrant = |item: &Item| known.get(&item.by).cloned().unwrap_or_else(nobody);
    Ok(items.iter().map(|item| broken::entrant(&item.by, entrant(item))).collect())
}

fn without(tokens: Vec<TokenHash>, known: impl Fn(&TokenHash) -> bool) -> Vec<TokenHash> {
    tokens.into_iter().filter(|token| !known(token)).collect()
}
