//! A dry run: the same interpreter, and nothing is stored.

use super::{refused, teams};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::guide::file;
use switchboard_domain::guide::run::{Scene, State, Then, turn};
use switchboard_wire::call::guide::{Tried, TryGuide};
use switchboard_wire::view::GuideMessage;

impl Handle for TryGuide {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Tried> {
        let guide = file::steps_of(&self.steps).map_err(refused)?;
        let state: Option<State> = self.state.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let teams = teams(cx).await?;
        let scene =
            Scene { known: self.known, locale: self.locale, page: self.page, teams, ..Scene::default() };
        let played = turn(&guide, 0, state, &[self.text.as_str()], scene);
        let messages = played.messages.into_iter();
        let mut tried = Tried {
            messages: messages.map(|said| GuideMessage { text: said.text, choices: said.choices }).collect(),
            then: "wait".into(),
            team: None,
            reason: None,
            state: None,
            tags: played.tags.into_iter().collect(),
            learnt: played.learnt,
        };
        match played.then {
            Then::Wait(state) => tried.state = serde_json::to_string(&state).ok(),
            Then::Handoff { team, reason } => {
                tried = Tried { then: "handoff".into(), team, reason, ..tried };
            }
            Then::Resolve => tried.then = "resolve".into(),
        }
        Ok(tried)
    }
}
