//! Guides to begin with.

use super::answer::Kind;
use super::{Act, Guide, Step, Test};

/// Greets, says when nobody is there, asks for name and e-mail address where they are not known, and hands over.
pub fn greeter(team: Option<&str>) -> Guide {
    let step = |id: &str, act| Step { id: id.into(), act };
    let say = |text: &str, next: Option<&str>| Act::Say { text: text.into(), next: next.map(str::to_owned) };
    let ask = |text: &str, save: &str, answer, failed: &str| Act::Ask {
        text: text.into(),
        save: save.into(),
        answer,
        retries: 2,
        again: None,
        next: None,
        failed: Some(failed.into()),
    };
    let known = |key: &str, then: &str| Act::Condition {
        test: Test::Known { key: key.into() },
        then: Some(then.into()),
        otherwise: None,
    };
    let mut steps = Vec::new();
    if let Some(team) = team {
        let open = Test::Open { team: team.into() };
        steps.push(step(
            "hours",
            Act::Condition { test: open, then: Some("welcome".into()), otherwise: None },
        ));
        let closed = "Thank you for writing. Nobody is here right now; we answer as soon as we are back.";
        steps.push(step("closed", say(closed, Some("name-known"))));
    }
    steps.push(step("welcome", say("Hello! Somebody will be with you in a moment.", None)));
    steps.push(step("name-known", known("name", "email-known")));
    steps.push(step("name", ask("What is your name?", "name", Kind::Name, "email-known")));
    steps.push(step("email-known", known("email", "people")));
    let email = "To which e-mail address may we write if you have to leave?";
    steps.push(step("email", ask(email, "email", Kind::Email, "people")));
    let reason = Some("greeted by the guide".into());
    steps.push(step("people", Act::Handoff { team: team.map(str::to_owned), reason }));
    Guide { steps }
}
