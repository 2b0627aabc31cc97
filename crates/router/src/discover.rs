//! Finds automations: services on the bus that say they are.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use switchboard_bus::Bus;
use switchboard_bus::micro::{ServiceInfo, confirm, discover};
use switchboard_domain::automation::is_name;
use switchboard_domain::limits::NAME_CHARS;
use switchboard_wire::call::router::{Found, RecordAutomations};
use switchboard_wire::subject;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::calls::Calls;
use crate::limits::{
    CONFIRM_AGAIN, CONFIRM_AT_ONCE, CONFIRM_TRIES, CONFIRM_WAIT, DESCRIPTION_CHARS, DISCOVER_EVERY,
    DISCOVER_FOUND, DISCOVER_RECORD, DISCOVER_WAIT,
};
use crate::room::Room;

/// Looks for ever. What is found is recorded when it has changed, and again and again while it is there: that is
/// how the platform knows who is up.
pub(crate) async fn run<C: Calls>(room: Arc<Room<C>>) {
    let mut every = interval(DISCOVER_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut recorded: (Vec<Found>, u32) = Default::default();
    let mut known = HashMap::new();
    loop {
        every.tick().await;
        let found = match discover(&*room.automations, DISCOVER_WAIT).await {
            Ok(services) => automations(services),
            Err(problem) => {
                tracing::debug!(%problem, "services cannot be asked");
                continue;
            }
        };
        let found = confirmed(&*room.automations, found, &mut known).await;
        recorded.1 += 1;
        if found.is_empty() || (found == recorded.0 && recorded.1 < DISCOVER_RECORD) {
            continue;
        }
        room.set_titles(found.iter().map(|one| (one.name.clone(), one.title.clone())).collect());
        match room.calls.ask(RecordAutomations { found: found.clone() }).await {
            Ok(()) => recorded = (found, 0),
            Err(failure) => tracing::debug!(%failure, "automations cannot be recorded"),
        }
    }
}

/// What the automations say where nobody else can answer for them, as far as the bus confines its users: one that is
/// found anew, or says something else than before, is asked again under its own name.
async fn confirmed(bus: &dyn Bus, found: Vec<Found>, known: &mut Known) -> Vec<Found> {
    known.retain(|name, _| found.iter().any(|one| one.name == *name));
    let is_news = |one: &&Found| known.get(&one.name).is_none_or(|(said, _)| said != *one);
    let news: Vec<Found> = found.iter().filter(is_news).cloned().collect();
    let mut asked: FuturesUnordered<_> =
        news.into_iter().take(CONFIRM_AT_ONCE).map(|said| ask_itself(bus, said)).collect();
    while let Some((said, own)) = asked.next().await {
        // Who does not answer that often is asked again at the next look.
        let Some(own) = own else { continue };
        if own != said {
            tracing::warn!(automation = said.name, "somebody else speaks for this automation on the bus");
        }
        known.insert(said.name.clone(), (said, own));
    }
    let own = |one: Found| known.get(&one.name).filter(|(said, _)| *said == one).map(|(_, own)| own.clone());
    found.into_iter().filter_map(own).collect()
}

/// More than once: to wait for the next look because of one late answer would break the promise of ten seconds.
async fn ask_itself(bus: &dyn Bus, said: Found) -> (Found, Option<Found>) {
    for attempt in 1..=CONFIRM_TRIES {
        let answers = confirm(bus, &said.name, CONFIRM_WAIT).await.unwrap_or_default();
        if let Some(own) = automations(answers).pop() {
            return (said, Some(own));
        }
        if attempt < CONFIRM_TRIES {
            sleep(CONFIRM_AGAIN).await;
        }
    }
    (said, None)
}

/// What is said under a name, by whomever, and what the automation itself says.
type Known = HashMap<String, (Found, Found)>;

/// The automations among services, each once. One counts only if its endpoint is where turns of that name are
/// sent: a name alone could be anybody's.
fn automations(services: Vec<ServiceInfo>) -> Vec<Found> {
    let mut found = BTreeMap::new();
    for service in services {
        let identity = service.identity;
        let turn = subject::turn(&identity.name);
        let is_automation = identity.metadata.get("switchboard").is_some_and(|kind| kind == "automation");
        let takes_turns = service.endpoints.iter().any(|endpoint| endpoint.subject == turn);
        if !is_automation || !takes_turns || !is_name(&identity.name) {
            continue;
        }
        let description = identity.metadata.get("description").unwrap_or(&service.description);
        let title = identity.metadata.get("title").map(|title| clip(title, NAME_CHARS));
        let one = Found {
            title: title.filter(|title| !title.is_empty()).unwrap_or_else(|| identity.name.clone()),
            description: clip(description, DESCRIPTION_CHARS),
            name: identity.name.clone(),
        };
        // Instances of different versions: whichever text, but the same one every time.
        let known = found.entry(identity.name).or_insert_with(|| one.clone());
        if (&one.title, &one.description) > (&known.title, &known.description) {
            *known = one;
        }
    }
    found.into_values().take(DISCOVER_FOUND).collect()
}

/// One line of at most so many characters.
fn clip(text: &str, chars: usize) -> String {
    let line: Vec<&str> =
        text.split(|c: char| c.is_control()).map(str::trim).filter(|s| !s.is_empty()).collect();
    line.join(" ").trim().chars().take(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_bus::micro::{EndpointInfo, Identity};

    fn service(name: &str, subject: &str, metadata: &[(&str, &str)]) -> ServiceInfo {
        let metadata = metadata.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        ServiceInfo {
            kind: "io.nats.micro.v1.info_response".into(),
            identity: Identity { name: name.into(), id: "1".into(), version: "1.0.0".into(), metadata },
            description: "of the service".into(),
            endpoints: vec![EndpointInfo {
                name: "turn".into(),
                subject: subject.into(),
                queue_group: "q".into(),
                metadata: BTreeMap::new(),
            }],
        }
    }

    #[test]
    fn only_services_that_take_turns_of_their_own_name_are_automations() {
        let ours = [("switchboard", "automation"), ("title", " Mat\nX ")];
        let found = automations(vec![
            service("mat", "switchboard.v1.automation.mat.turn", &ours),
            service("mat", "switchboard.v1.automation.mat.turn", &ours),
            service("thief", "switchboard.v1.automation.mat.turn", &ours),
            service("Bad Name", "switchboard.v1.automation.Bad Name.turn", &ours),
            service("else", "switchboard.v1.automation.else.turn", &[("switchboard", "other")]),
            service("plain", "switchboard.v1.automation.plain.turn", &ours[..1]),
        ]);
        let texts: Vec<_> =
            found.iter().map(|f| (f.name.as_str(), f.title.as_str(), f.description.as_str())).collect();
        assert_eq!(texts, [("mat", "Mat X", "of the service"), ("plain", "plain", "of the service")]);
    }

    #[test]
    fn foreign_text_is_one_line_and_bounded() {
        assert_eq!(clip("a\r\nb\u{0}c", 80), "a b c");
        assert_eq!(clip(&"é".repeat(600), DESCRIPTION_CHARS).chars().count(), DESCRIPTION_CHARS);
    }
}
