//! A dry run: the same interpreter, and nothing is stored.

use super::{body, refused, teams};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::attributes::VALUE_CHARS;
use switchboard_domain::guide::run::{Dry, Scene, State, Then, turn};
use switchboard_domain::guide::{check, file};
use switchboard_wire::Failure;
use switchboard_wire::call::guide::{Tried, TriedCall, TryGuide};
use switchboard_wire::view::GuideMessage;

impl Handle for TryGuide {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Tried> {
        let guide = file::steps_of(&self.steps).map_err(refused)?;
        // A draft with problems may be tried; one that no guide could be as large as costs more than a moment.
        let large = check::too_large(&guide);
        if !large.is_empty() {
            return Err(refused(large).into());
        }
        if self.known.values().any(|value| value.chars().count() > VALUE_CHARS) {
            return Err(Failure::invalid("known", &format!("at most {VALUE_CHARS} characters each")).into());
        }
        let state: Option<State> = self.state.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let teams = teams(cx).await?;
        let dry = Some(if self.calls_fail { Dry::Failed } else { Dry::Answered });
        let (known, locale, page) = (self.known, self.locale, self.page);
        let scene =
            Scene { known, locale: locale.clone(), page: page.clone(), teams, dry, ..Scene::default() };
        let played = turn(&guide, 0, state, &[self.text.as_str()], scene);
        let calls = played.calls.iter().map(|call| {
            let about =
                body::About { guide: "", conversation: "", visitor: "", locale: &locale, page: &page };
            let body = body::of(call, &about, cx.now);
            TriedCall { step: call.step.clone(), webhook: call.webhook.clone(), body }
        });
        let calls = calls.collect();
        let messages = played.messages.into_iter();
        let mut tried = Tried {
            messages: messages.map(|said| GuideMessage { text: said.text, choices: said.choices }).collect(),
            then: "wait".into(),
            automation: None,
            team: None,
            reason: None,
            state: None,
            tags: played.tags.into_iter().collect(),
            learnt: played.learnt,
            calls,
        };
        match played.then {
            Then::Wait(state) => tried.state = serde_json::to_string(&state).ok(),
            Then::Handoff { team, reason, note } => {
                // Who tries it reads what staff would.
                tried = Tried { then: "handoff".into(), team, reason: note.or(reason), ..tried };
            }
            Then::Go { automation } => {
                tried = Tried { then: "go".into(), automation: Some(automation), ..tried };
            }
            Then::Resolve => tried.then = "resolve".into(),
            // In a dry run every call is taken to be made.
            Then::Call(_) => {}
        }
        Ok(tried)
    }
}
