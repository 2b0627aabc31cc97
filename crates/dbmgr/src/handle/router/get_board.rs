//! Who waits and who is there.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::BOARD_WAITING;
use crate::run::Handle;
use std::collections::HashMap;
use switchboard_domain::assignment::Waiting;
use switchboard_domain::{AccountId, Presence};
use switchboard_storage::{account, conversation, presence, team};
use switchboard_wire::call::router::{Board, BoardAgent, BoardWaiting, GetBoard};

impl Handle for GetBoard {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Board> {
        let tx = &mut cx.tx;
        // Queue by queue, so that a long one of a team that is away does not hide the others.
        let mut waiting = conversation::waiting(tx, None, BOARD_WAITING).await?;
        for team in conversation::queues(tx).await?.keys().flatten() {
            waiting.extend(conversation::waiting(tx, Some(team), BOARD_WAITING).await?);
        }
        let present = presence::present(tx).await?;
        let ids: Vec<AccountId> = present.iter().map(|row| row.account.clone()).collect();
        let mut teams = team::of_accounts(tx, &ids).await?;
        let accounts = account::get_many(tx, &ids).await?.into_iter();
        let capacity: HashMap<AccountId, i64> = accounts.map(|row| (row.id, row.capacity)).collect();
        let loads = conversation::loads(tx).await?;
        let agents = present.into_iter().map(|row| BoardAgent {
            online: row.presence == Presence::Online,
            teams: teams.remove(&row.account).unwrap_or_default().into_iter().map(Into::into).collect(),
            capacity: capacity.get(&row.account).copied().unwrap_or_default(),
            open: loads.get(&row.account).copied().unwrap_or_default(),
            idle_since: row.idle_since,
            agent: row.account.into(),
        });
        let agents = agents.collect();
        Ok(Board { waiting: waiting.into_iter().map(show).collect(), agents })
    }
}

fn show(row: Waiting) -> BoardWaiting {
    BoardWaiting {
        conversation: row.conversation.into(),
        fence: row.fence,
        team: row.team.map(Into::into),
        priority: row.priority,
        queued_at: row.queued_at,
        missed_by: row.missed_by.map(Into::into),
        known: row.known.map(Into::into),
    }
}
