//! A turn that nobody waits for, so that an admin sees how a web hook does before visitors meet it. It goes the way of all
//! turns: over the bus to whoever serves web hooks, signed, and within the automation's time.

use crate::authority::Authority;
use crate::gate::Mode;
use crate::limits::HOOK_TRIAL_MS;
use crate::run::{Run, transact};
use crate::shared::Shared;
use std::sync::Arc;
use switchboard_bus::Caller;
use switchboard_domain::Text;
use switchboard_router::trial;
use switchboard_storage::{automation, hook};
use switchboard_wire::call::Access;
use switchboard_wire::call::hook::{HookTrial, TryHook};
use switchboard_wire::turn::{Then, TurnReply};
use switchboard_wire::view::GuideMessage;
use switchboard_wire::{Call, Failure, reply};
use tokio::time::Instant;

const CALL: (&str, Access) = (TryHook::NAME, TryHook::ACCESS);

impl Run for TryHook {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<HookTrial, Failure> {
        let text = Text::try_from(self.text).map_err(|reason| Failure::invalid("text", &reason))?;
        let name = self.name;
        let deadline_ms = transact(&shared, &by, CALL, Mode::Read, |_, cx| {
            let name = name.clone();
            Box::pin(async move {
                let unknown = || Failure::not_found("automation behind a web hook");
                hook::get(&mut cx.tx, &name).await?.ok_or_else(unknown)?;
                Ok(automation::get(&mut cx.tx, &name).await?.ok_or_else(unknown)?.deadline_ms)
            })
        })
        .await?;
        let away = || Failure::unavailable("web hooks cannot be reached from here now; try again");
        let bus = shared.turns.clone().ok_or_else(away)?;
        let caller = Caller::new(bus).await.map_err(|_| away())?;
        let mut inbox = caller.inbox().map_err(|_| away())?;
        let deadline_ms = deadline_ms.min(HOOK_TRIAL_MS);
        let request = trial::request(shared.rng.as_ref(), shared.clock.now(), &[text], None, deadline_ms);
        let begun = Instant::now();
        let answer = trial::ask(&mut inbox, &name, &request, |_, _| ()).await;
        let took_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        let trial = match answer.map(|answer| (reply::check(answer.clone()), answer)) {
            Ok((Ok(_), answer)) => shown(answer),
            Ok((Err(refused), _)) => failed(format!("the reply cannot be taken: {}", reasons(&refused))),
            Err(error) => failed(error),
        };
        Ok(HookTrial { took_ms, ..trial })
    }
}

fn failed(error: String) -> HookTrial {
    HookTrial { error: Some(error), ..HookTrial::default() }
}

/// The field that is wrong says more than that one is.
fn reasons(refused: &Failure) -> String {
    let fields = refused.errors.iter().map(|(field, reason)| format!("{field}: {reason}"));
    let fields: Vec<String> = fields.collect();
    if fields.is_empty() { refused.detail.clone() } else { fields.join("; ") }
}

fn shown(answer: TurnReply) -> HookTrial {
    let messages = answer.messages.into_iter().map(|said| GuideMessage {
        text: said.text,
        choices: said.choices.into_iter().map(|choice| choice.label).collect(),
    });
    let trial = HookTrial { messages: messages.collect(), tags: answer.tags, ..HookTrial::default() };
    match answer.then {
        Then::Wait => HookTrial { then: Some("wait".into()), ..trial },
        Then::Resolve => HookTrial { then: Some("resolve".into()), ..trial },
        Then::Handoff(to) => HookTrial {
            then: Some("handoff".into()),
            team: to.team,
            automation: to.automation,
            reason: to.reason,
            ..trial
        },
    }
}
